// A routing problem in floating point, laid out flat for the solver.
//
// Every option has one variable, the part y of its component that it serves. Money is divided by `money`, a first guess of the whole cost, so
// that prices and costs are near 1; limits are divided by their bounds, so that a load of 1 is exactly what a limit allows.
// Reserves are in credit: X = cΨ/money, T = Θ/money, and a part y of a class takes βy out of X with β = c·need/money. With w divided out,
//   B = (X − βy) + λT,  C = βy·(2T + λ(2X − βy)),  δ = C/(B + √(B² + λC)),
// which subtracts nothing that nearly cancels.

import type { KnownPool } from "../../modules/hmm/route/knownPool.ts";
import { optionCap, type RouteOption, type RouteProblem, unitsOf } from "../../modules/hmm/route/problem.ts";
import { curveIn, FIELD, numbersOf, type PoolNumbers } from "./poolNumbers.ts";

/** Numbers per leg in {@link RouteModel.legs}. */
const LEG_FIELDS = 8;
/** Options per component that the scale of money is taken from. */
const SAMPLED = 16;
/** Least relative rise of an option's price over its whole component: a flat price would leave parts undetermined. Costs at most half of it. */
const LEAST_RISE = 3e-7;

/** A problem as flat arrays. Options are numbered through all components. */
export interface RouteModel {
  readonly problem: RouteProblem;
  readonly options: readonly RouteOption[];
  /** First option of every component, and the number of options at the end. */
  readonly starts: Int32Array;
  /** First leg of every option, and the number of legs at the end. */
  readonly legStarts: Int32Array;
  /** Per leg: β, X, T, λ, 1/(1 − f_m), ρ/X_ref, distance Ψ_ref − Ψ and value Θ − Θ_ref in credit. */
  readonly legs: Float64Array;
  /** Loads of options, one row per option. */
  readonly loads: Float64Array;
  /** Largest part of every option. 0 leaves it out. */
  readonly caps: Float64Array;
  /** Price of the first part, the price at the cap, the cost of the cap, and the rise added to flat prices. */
  readonly first: Float64Array;
  readonly last: Float64Array;
  readonly full: Float64Array;
  readonly rise: Float64Array;
  /** Flat addition to every option's price. */
  readonly charges: Float64Array;
  /** Credit base units that make 1. */
  readonly money: number;
}

/** Cost of a part with its first two derivatives, all per part of the component. */
export interface CostPoint {
  cost: number;
  price: number;
  rise: number;
}

/**
 * Cost of a part of an option.
 * @param y part, 0 to the option's cap
 * @param out where the result goes
 */
export function costAt(model: RouteModel, option: number, y: number, out: CostPoint): void {
  const { legs, legStarts } = model;
  let cost = 0;
  let price = 0;
  let rise = 0;
  const end = (legStarts[option + 1] as number) * LEG_FIELDS;
  for (let at = (legStarts[option] as number) * LEG_FIELDS; at < end; at += LEG_FIELDS) {
    const beta = legs[at] as number;
    const x = legs[at + 1] as number;
    const t = legs[at + 2] as number;
    const lambda = legs[at + 3] as number;
    const gross = legs[at + 4] as number;
    const taken = beta * y;
    const credit = curveIn(x, t, lambda, taken);
    const x1 = x - taken;
    const t1 = t + credit;
    const den = x1 + lambda * t1;
    const p = (t1 + lambda * x1) / den;
    const dp = ((1 - lambda * lambda) * (p * x1 + t1)) / (den * den);
    const apart = legs[at + 6] as number;
    const distance = apart + taken;
    if (distance > 0) {
      const risk = legs[at + 5] as number;
      const before = legs[at + 7] as number;
      const value = Math.max(0, before + credit);
      // Beyond the reference the fee is the rise of distance·value, written without the difference of two large numbers.
      const rose = apart > 0 ? apart * credit + taken * value : distance * value;
      cost += gross * (credit + risk * rose);
      price += gross * beta * (p + risk * (value + distance * p));
      rise += gross * beta * beta * (dp + risk * (2 * p + distance * dp));
    } else {
      cost += gross * credit;
      price += gross * beta * p;
      rise += gross * beta * beta * dp;
    }
  }
  const extra = model.rise[option] as number;
  const charge = model.charges[option] as number;
  out.cost = cost + (charge + 0.5 * extra * y) * y;
  out.price = price + charge + extra * y;
  out.rise = rise + extra;
}

/** @param from where the pool's numbers begin in `values` */
function fillLeg(legs: Float64Array, leg: number, values: Float64Array, from: number, need: number, money: number): void {
  const at = leg * LEG_FIELDS;
  legs[at] = ((values[from + FIELD.centre] as number) * need) / money;
  legs[at + 1] = (values[from + FIELD.x] as number) / money;
  legs[at + 2] = (values[from + FIELD.t] as number) / money;
  legs[at + 3] = values[from + FIELD.lambda] as number;
  legs[at + 4] = values[from + FIELD.gross] as number;
  legs[at + 5] = (values[from + FIELD.risk] as number) * money;
  legs[at + 6] = (values[from + FIELD.apart] as number) / money;
  legs[at + 7] = (values[from + FIELD.value] as number) / money;
}

/** First price of an option's whole component in credit base units, without risk fee: the scale of money. */
function roughCost({ pools }: RouteOption, needs: readonly { readonly psi: bigint }[], numbers: PoolNumbers): number {
  const { values } = numbers;
  let cost = 0;
  for (const [i, pool] of pools.entries()) {
    const at = numbers.at(pool);
    const x = values[at + FIELD.x] as number;
    const t = values[at + FIELD.t] as number;
    const lambda = values[at + FIELD.lambda] as number;
    cost += (((values[at + FIELD.centre] as number) * (t + lambda * x)) / (x + lambda * t)) * Number(needs[i]?.psi ?? 0n);
  }
  return cost;
}

function moneyOf({ components }: RouteProblem, numbers: PoolNumbers): number {
  let money = 0;
  for (const { options, needs } of components) {
    let least = Number.POSITIVE_INFINITY;
    for (const option of options.slice(0, SAMPLED)) least = Math.min(least, roughCost(option, needs, numbers));
    if (least < Number.POSITIVE_INFINITY) money += least;
  }
  return Math.max(money, Number.MIN_VALUE);
}

/** Computes what the solver asks of every option again and again: first price, price and cost at the cap. */
function fillEnds(model: RouteModel): void {
  const point: CostPoint = { cost: 0, price: 0, rise: 0 };
  for (let g = 0; g < model.options.length; g++) {
    costAt(model, g, 0, point);
    const first = point.price;
    const cap = model.caps[g] as number;
    costAt(model, g, cap, point);
    const rise = cap > 0 ? (point.price - first) / cap : 0;
    const extra = Math.max(0, first * LEAST_RISE - rise);
    model.rise[g] = extra;
    model.first[g] = first;
    model.last[g] = point.price + extra * cap;
    model.full[g] = point.cost + 0.5 * extra * cap * cap;
  }
}

/** Lays out a problem for the solver. Linear in the number of pools. */
export function createModel(problem: RouteProblem): RouteModel {
  const { components, limits } = problem;
  const options = components.flatMap((component) => component.options);
  const count = options.length;
  const starts = new Int32Array(components.length + 1);
  const legStarts = new Int32Array(count + 1);
  for (const [g, { pools }] of options.entries()) legStarts[g + 1] = (legStarts[g] as number) + pools.length;
  const numbers = numbersOf(problem.pools);
  const model: RouteModel = {
    problem,
    options,
    starts,
    legStarts,
    legs: new Float64Array((legStarts[count] as number) * LEG_FIELDS),
    loads: new Float64Array(count * limits.length),
    caps: new Float64Array(count),
    first: new Float64Array(count),
    last: new Float64Array(count),
    full: new Float64Array(count),
    rise: new Float64Array(count),
    charges: new Float64Array(count),
    money: moneyOf(problem, numbers),
  };
  const scales = limits.map(({ bound }) => 1 / (Number(bound) * components.length));
  let g = 0;
  for (const [m, component] of components.entries()) {
    const units = Number(unitsOf(component));
    const needs = component.needs.map(({ psi }) => Number(psi));
    for (const option of component.options) {
      const { load, pools } = option;
      const [only] = pools;
      const most =
        pools.length === 1 && only !== undefined
          ? Math.min(units, numbers.values[numbers.at(only) + FIELD.cap] as number)
          : Number(optionCap(component, option));
      model.caps[g] = most / units;
      for (let k = 0; k < scales.length; k++) model.loads[g * scales.length + k] = Number(load[k] ?? 0n) * (scales[k] as number);
      for (let i = 0; i < pools.length; i++)
        fillLeg(
          model.legs,
          (legStarts[g] as number) + i,
          numbers.values,
          numbers.at(pools[i] as KnownPool),
          needs[i] as number,
          model.money,
        );
      g++;
    }
    starts[m + 1] = g;
  }
  fillEnds(model);
  return model;
}

/**
 * A model of some of a model's options. Prices are in the same scale, so one's optimum is the other's start.
 * @param order the options, rising
 */
export function keepOptions(model: RouteModel, order: readonly number[]): RouteModel {
  const limits = model.problem.limits.length;
  const starts = new Int32Array(model.starts.length);
  const components = model.problem.components.map((component, m) => {
    const from = model.starts[m] as number;
    const to = model.starts[m + 1] as number;
    const options: RouteOption[] = [];
    let at = starts[m] as number;
    for (; at < order.length && (order[at] as number) < to; at++)
      options.push(component.options[(order[at] as number) - from] as RouteOption);
    starts[m + 1] = at;
    return { ...component, options };
  });
  const legStarts = new Int32Array(order.length + 1);
  for (let i = 0; i < order.length; i++) {
    const g = order[i] as number;
    legStarts[i + 1] = (legStarts[i] as number) + (model.legStarts[g + 1] as number) - (model.legStarts[g] as number);
  }
  const legs = new Float64Array((legStarts[order.length] as number) * LEG_FIELDS);
  const loads = new Float64Array(order.length * limits);
  for (let i = 0; i < order.length; i++) {
    const g = order[i] as number;
    const end = (model.legStarts[g + 1] as number) * LEG_FIELDS;
    let to = (legStarts[i] as number) * LEG_FIELDS;
    for (let from = (model.legStarts[g] as number) * LEG_FIELDS; from < end; from++) legs[to++] = model.legs[from] as number;
    for (let k = 0; k < limits; k++) loads[i * limits + k] = model.loads[g * limits + k] as number;
  }
  const pick = (from: Float64Array): Float64Array => {
    const picked = new Float64Array(order.length);
    for (let i = 0; i < order.length; i++) picked[i] = from[order[i] as number] as number;
    return picked;
  };
  return {
    problem: { ...model.problem, components },
    options: components.flatMap(({ options }) => options),
    starts,
    legStarts,
    legs,
    loads,
    caps: pick(model.caps),
    first: pick(model.first),
    last: pick(model.last),
    full: pick(model.full),
    rise: pick(model.rise),
    charges: pick(model.charges),
    money: model.money,
  };
}

/**
 * A model of every so many-th option, for the same part of the needs: its prices are about that part of the whole model's. An option may serve
 * as many times more of its component.
 */
export function sampleOptions(model: RouteModel, stride: number): RouteModel {
  const kept: number[] = [];
  for (let m = 0; m + 1 < model.starts.length; m++)
    for (let g = model.starts[m] as number; g < (model.starts[m + 1] as number); g += stride) kept.push(g);
  const sample = keepOptions(model, kept);
  const { legs, caps, charges } = sample;
  for (let at = 0; at < legs.length; at += LEG_FIELDS) legs[at] = (legs[at] as number) / stride;
  for (let g = 0; g < caps.length; g++) {
    caps[g] = Math.min(1, (caps[g] as number) * stride);
    charges[g] = (charges[g] as number) / stride;
  }
  sample.rise.fill(0);
  fillEnds(sample);
  return sample;
}
