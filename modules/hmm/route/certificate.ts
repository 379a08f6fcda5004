// Proof of how far from optimal a route can be, in integers (whitepaper §4.3).
//
// Weak duality: for any prices μ_m of the components and ν_k ≥ 0 of the limits, no route costs less than
//   g(μ, ν) = Σ_m μ_m − Σ_k ν_k·L_k − Σ_g sup { q_g·y − C_g(y) : 0 ≤ y ≤ cap_g },    q_g = μ_m − Σ_k ν_k·a_kg/M.
// The supremum is bounded from above by a tangent of the convex C_g: first at the part that the route takes, then nearer to where the slope is
// q_g. Any tangent is valid, and every rounding goes down. Hence no certificate and no route, however wrong, makes the claimed gap smaller than
// the true one; good prices claim almost exactly it. Options whose first unit costs more than q_g contribute nothing: one comparison of
// fractions without root or division.

import type { Certificate } from "#proto/hanzo/hmm/v1/types";
import { E18, MathError, parseUint } from "#sdk";
import { hmmError } from "../errors.ts";
import type { PlacedRoute } from "./checkRoute.ts";
import { type BoundWork, createScale, divCeil, mostSurplus } from "./optionBound.ts";
import { componentName, type LimitName, type RouteProblem } from "./problem.ts";
import { SLOPE_BITS } from "./tangent.ts";

/** Width of prices in certificates: the cost of a whole reserve at the highest price times 10¹⁸. */
export const DUAL_BITS = 192;
/** Most tangents that a check tries beyond one per option: bounds the work that a bad certificate can cause. */
const MAX_REFINEMENTS = 6_000;
/** A gap this large says that nothing was proved. */
export const NO_BOUND_PPM = 1_000_000_000_000n;

/** A point of the dual problem. */
export interface RouteDuals {
  /** Price of each component's whole need, credit base units times 10¹⁸. */
  readonly muE18: readonly bigint[];
  /** Price of each limit per unit of its mean, credit base units times 10¹⁸. */
  readonly nuE18: readonly bigint[];
}

/** What a certificate proves. */
export interface RouteBound {
  /** No route that serves the bundle costs less: credit base units times 10¹⁸, rounded down. May be negative. */
  readonly boundE18: bigint;
  /** How much more than that the route costs, in ppm of it, rounded up, at most {@link NO_BOUND_PPM}. */
  readonly gapPpm: bigint;
}

function parseDual(text: string, field: string): bigint {
  try {
    return parseUint(text, DUAL_BITS, field);
  } catch (cause) {
    if (cause instanceof MathError) throw hmmError.certificate(cause.detail);
    throw cause;
  }
}

/** Empty text is 0: a limit that was not asked for needs no price. */
function parseNu(text: string, field: string, asked: boolean): bigint {
  const nu = text === "" ? 0n : parseDual(text, field);
  if (nu !== 0n && !asked) throw hmmError.certificate(`${field}: expected 0 for a limit that the bundle does not set, got ${nu}`);
  return nu;
}

/**
 * Reads a certificate for a problem.
 * @throws hmm/28 when components are missing, out of order or unknown, when a price is malformed, negative or 2^192 or more, and when a limit
 *   that the bundle does not set has a price
 */
export function parseCertificate(problem: RouteProblem, certificate: Certificate): RouteDuals {
  const { prices } = certificate;
  const { components, limits } = problem;
  if (prices.length !== components.length)
    throw hmmError.certificate(`prices: expected ${components.length} components, got ${prices.length}`);
  const muE18 = components.map((component, m) => {
    const price = prices[m];
    const name = componentName(component);
    if (price?.resourceClass !== name) throw hmmError.certificate(`prices[${m}]: expected "${name}", got "${price?.resourceClass}"`);
    return parseDual(price.muE18, `prices[${m}].mu_e18`);
  });
  const asked = new Set(limits.map(({ name }) => name));
  const byName: Readonly<Record<LimitName, bigint>> = {
    mean_latency: parseNu(certificate.latencyNuE18, "latency_nu_e18", asked.has("mean_latency")),
    mean_jitter: parseNu(certificate.jitterNuE18, "jitter_nu_e18", asked.has("mean_jitter")),
    remote: parseNu(certificate.remoteNuE18, "remote_nu_e18", asked.has("remote")),
  };
  return { muE18, nuE18: limits.map(({ name }) => byName[name]) };
}

/**
 * Writes duals as the message of a certificate.
 * @param duals in the order of the problem's components and limits
 */
export function certificateOf(problem: RouteProblem, duals: RouteDuals): Certificate {
  const nu = (wanted: LimitName): string => {
    const k = problem.limits.findIndex(({ name }) => name === wanted);
    return (duals.nuE18[k] ?? 0n).toString();
  };
  return {
    prices: problem.components.map((component, m) => ({
      resourceClass: componentName(component),
      muE18: (duals.muE18[m] ?? 0n).toString(),
    })),
    latencyNuE18: nu("mean_latency"),
    jitterNuE18: nu("mean_jitter"),
    remoteNuE18: nu("remote"),
  };
}

/**
 * Bounds from below what any route that serves the problem costs, and says how far from it a cost is. Linear in the number of options; a square
 * root or two for every option that the prices draw on.
 * @param placed the route, from checkRoute: where the tangents are tried first
 * @param cost credit base units that the route costs with all fees
 * @param duals from parseCertificate
 */
export function certifiedGap(problem: RouteProblem, placed: PlacedRoute, cost: bigint, duals: RouteDuals): RouteBound {
  const { components, limits } = problem;
  const count = BigInt(components.length);
  const options = components.reduce((sum, component) => sum + component.options.length, 1);
  const work: BoundWork = { enough: ((cost << SLOPE_BITS) >> 27n) / BigInt(options), refinements: MAX_REFINEMENTS };
  let boundE18 = 0n;
  let surplus = 0n;
  for (const [k, { bound }] of limits.entries()) boundE18 -= (duals.nuE18[k] ?? 0n) * bound;
  for (const [m, component] of components.entries()) {
    const mu = duals.muE18[m] ?? 0n;
    const scale = createScale(component, count);
    const used = new Map(placed[m]?.map((entry) => [entry.option, entry.units]));
    boundE18 += mu;
    const whole = mu * count;
    for (const option of component.options) {
      let price = whole;
      for (let k = 0; k < limits.length; k++) {
        const load = option.load[k] ?? 0n;
        if (load !== 0n) price -= (duals.nuE18[k] ?? 0n) * load;
      }
      surplus += mostSurplus(scale, option, price, used.get(option) ?? 0n, work);
    }
  }
  boundE18 -= divCeil(surplus * E18, 1n << SLOPE_BITS);
  return { boundE18, gapPpm: gapOf(cost, boundE18) };
}

function gapOf(cost: bigint, boundE18: bigint): bigint {
  if (boundE18 <= 0n) return NO_BOUND_PPM;
  const over = cost * E18 - boundE18;
  if (over <= 0n) return 0n;
  const gap = divCeil(over * 1_000_000n, boundE18);
  return gap < NO_BOUND_PPM ? gap : NO_BOUND_PPM;
}
