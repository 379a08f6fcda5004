// Optimum of a problem whose prices hardly rise: small jobs on large pools. There the dual is nearly a polyhedron, on whose edges Newton's method
// makes no way, but every filling of the components at given prices of the limits is nearly a corner of the primal. The best mixture of such
// fillings is a linear program with one row per limit and one more; its prices ask for the next filling (column generation), until none
// improves it. Mixtures are routes: a convex cost is at most the mixture's.

import { createDualPoint, evaluateDual, fillComponent } from "./dualPoint.ts";
import { type Mixture, type MixtureColumn, mixCheapest } from "./mixCheapest.ts";
import { type CostPoint, costAt, type RouteModel } from "./routeModel.ts";

/** A filling of all components: its cost, by how much it exceeds each limit, and its parts. */
interface Filling extends MixtureColumn {
  readonly parts: Float64Array;
}

/** A mixture of fillings with the best dual point met on the way. */
export interface CombinedRoute {
  readonly parts: Float64Array;
  /** Prices of components and limits. */
  readonly z: Float64Array;
  /** Value of the dual there. */
  readonly value: number;
  /** Cost of the mixture less the value, relative to it: at most this far from the optimum. */
  readonly gap: number;
}

const MAX_FILLINGS = 150;
/** Relative gap that is good enough: a tenth of a millionth. */
const GOAL = 3e-8;
/** How exactly components are covered. */
const COVERED = 1e-13;

/**
 * Solves a problem by mixing fillings.
 * @param rhs what the limits allow, near 1
 * @param most a cost that no route exceeds
 * @returns undefined when the limits cannot be met
 */
export function combineFillings(model: RouteModel, rhs: Float64Array, most: number): CombinedRoute | undefined {
  const components = model.starts.length - 1;
  const limits = rhs.length;
  const point = createDualPoint(model);
  // Stands for what no filling can: meets every limit with room, at a price that no route reaches.
  const fillings: Filling[] = [{ cost: 10 * most, excess: new Float64Array(limits).fill(-1), parts: new Float64Array(0) }];
  let prices = new Float64Array(limits);
  let best = { value: Number.NEGATIVE_INFINITY, z: point.z.slice() };
  let mixture: Mixture | undefined;
  for (let round = 0; round < MAX_FILLINGS; round++) {
    point.z.set(prices, components);
    for (let m = 0; m < components; m++) fillComponent(model, point, m, COVERED);
    evaluateDual(model, rhs, point);
    if (point.value > best.value) best = { value: point.value, z: point.z.slice() };
    fillings.push(fillingAt(model, rhs, point.parts));
    mixture = mixCheapest(fillings, mixture?.basis);
    if (mixture.cost - best.value <= GOAL * Math.abs(best.value)) break;
    prices = new Float64Array(mixture.prices);
  }
  if (mixture === undefined || (mixture.shares.get(0) ?? 0) > 1e-9) return undefined;
  const parts = new Float64Array(model.options.length);
  for (const [index, share] of mixture.shares) {
    const filling = fillings[index];
    if (index === 0 || filling === undefined) continue;
    for (let g = 0; g < parts.length; g++) (parts[g] as number) += share * (filling.parts[g] as number);
  }
  return { parts, ...best, gap: (mixture.cost - best.value) / Math.abs(best.value) };
}

/** The best responses at a point as a filling: what rounding of large prices left uncovered is made up in proportion. */
function fillingAt(model: RouteModel, rhs: Float64Array, responses: Float64Array): Filling {
  const { starts, loads } = model;
  const parts = responses.slice();
  const excess = rhs.map((bound) => -bound);
  const point: CostPoint = { cost: 0, price: 0, rise: 0 };
  let cost = 0;
  for (let m = 0; m + 1 < starts.length; m++) {
    let covered = 0;
    for (let g = starts[m] as number; g < (starts[m + 1] as number); g++) covered += parts[g] as number;
    for (let g = starts[m] as number; g < (starts[m + 1] as number); g++) {
      if (parts[g] === 0) continue;
      const part = (parts[g] as number) / covered;
      parts[g] = part;
      costAt(model, g, part, point);
      cost += point.cost;
      for (let k = 0; k < rhs.length; k++) (excess[k] as number) += part * (loads[g * rhs.length + k] as number);
    }
  }
  return { cost, excess, parts };
}
