import { type CostPoint, costAt, type RouteModel } from "./routeModel.ts";

/**
 * Price at which a component's options would cover it if their prices rose as they do at first: where the search for its price begins.
 * Convex costs rise faster, and caps end some of them, so the true price is higher, but not by much for needs that are small beside the
 * reserves.
 * @returns price of the whole component, 0 when it has no options
 */
export function firstPrice(model: RouteModel, component: number): number {
  const { starts, caps, first } = model;
  const point: CostPoint = { cost: 0, price: 0, rise: 0 };
  const options: number[] = [];
  for (let g = starts[component] as number; g < (starts[component + 1] as number); g++) if ((caps[g] as number) > 0) options.push(g);
  options.sort((a, b) => (first[a] as number) - (first[b] as number));
  let speed = 0;
  let offset = 0;
  let price = 0;
  for (const option of options) {
    const from = first[option] as number;
    // With the options so far the component is covered before the next one begins.
    if (speed > 0 && price <= from) break;
    costAt(model, option, 0, point);
    speed += 1 / point.rise;
    offset += from / point.rise;
    price = (1 + offset) / speed;
  }
  return price;
}
