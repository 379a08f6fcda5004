// The cheapest way to buy a bundle (whitepaper §4.3): solved in floating point, rounded to whole base units, proved in integers. Free of Node:
// a node answers QuoteBundle with it, and a client may compute the same by itself from the pools.
//
//   const { legs, cost, certificate, gapPpm } = solveRoute({ bundle, pools, maxLegs: 64 });

import type { Bundle, Certificate } from "#proto/hanzo/hmm/v1/types";
import { hmmError } from "../../modules/hmm/errors.ts";
import { certificateOf, certifiedGap, type RouteDuals } from "../../modules/hmm/route/certificate.ts";
import { checkRoute, type PlacedRoute, type RouteAmount, reachedMeans } from "../../modules/hmm/route/checkRoute.ts";
import { type PricedAmount, priceLegs } from "../../modules/hmm/route/priceLegs.ts";
import { componentName, createProblem, type LimitName, type RoutePool, type RouteProblem } from "../../modules/hmm/route/problem.ts";
import { optionPrice } from "./dualPoint.ts";
import { limitLegs } from "./limitLegs.ts";
import { numbersOf } from "./poolNumbers.ts";
import { findRelaxed, type RelaxedRoute, solveRelaxed } from "./relaxedRoute.ts";
import { requireCapacity } from "./requireFeasible.ts";
import { createModel, type RouteModel } from "./routeModel.ts";
import { legsOf, mendLimits, type OptionUnits, roundParts } from "./wholeUnits.ts";

/** What to route. */
export interface RouteRequest {
  readonly bundle: Bundle;
  /** Pools with what can be bought from them at once. Pools of other classes are ignored. */
  readonly pools: readonly RoutePool[];
  /** Most legs; 0 and undefined: any number. */
  readonly maxLegs?: number;
}

/** What a class costs. */
export interface SolvedClass {
  readonly resourceClass: string;
  /** Resource base units. */
  readonly psi: bigint;
  /** Credit base units for the class. */
  readonly cost: bigint;
  /** Marginal price with all fees, credit base units per resource base unit, times 10¹⁸. Classes placed together: on the first of them, for all. */
  readonly priceE18: bigint;
}

/** What a limit costs. */
export interface SolvedLimit {
  readonly name: LimitName;
  /** Cost saved per unit that the limit is loosened, credit base units times 10¹⁸. */
  readonly nuE18: bigint;
  /** Mean that the legs reach, rounded up, microseconds or ppm. */
  readonly reached: bigint;
  /** The limit. */
  readonly bound: bigint;
}

/** A route with its proof. */
export interface SolvedRoute {
  /** In the order of pool identifiers. */
  readonly legs: readonly PricedAmount[];
  /** Credit base units for all legs, exact on the given pools. */
  readonly cost: bigint;
  readonly certificate: Certificate;
  /** Certified distance from the optimum over any number of legs, ppm, rounded up. */
  readonly gapPpm: bigint;
  /** In the order of class names. */
  readonly classes: readonly SolvedClass[];
  readonly shadowPrices: readonly SolvedLimit[];
  /** What keeping to maxLegs costs, credit base units. */
  readonly extraCost: bigint;
}

/** Relative tightening of limits, tried one after the other until whole units pass. */
const MARGINS = [1e-9, 0, 1e-7, 1e-5, 1e-3, 1e-2, 5e-2] as const;

/** Whole units near an optimum that pass the integer check. */
interface WholeRoute {
  readonly legs: RouteAmount[];
  readonly placed: PlacedRoute;
}

function findChecked(model: RouteModel, units: OptionUnits): WholeRoute | undefined {
  if (!mendLimits(model, units)) return undefined;
  const legs = legsOf(model, units);
  return { legs, placed: checkRoute(model.problem, legs) };
}

/** Rounds an optimum; where the limits then fail, solves it again with a little less than they allow. */
function findWhole(model: RouteModel, relaxed: RelaxedRoute): WholeRoute | undefined {
  const binding = relaxed.z.some((price, i) => i >= model.starts.length - 1 && price > 0);
  if (!binding) {
    const whole = findChecked(model, roundParts(model, relaxed.parts));
    if (whole !== undefined) return whole;
  }
  for (const margin of MARGINS) {
    const parts = margin === 0 ? relaxed.parts : findRelaxed(model, margin, relaxed.z)?.parts;
    if (parts === undefined) continue;
    const whole = findChecked(model, roundParts(model, parts));
    if (whole !== undefined) return whole;
  }
  return undefined;
}

/** Works out what the curves ask for a route's amounts, each search begun where floating point says that it ends. */
function beginCosts({ pools }: RouteProblem, placed: PlacedRoute): void {
  const numbers = numbersOf(pools);
  for (const options of placed) {
    for (const { option, amounts } of options) {
      for (let i = 0; i < amounts.length; i++) {
        const [pool, psi] = [option.pools[i], amounts[i]];
        if (pool !== undefined && psi !== undefined && psi < pool.psi) pool.curveCost(psi, numbers.nearCurveCost(pool, psi));
      }
    }
  }
}

/** A price of the model as an integer: credit base units times 10¹⁸. */
function toE18(value: number): bigint {
  return value > 0 ? BigInt(Math.round(value * 1e18)) : 0n;
}

function dualsOf({ problem, money }: RouteModel, z: Float64Array): RouteDuals {
  const count = problem.components.length;
  return {
    muE18: problem.components.map((_, m) => toE18((z[m] as number) * money)),
    nuE18: problem.limits.map(({ bound }, k) => toE18(((z[count + k] as number) * money) / Number(bound))),
  };
}

/**
 * What classes cost. A component's price for one unit more is the mean of the prices that its options see: the limits are on means, so a
 * larger need does not change what they allow.
 */
function classesOf(model: RouteModel, { z, parts }: RelaxedRoute, legs: readonly PricedAmount[]): SolvedClass[] {
  const { problem, money, starts } = model;
  const classes = problem.components.flatMap((component, m) => {
    const first = componentName(component);
    let mean = 0;
    for (let g = starts[m] as number; g < (starts[m + 1] as number); g++) mean += (parts[g] as number) * optionPrice(model, z, m, g);
    return component.needs.map(({ resourceClass, psi }) => {
      let cost = 0n;
      for (const leg of legs) if (leg.resourceClass === resourceClass) cost += leg.credit;
      const price = resourceClass === first ? toE18(mean * money) / psi : 0n;
      return { resourceClass, psi, cost, priceE18: price };
    });
  });
  return classes.sort((a, b) => (a.resourceClass < b.resourceClass ? -1 : 1));
}

/**
 * The last route's work, kept alive until the next one: of kinds of objects of which none is left, a full collection of garbage takes the shapes
 * away, and with them the code that was compiled for them. The routes after it then took twice their time.
 */
const last: { work: readonly unknown[] } = { work: [] };

/**
 * Finds the cheapest route of a bundle, with its proof. O(pools) memory and time per step; some ten steps.
 * @throws hmm/26 malformed bundle, hmm/27 when the bundle cannot be met: which class or limit, and by how much
 */
export function solveRoute({ bundle, pools, maxLegs = 0 }: RouteRequest): SolvedRoute {
  const problem = createProblem(bundle, pools);
  requireCapacity(problem, bundle, pools);
  const model = createModel(problem);
  const relaxed = solveRelaxed(model);
  let whole = findWhole(model, relaxed);
  if (whole === undefined)
    throw hmmError.infeasible("no route in whole base units was found: the limits leave too little room for rounding");
  if (maxLegs > 0 && whole.legs.length > maxLegs) {
    whole = limitLegs(model, relaxed, maxLegs, findWhole);
  }
  beginCosts(problem, whole.placed);
  const legs = priceLegs(whole.placed);
  const cost = legs.reduce((sum, { credit }) => sum + credit, 0n);
  const duals = dualsOf(model, relaxed.z);
  const { gapPpm } = certifiedGap(problem, whole.placed, cost, duals);
  const best = BigInt(Math.round(relaxed.value * model.money));
  const reached = reachedMeans(problem, whole.placed);
  last.work = [problem, model, relaxed, whole, legs, duals, reached];
  return {
    legs,
    cost,
    certificate: certificateOf(problem, duals),
    gapPpm,
    classes: classesOf(model, relaxed, legs),
    shadowPrices: problem.limits.map(({ name, bound }, k) => ({ name, bound, nuE18: duals.nuE18[k] ?? 0n, reached: reached[k] ?? 0n })),
    extraCost: maxLegs > 0 && cost > best ? cost - best : 0n,
  };
}
