import { hmmError } from "../../modules/hmm/errors.ts";
import { combineFillings } from "./combineFillings.ts";
import { maximizeDual, mostCost, settle } from "./maximizeDual.ts";
import { requireReachable } from "./requireFeasible.ts";
import { roughStart } from "./roughStart.ts";
import type { RouteModel } from "./routeModel.ts";

/** Optimum of a problem in parts of any size. */
export interface RelaxedRoute {
  /** Part of every option. */
  readonly parts: Float64Array;
  /** Prices of the components, then of the limits, in the model's scale. */
  readonly z: Float64Array;
  /** Cost in the model's money. */
  readonly value: number;
}

/**
 * Optimum of a problem in floating point, or undefined when its limits cannot be met.
 * @param margin relative tightening of the limits
 * @param start prices to begin with
 */
export function findRelaxed(model: RouteModel, margin: number, start?: Float64Array): RelaxedRoute | undefined {
  const rhs = new Float64Array(model.problem.limits.length).fill(1 - margin);
  const result = maximizeDual(model, rhs, start);
  if (result.converged) return { ...settle(model, result), value: result.point.value };
  const combined = result.unbounded ? undefined : combineFillings(model, rhs, mostCost(model));
  if (combined === undefined) return undefined;
  // Near the optimum Newton's method may find the last digits after all.
  const polished = maximizeDual(model, rhs, combined.z);
  return polished.converged ? { ...settle(model, polished), value: polished.point.value } : combined;
}

/**
 * Optimum of a problem in floating point.
 * @throws hmm/27 when its limits cannot be met, saying which
 */
export function solveRelaxed(model: RouteModel): RelaxedRoute {
  const route = findRelaxed(model, 0, roughStart(model));
  if (route !== undefined) return route;
  requireReachable(model);
  throw hmmError.infeasible("the limits can be met only exactly: loosen them a little");
}
