import { maximizeDual } from "./maximizeDual.ts";
import { type RouteModel, sampleOptions } from "./routeModel.ts";

/** One option of so many stands for all. No divisor of the periods in which kinds of pools take turns. */
const STRIDE = 7;
/** Options from which on a sample says enough, and saves more than it costs. */
const LEAST_OPTIONS = 1000;

/**
 * Prices to begin a search with: those of a problem with a part of the options and the same part of the needs. Found with a part of the work, they
 * leave half of the steps to the whole problem.
 * @returns prices of the components, then of the limits; undefined where the sample cannot tell
 */
export function roughStart(model: RouteModel): Float64Array | undefined {
  if (model.options.length < LEAST_OPTIONS) return undefined;
  const limits = model.problem.limits.length;
  const { point, converged } = maximizeDual(sampleOptions(model, STRIDE), new Float64Array(limits).fill(1));
  return converged ? point.z.map((price) => price * STRIDE) : undefined;
}
