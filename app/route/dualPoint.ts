// The dual function of a routing problem and its derivatives.
//   g(μ, ν) = Σ_m μ_m − Σ_k ν_k·rhs_k − Σ_g max { q_g·y − C_g(y) },   q_g = μ_m − Σ_k ν_k·load_kg
// It is concave; its gradient is how far the best responses y_g(q_g) miss the needs and limits, its curvature the sum of how fast they move.

import { type CostPoint, costAt, type RouteModel } from "./routeModel.ts";

/** A point of the dual problem with everything that was computed there. Reused: the arrays are overwritten. */
export interface DualPoint {
  /** μ of the components, then ν of the limits. */
  readonly z: Float64Array;
  value: number;
  readonly gradient: Float64Array;
  /** Minus the second derivative, row by row. */
  readonly curvature: Float64Array;
  /** Best response of every option. */
  readonly parts: Float64Array;
  /** How fast the best response moves with its price; 0 at both ends. */
  readonly speeds: Float64Array;
}

/** An empty point for a model. */
export function createDualPoint(model: RouteModel): DualPoint {
  const size = model.starts.length - 1 + model.problem.limits.length;
  return {
    z: new Float64Array(size),
    value: Number.NEGATIVE_INFINITY,
    gradient: new Float64Array(size),
    curvature: new Float64Array(size * size),
    parts: new Float64Array(model.options.length),
    speeds: new Float64Array(model.options.length),
  };
}

const MAX_STEPS = 60;
/** Newton's method squares what it missed: after a step of this relative size nothing is left to find. */
const LAST_STEP = 1e-6;

/**
 * Part at which an option's price is q, strictly between its ends. Newton's method, kept inside a bracket.
 * @param guess where to begin
 * @param out cost and derivatives at the answer
 */
function partAt(model: RouteModel, option: number, q: number, guess: number, out: CostPoint): number {
  const cap = model.caps[option] as number;
  const first = model.first[option] as number;
  let low = 0;
  let high = cap;
  let y = guess > 0 && guess < cap ? guess : (cap * (q - first)) / ((model.last[option] as number) - first);
  for (let step = 0; step < MAX_STEPS; step++) {
    costAt(model, option, y, out);
    const move = (q - out.price) / out.rise;
    if (Math.abs(move) <= LAST_STEP * y) {
      out.cost += move * (out.price + 0.5 * move * out.rise);
      return y + move;
    }
    if (move > 0) low = y;
    else high = y;
    y += move;
    if (!(y > low && y < high)) y = 0.5 * (low + high);
  }
  return y;
}

const scratch: CostPoint = { cost: 0, price: 0, rise: 0 };

/**
 * Best response of one option to a price; stores part and speed in the point.
 * @returns the option's surplus q·y − C(y)
 */
function respond(model: RouteModel, point: DualPoint, option: number, q: number): number {
  if (q <= (model.first[option] as number) || (model.caps[option] as number) <= 0) {
    point.parts[option] = 0;
    point.speeds[option] = 0;
    return 0;
  }
  if (q >= (model.last[option] as number)) {
    const cap = model.caps[option] as number;
    point.parts[option] = cap;
    point.speeds[option] = 0;
    return q * cap - (model.full[option] as number);
  }
  const y = partAt(model, option, q, point.parts[option] as number, scratch);
  point.parts[option] = y;
  point.speeds[option] = 1 / scratch.rise;
  return q * y - scratch.cost;
}

/** Price that an option sees at a point. */
export function optionPrice(model: RouteModel, z: Float64Array, component: number, option: number): number {
  const components = model.starts.length - 1;
  const limits = z.length - components;
  let q = z[component] as number;
  for (let k = 0; k < limits; k++) q -= (z[components + k] as number) * (model.loads[option * limits + k] as number);
  return q;
}

/**
 * Computes value, gradient and curvature at point.z.
 * @param rhs what the limits allow, near 1
 */
export function evaluateDual(model: RouteModel, rhs: Float64Array, point: DualPoint): void {
  const { starts, loads } = model;
  const { z, gradient, curvature } = point;
  const components = starts.length - 1;
  const limits = rhs.length;
  const size = z.length;
  curvature.fill(0);
  let value = 0;
  for (let k = 0; k < limits; k++) {
    value -= (z[components + k] as number) * (rhs[k] as number);
    gradient[components + k] = -(rhs[k] as number);
  }
  for (let m = 0; m < components; m++) {
    value += z[m] as number;
    let covered = 0;
    let speed = 0;
    for (let g = starts[m] as number; g < (starts[m + 1] as number); g++) {
      value -= respond(model, point, g, optionPrice(model, z, m, g));
      const y = point.parts[g] as number;
      if (y === 0) continue;
      covered += y;
      for (let k = 0; k < limits; k++) (gradient[components + k] as number) += y * (loads[g * limits + k] as number);
      const dy = point.speeds[g] as number;
      if (dy === 0) continue;
      speed += dy;
      for (let k = 0; k < limits; k++) {
        const a = dy * (loads[g * limits + k] as number);
        (curvature[m * size + components + k] as number) -= a;
        for (let j = 0; j <= k; j++)
          (curvature[(components + k) * size + components + j] as number) += a * (loads[g * limits + j] as number);
      }
    }
    gradient[m] = 1 - covered;
    curvature[m * size + m] = speed;
  }
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) mirror(curvature, size, i, j, components);
  point.value = value;
}

/** Completes the symmetric matrix: the mixed block was summed above the diagonal, the block of limits below it. */
function mirror(matrix: Float64Array, size: number, i: number, j: number, components: number): void {
  if (j < components) matrix[i * size + j] = matrix[j * size + i] as number;
  else matrix[j * size + i] = matrix[i * size + j] as number;
}

/**
 * Raises or lowers one component's price until its options cover it, all else unchanged: the maximum of the dual in that direction.
 * Newton's method in a bracket.
 * @param point its z is changed
 * @param tolerance how far from covered the component may stay
 */
export function fillComponent(model: RouteModel, point: DualPoint, component: number, tolerance: number): void {
  const { starts } = model;
  const { z } = point;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const from = starts[component] as number;
  const to = starts[component + 1] as number;
  const mu = z[component] as number;
  for (let g = from; g < to; g++) {
    if ((model.caps[g] as number) <= 0) continue;
    const offset = mu - optionPrice(model, z, component, g);
    low = Math.min(low, (model.first[g] as number) + offset);
    high = Math.max(high, (model.last[g] as number) + offset);
  }
  if (low > high) return;
  if (!(mu > low && mu < high)) z[component] = 0.5 * (low + high);
  for (let step = 0; step < 100; step++) {
    const at = z[component] as number;
    let covered = 0;
    let speed = 0;
    for (let g = from; g < to; g++) {
      respond(model, point, g, optionPrice(model, z, component, g));
      covered += point.parts[g] as number;
      speed += point.speeds[g] as number;
    }
    const miss = 1 - covered;
    if (Math.abs(miss) <= tolerance) return;
    if (miss > 0) low = at;
    else high = at;
    let next = at + miss / speed;
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    if (next === at) return;
    z[component] = next;
  }
}
