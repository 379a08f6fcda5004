import { createDualPoint, type DualPoint, evaluateDual, fillComponent, optionPrice } from "./dualPoint.ts";
import { firstPrice } from "./firstPrice.ts";
import type { RouteModel } from "./routeModel.ts";
import { solveSymmetric } from "./solveSymmetric.ts";

/** Outcome of the search for the best dual point. */
export interface DualResult {
  readonly point: DualPoint;
  /** Whether needs and limits are met. */
  readonly converged: boolean;
  /** Whether the dual exceeded what any route can cost: no route meets the limits. */
  readonly unbounded: boolean;
  readonly steps: number;
}

const MAX_STEPS = 40;
/** Steps without noticeable improvement after which a search ends, and what is noticeable. */
const MAX_STALLED = 6;
const STALLED = 1e-11;
/** Bounds of what keeps a step sensible where the dual has no curvature. */
const LEAST_DAMPING = 1e-13;
const LEAST_TRUST = 1e-9;
/** Largest relative move of a price in the last step. */
const LAST_REACH = 1e-3;
/** Largest relative miss of a need or limit. What is left of it settle removes; the dual's value misses only its square. */
const TOLERANCE = 1e-6;
/** Part of the promised improvement that a step must keep (Armijo). */
const KEPT = 1e-4;

/** What no route costs more than: every component at its dearest price. */
export function mostCost({ starts, last, caps }: RouteModel): number {
  let most = 0;
  for (let m = 0; m + 1 < starts.length; m++) {
    let price = 0;
    for (let g = starts[m] as number; g < (starts[m + 1] as number); g++) {
      if ((caps[g] as number) > 0) price = Math.max(price, last[g] as number);
    }
    most += price;
  }
  return most;
}

/** How far a point is from the optimum: missed needs and limits, and prices of limits that do not bind. */
function missOf({ z, gradient }: DualPoint, components: number): number {
  let miss = 0;
  for (let m = 0; m < components; m++) miss = Math.max(miss, Math.abs(gradient[m] as number));
  for (let k = components; k < z.length; k++) {
    const slack = gradient[k] as number;
    miss = Math.max(miss, slack > 0 ? slack : Math.min(-slack, (z[k] as number) * -slack));
  }
  return miss;
}

/**
 * Newton step with the limits that do not bind held at 0.
 * @param scales size of every price
 * @param damping curvature added in every direction, relative to what parts of 1 per price would have
 */
function newtonStep(
  { z, gradient, curvature }: DualPoint,
  components: number,
  scales: Float64Array,
  damping: number,
  step: Float64Array,
): void {
  const size = z.length;
  const free: number[] = [];
  for (let i = 0; i < size; i++) if (i < components || (z[i] as number) > 0 || (gradient[i] as number) > 0) free.push(i);
  const n = free.length;
  const matrix = new Float64Array(n * n);
  const right = new Float64Array(n);
  // In units of the scales all prices are near 1, and so are rows and columns.
  for (let a = 0; a < n; a++) {
    const i = free[a] as number;
    const scale = scales[i] as number;
    right[a] = (gradient[i] as number) * scale;
    for (let b = 0; b < n; b++) {
      const j = free[b] as number;
      matrix[a * n + b] = (curvature[i * size + j] as number) * scale * (scales[j] as number);
    }
    matrix[a * n + a] = (matrix[a * n + a] as number) + damping * scale;
  }
  solveSymmetric(matrix, right);
  step.fill(0);
  for (let a = 0; a < n; a++) step[free[a] as number] = (right[a] as number) * (scales[free[a] as number] as number);
}

/** Moves along a step, keeping prices of limits from going negative; returns the rise that the gradient promises. */
function moveTo(from: DualPoint, step: Float64Array, length: number, components: number, to: DualPoint): number {
  let promised = 0;
  for (let i = 0; i < step.length; i++) {
    let next = (from.z[i] as number) + length * (step[i] as number);
    if (i >= components && next < 0) next = 0;
    to.z[i] = next;
    promised += (from.gradient[i] as number) * (next - (from.z[i] as number));
  }
  return promised;
}

function copyPoint(from: DualPoint, to: DualPoint): void {
  to.z.set(from.z);
  to.parts.set(from.parts);
}

/** Size of every price: a component's own, and for limits, whose loads are near 1, that of the whole. */
function scalesOf({ z }: DualPoint, components: number): Float64Array {
  const scales = new Float64Array(z.length);
  let sum = 0;
  for (let m = 0; m < components; m++) {
    scales[m] = Math.max(Math.abs(z[m] as number), 1e-300);
    sum += scales[m] as number;
  }
  return scales.fill(sum, components);
}

/** Largest move of a price in a step, relative to its size. */
function reachOf(step: Float64Array, scales: Float64Array): number {
  let reach = 0;
  for (let i = 0; i < step.length; i++) reach = Math.max(reach, Math.abs(step[i] as number) / (scales[i] as number));
  return reach;
}

/**
 * Finds the best point of the dual: Newton's method with projection on ν ≥ 0 and bounded steps. Where a step does not keep its promise it is shortened, and where that does not
 * help, every component's price is set by itself, which always improves.
 * @param rhs what the limits allow, near 1
 * @param start prices to begin with, from an earlier search
 */
export function maximizeDual(model: RouteModel, rhs: Float64Array, start?: Float64Array): DualResult {
  const components = model.starts.length - 1;
  const most = mostCost(model);
  let here = createDualPoint(model);
  let next = createDualPoint(model);
  const step = new Float64Array(here.z.length);
  if (start !== undefined) here.z.set(start);
  else for (let m = 0; m < components; m++) here.z[m] = firstPrice(model, m);
  evaluateDual(model, rhs, here);
  const scales = scalesOf(here, components);
  let damping = LEAST_DAMPING;
  let trust = 1;
  let least = Number.POSITIVE_INFINITY;
  let stalled = 0;
  let steps = 0;
  for (; steps < MAX_STEPS && stalled < MAX_STALLED; steps++) {
    if (missOf(here, components) <= TOLERANCE) return { point: here, converged: true, unbounded: false, steps };
    if (here.value > most * (1 + 1e-9)) return { point: here, converged: false, unbounded: true, steps };
    newtonStep(here, components, scales, damping, step);
    const before = here.value;
    const length = Math.min(1, trust / Math.max(reachOf(step, scales), 1e-300));
    const accepted = searchLine(model, rhs, here, step, length, next);
    if (accepted > 0) {
      [here, next] = [next, here];
      if (accepted === length) [damping, trust] = [Math.max(LEAST_DAMPING, damping * 0.1), trust * 4];
      else [damping, trust] = [damping * 3, Math.max(accepted * reachOf(step, scales), LEAST_TRUST)];
    } else [damping, trust] = [Math.min(1, damping * 100), Math.max(trust * 0.1, LEAST_TRUST)];
    if (accepted === 0 || missedMost(here, components) > 0.2) {
      for (let m = 0; m < components; m++) fillComponent(model, here, m, 1e-3);
      evaluateDual(model, rhs, here);
    }
    const miss = missOf(here, components);
    const better = here.value - before > STALLED * Math.abs(before) || miss < 0.9 * least;
    least = Math.min(least, miss);
    stalled = better ? 0 : stalled + 1;
  }
  return { point: here, converged: missOf(here, components) <= TOLERANCE, unbounded: false, steps };
}

function missedMost({ gradient }: DualPoint, components: number): number {
  let most = 0;
  for (let m = 0; m < components; m++) most = Math.max(most, Math.abs(gradient[m] as number));
  return most;
}

/**
 * Goes along a step as far as it keeps a part of its promise.
 * @param longest length to begin with
 * @param to the new point, evaluated
 * @returns the length, 0 when none was found
 */
function searchLine(model: RouteModel, rhs: Float64Array, from: DualPoint, step: Float64Array, longest: number, to: DualPoint): number {
  const components = model.starts.length - 1;
  const noise = 1e-14 * Math.abs(from.value);
  let length = longest;
  for (let tries = 0; tries < 14; tries++) {
    copyPoint(from, to);
    const promised = moveTo(from, step, length, components, to);
    evaluateDual(model, rhs, to);
    if (to.value >= from.value + KEPT * promised) return length;
    // Where values differ by less than their rounding, slopes still tell: the step may overshoot, but not by more than it gains.
    let slope = 0;
    for (let i = 0; i < step.length; i++) slope += (to.gradient[i] as number) * ((to.z[i] as number) - (from.z[i] as number));
    if (to.value >= from.value - noise && slope >= -0.9 * promised) return length;
    length *= Math.min(0.5, Math.max(0.02, promised / (promised - slope)));
  }
  return 0;
}

/** Parts and prices after the last step. */
export interface Settled {
  readonly parts: Float64Array;
  readonly z: Float64Array;
}

/**
 * One more Newton step, in which the parts follow the prices by their speeds instead of being searched again: where prices are almost flat, the
 * last digit of a price decides over whole parts.
 */
export function settle(model: RouteModel, { point }: DualResult): Settled {
  const components = model.starts.length - 1;
  const step = new Float64Array(point.z.length);
  const scales = scalesOf(point, components);
  newtonStep(point, components, scales, LEAST_DAMPING, step);
  const parts = point.parts.slice();
  // A last step is small. A large one goes along a direction in which nothing is determined.
  if (reachOf(step, scales) > LAST_REACH) return { parts, z: point.z };
  for (let m = 0; m < components; m++) {
    for (let g = model.starts[m] as number; g < (model.starts[m + 1] as number); g++) {
      const speed = point.speeds[g] as number;
      if (speed === 0) continue;
      const moved = (parts[g] as number) + speed * optionPrice(model, step, m, g);
      parts[g] = Math.min(model.caps[g] as number, Math.max(0, moved));
    }
  }
  const z = point.z.map((price, i) => (i < components ? price + (step[i] as number) : Math.max(0, price + (step[i] as number))));
  return { parts, z };
}
