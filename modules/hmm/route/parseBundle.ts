import type { Bundle, Sla } from "#proto/hanzo/hmm/v1/types";
import { MathError, parseUint } from "#sdk";
import { RESERVE_BITS } from "../curve/math.ts";
import { hmmError } from "../errors.ts";

/** Most classes of one bundle: every class adds a price to the certificate. */
export const MAX_CLASSES = 16;
/** Most regions of one list. */
const MAX_REGIONS = 64;
/** Longest name of a class or region. */
const MAX_NAME = 32;
/** Parts of the job are counted in millionths. */
export const PPM = 1_000_000n;

/** An amount of one class. */
export interface ClassNeed {
  readonly resourceClass: string;
  /** Resource base units, 1 to 2^112 − 1. */
  readonly psi: bigint;
}

/** A bundle that was read and found well formed. */
export interface BundleSpec {
  /** In the order of class names, which are all different. */
  readonly needs: readonly ClassNeed[];
  readonly sla: Omit<Sla, "$type">;
  /** Classes that are placed together: none, or at least two of `needs`, in the order of their names. */
  readonly colocated: readonly string[];
}

const NO_LIMITS: Omit<Sla, "$type"> = {
  maxLatencyUs: 0n,
  meanLatencyUs: 0n,
  meanJitterUs: 0n,
  regions: [],
  nearRegions: [],
  maxRemotePpm: 0,
  minTier: 0,
};

function requireName(name: string, field: string): void {
  if (name.length === 0 || name.length > MAX_NAME)
    throw hmmError.invalidBundle(`${field}: expected 1 to ${MAX_NAME} characters, got ${name.length}`);
}

function requireRising(names: readonly string[], field: string): void {
  for (let i = 1; i < names.length; i++) {
    const [before, name] = [names[i - 1] ?? "", names[i] ?? ""];
    if (name <= before) throw hmmError.invalidBundle(`${field}: expected rising names, each once, got "${name}" after "${before}"`);
  }
}

function requireRegions(regions: readonly string[], field: string): void {
  if (regions.length > MAX_REGIONS) throw hmmError.invalidBundle(`${field}: expected at most ${MAX_REGIONS}, got ${regions.length}`);
  for (const [i, region] of regions.entries()) requireName(region, `${field}[${i}]`);
  if (new Set(regions).size !== regions.length) throw hmmError.invalidBundle(`${field}: expected each region once`);
}

/**
 * Reads an amount of a bundle.
 * @returns resource base units, 1 to 2^112 − 1
 * @throws hmm/26
 */
export function parseUnits(text: string, field: string): bigint {
  try {
    const units = parseUint(text, RESERVE_BITS, field);
    if (units > 0n) return units;
  } catch (cause) {
    if (cause instanceof MathError) throw hmmError.invalidBundle(cause.detail);
    throw cause;
  }
  throw hmmError.invalidBundle(`${field}: expected at least 1 base unit, got 0`);
}

/**
 * Reads a bundle. Looks at nothing but the message, so it also serves as a stateless check.
 * @throws hmm/26 naming the field, what was expected and what came
 */
export function parseBundle({ needs, sla = NO_LIMITS, colocated }: Bundle): BundleSpec {
  if (needs.length === 0 || needs.length > MAX_CLASSES)
    throw hmmError.invalidBundle(`needs: expected 1 to ${MAX_CLASSES} classes, got ${needs.length}`);
  const read = needs.map(({ resourceClass, resource }, i) => {
    requireName(resourceClass, `needs[${i}].resource_class`);
    return { resourceClass, psi: parseUnits(resource, `needs[${i}].resource`) };
  });
  const classes = read.map(({ resourceClass }) => resourceClass);
  requireRising(classes, "needs");
  if (colocated.length === 1) throw hmmError.invalidBundle("colocated: expected no class or at least 2, got 1");
  requireRising(colocated, "colocated");
  for (const name of colocated) if (!classes.includes(name)) throw hmmError.invalidBundle(`colocated: "${name}" is not among the needs`);
  requireRegions(sla.regions, "sla.regions");
  requireRegions(sla.nearRegions, "sla.near_regions");
  if (BigInt(sla.maxRemotePpm) > PPM) throw hmmError.invalidBundle(`sla.max_remote_ppm: expected 0 to ${PPM}, got ${sla.maxRemotePpm}`);
  return { needs: read, sla, colocated };
}
