// Says why a bundle cannot be met, and by how much.

import type { Bundle } from "#proto/hanzo/hmm/v1/types";
import { hmmError } from "../../modules/hmm/errors.ts";
import { componentName, type RouteComponent, type RoutePool, type RouteProblem, unitsOf } from "../../modules/hmm/route/problem.ts";
import { capacityOf, explainShortage } from "./explainShortage.ts";
import type { RouteModel } from "./routeModel.ts";

/** Loads of a filling of all components, one number per limit: 1 is what a limit allows. */
type Loads = Float64Array;

/**
 * Checks that every component can be bought at once from the pools that hard limits leave.
 * @throws hmm/27 with what is missing, and the hard limits that keep it out
 */
export function requireCapacity({ components }: RouteProblem, bundle: Bundle, pools: readonly RoutePool[]): void {
  for (const [m, component] of components.entries()) {
    const units = unitsOf(component);
    const most = capacityOf(component);
    if (most >= units) continue;
    const causes = explainShortage(bundle, pools, m);
    const shortage = `${placeOf(component)}: ${most} of ${units} base units can be bought at once from ${component.options.length} eligible pools`;
    throw hmmError.infeasible([...causes, shortage].join("; "));
  }
}

function placeOf(component: RouteComponent): string {
  const { needs, lead } = component;
  if (needs.length === 1) return componentName(component);
  const classes = needs.map(({ resourceClass }) => resourceClass).join("+");
  return `${classes} placed together (counted in ${needs[lead]?.resourceClass})`;
}

/**
 * Fills every component with the options of the least weighted load: the route that keeps the weighted limits best.
 * @param weights one per limit
 */
function leastLoads(model: RouteModel, weights: readonly number[]): Loads {
  const { starts, loads, caps } = model;
  const count = weights.length;
  const sum = new Float64Array(count);
  const price = (g: number): number => {
    let price = 0;
    for (let k = 0; k < count; k++) price += (weights[k] as number) * (loads[g * count + k] as number);
    return price;
  };
  for (let m = 0; m + 1 < starts.length; m++) {
    const order: number[] = [];
    for (let g = starts[m] as number; g < (starts[m + 1] as number); g++) if ((caps[g] as number) > 0) order.push(g);
    const prices = new Map(order.map((g) => [g, price(g)]));
    order.sort((a, b) => (prices.get(a) ?? 0) - (prices.get(b) ?? 0) || a - b);
    let left = 1;
    for (const g of order) {
      const part = Math.min(left, caps[g] as number);
      for (let k = 0; k < count; k++) (sum[k] as number) += part * (loads[g * count + k] as number);
      left -= part;
      if (left <= 0) break;
    }
  }
  return sum;
}

/** Text of a limit's figures in the unit in which people read it. */
function show(name: string, value: number): string {
  return name === "remote" ? `${(value / 1e4).toFixed(3)} %` : `${(value / 1e3).toFixed(3)} ms`;
}

/**
 * Least load that a route can bring each limit to when only that limit counts.
 * @returns shares of what the limits allow
 */
function leastReachable(model: RouteModel): number[] {
  const { limits } = model.problem;
  return limits.map(
    (_, k) =>
      leastLoads(
        model,
        limits.map((__, j) => (j === k ? 1 : 0)),
      )[k] as number,
  );
}

/** Rounding of sums of floating point: a miss below this proves nothing. */
const NOISE = 1e-12;

/**
 * Says which limits cannot be met: one by itself, or several together.
 * @throws hmm/27 when no route meets the limits; returns otherwise
 */
export function requireReachable(model: RouteModel): void {
  const { limits } = model.problem;
  for (const [k, least] of leastReachable(model).entries()) {
    const limit = limits[k];
    if (limit === undefined || least <= 1 + NOISE) continue;
    const bound = Number(limit.bound);
    throw hmmError.infeasible(`${limit.name}: best reachable ${show(limit.name, least * bound)}, asked ${show(limit.name, bound)}`);
  }
  if (limits.length < 2) return;
  const excess = leastExcess(model);
  if (excess <= NOISE) return;
  const names = limits.map(({ name }) => name).join(", ");
  throw hmmError.infeasible(
    `${names}: each can be met, but not together; every route exceeds one of them by at least ${(excess * 100).toPrecision(4)} %`,
  );
}

/**
 * Least value, over all routes, of the largest relative excess over a limit. A matrix game between weights of limits and fillings: cutting
 * planes, each game solved exactly by trying its corners, of which three limits have few.
 */
function leastExcess(model: RouteModel): number {
  const count = model.problem.limits.length;
  const cuts: Loads[] = [];
  for (let k = 0; k < count; k++)
    cuts.push(
      leastLoads(
        model,
        Array.from({ length: count }, (_, j) => (j === k ? 1 : 0)),
      ),
    );
  let proved = Number.NEGATIVE_INFINITY;
  for (let round = 0; round < 40; round++) {
    const { weights, value } = bestWeights(cuts, count);
    const loads = leastLoads(model, weights);
    const answer = weights.reduce((sum, w, k) => sum + w * ((loads[k] as number) - 1), 0);
    proved = Math.max(proved, answer);
    if (value - proved <= NOISE) break;
    cuts.push(loads);
  }
  return proved;
}

/** Weights (≥ 0, sum 1) that make the smallest weighted excess of the cuts largest. */
function bestWeights(cuts: readonly Loads[], count: number): { readonly weights: number[]; readonly value: number } {
  let best = { weights: Array.from({ length: count }, () => 1 / count), value: Number.NEGATIVE_INFINITY };
  for (const weights of corners(cuts, count)) {
    if (weights.some((w) => !(w >= -1e-12))) continue;
    let value = Number.POSITIVE_INFINITY;
    for (const cut of cuts)
      value = Math.min(
        value,
        weights.reduce((sum, w, k) => sum + w * ((cut[k] as number) - 1), 0),
      );
    if (value > best.value) best = { weights: weights.map((w) => Math.max(0, w)), value };
  }
  return best;
}

/** Where the weights of a game can be best: on the corners of the simplex, and where cuts balance on its edges and inside. */
function* corners(cuts: readonly Loads[], count: number): Generator<number[]> {
  const unit = (k: number): number[] => Array.from({ length: count }, (_, j) => (j === k ? 1 : 0));
  for (let k = 0; k < count; k++) yield unit(k);
  const differences: number[][] = [];
  for (let a = 0; a < cuts.length; a++)
    for (let b = 0; b < a; b++)
      differences.push(Array.from({ length: count }, (_, k) => (cuts[a]?.[k] as number) - (cuts[b]?.[k] as number)));
  for (const d of differences) {
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < i; j++) {
        const share = (d[j] as number) / ((d[j] as number) - (d[i] as number));
        if (share >= 0 && share <= 1) yield unit(i).map((_, k) => (k === i ? share : k === j ? 1 - share : 0));
      }
    }
  }
  if (count < 3) return;
  for (let a = 0; a < differences.length; a++) {
    for (let b = 0; b < a; b++) {
      const [p, q] = [differences[a] as number[], differences[b] as number[]];
      const cross = [0, 1, 2].map(
        (k) => (p[(k + 1) % 3] as number) * (q[(k + 2) % 3] as number) - (p[(k + 2) % 3] as number) * (q[(k + 1) % 3] as number),
      );
      const sum = cross.reduce((total, w) => total + w, 0);
      if (sum !== 0) yield cross.map((w) => w / sum);
    }
  }
}
