// A bundle against the pools, in normal form: what route, certificate and solver work on.
//
// A bundle has components: single classes, and the colocated classes as one. A component is served by options: a pool, or a group of workers
// with one pool per class. An option serves a part y of its component, 0 ≤ y ≤ 1, and the parts of a component add up to 1:
//   minimise Σ C_g(y_g)   with   Σ_g y_g = 1 for every component   and   Σ_g a_kg·y_g ≤ M·L_k for every limit k,
// where M is the number of components, a_kg the option's latency, jitter or remoteness and L_k the limit on its mean over the job.
// A part is counted in base units of the component's leading class: y = units/need.

import type { Bundle } from "#proto/hanzo/hmm/v1/types";
import { minOf } from "#sdk";
import { type KnownPool, knownPools, type RoutePool } from "./knownPool.ts";
import { type BundleSpec, type ClassNeed, PPM, parseBundle } from "./parseBundle.ts";

export type { RoutePool } from "./knownPool.ts";

/** Names of limits on means, as shadow prices carry them. */
export type LimitName = "mean_latency" | "mean_jitter" | "remote";

/** A limit on a mean over the job. */
export interface RouteLimit {
  readonly name: LimitName;
  /** Largest mean, in microseconds or ppm. */
  readonly bound: bigint;
}

/** One way to serve a part of a component. */
export interface RouteOption {
  /** The pool's identifier, or the name of the worker group. */
  readonly name: string;
  /** One pool per class of the component. */
  readonly pools: readonly KnownPool[];
  /** What the option adds to each limit's mean per part, in the limit's unit, in the order of the problem's limits. */
  readonly load: readonly bigint[];
}

/** A class, or the classes placed together. */
export interface RouteComponent {
  readonly needs: readonly ClassNeed[];
  /** Index of the leading class, in whose base units parts are counted: the one with the largest need, the first of equals. */
  readonly lead: number;
  readonly options: readonly RouteOption[];
}

/** A bundle against the pools. */
export interface RouteProblem {
  /** In the order of the names of their first classes. */
  readonly components: readonly RouteComponent[];
  /** Limits that the bundle sets, in the order latency, jitter, remote. */
  readonly limits: readonly RouteLimit[];
  /** All pools that the problem was made of. */
  readonly pools: readonly KnownPool[];
}

/** Need of a component's leading class: the number of its units. */
export function unitsOf({ needs, lead }: RouteComponent): bigint {
  return needs[lead]?.psi ?? 0n;
}

/** Name of a component: its first class. */
export function componentName({ needs }: RouteComponent): string {
  return needs[0]?.resourceClass ?? "";
}

/**
 * Most units of a component that an option can serve: every leg stays within its pool's cap however parts are rounded.
 * @returns base units of the leading class, at most the need
 */
export function optionCap(component: RouteComponent, option: RouteOption): bigint {
  const units = unitsOf(component);
  const { pools } = option;
  let most = units;
  for (let i = 0; i < pools.length; i++) {
    const { cap } = pools[i] as KnownPool;
    most = minOf(most, i === component.lead ? cap : (cap * units) / (component.needs[i]?.psi ?? 1n));
  }
  return most;
}

interface Filter {
  readonly sla: BundleSpec["sla"];
  readonly near: ReadonlySet<string>;
  readonly regions: ReadonlySet<string>;
  /** All of the job must be near: remote pools are left out. */
  readonly pinned: boolean;
}

/** Whether hard limits leave a pool in. */
function isEligible({ service, cap }: RoutePool, { sla, near, regions, pinned }: Filter): boolean {
  if (cap <= 0n || service.tier < sla.minTier) return false;
  if (sla.maxLatencyUs !== 0n && service.latencyUs > sla.maxLatencyUs) return false;
  if (regions.size > 0 && !regions.has(service.region)) return false;
  return !pinned || near.has(service.region);
}

function limitsOf({ meanLatencyUs, meanJitterUs, nearRegions, maxRemotePpm }: BundleSpec["sla"]): RouteLimit[] {
  const limits: RouteLimit[] = [];
  if (meanLatencyUs > 0n) limits.push({ name: "mean_latency", bound: meanLatencyUs });
  if (meanJitterUs > 0n) limits.push({ name: "mean_jitter", bound: meanJitterUs });
  const remote = BigInt(maxRemotePpm);
  if (nearRegions.length > 0 && remote > 0n && remote < PPM) limits.push({ name: "remote", bound: remote });
  return limits;
}

/** A group is as slow as its slowest pool, and remote where one of its pools is. */
function loadOf(pools: readonly KnownPool[], limits: readonly RouteLimit[], near: ReadonlySet<string>): bigint[] {
  return limits.map(({ name }) => {
    let most = 0n;
    for (const { service } of pools) {
      const load =
        name === "mean_latency" ? service.latencyUs : name === "mean_jitter" ? service.jitterUs : near.has(service.region) ? 0n : PPM;
      if (load > most) most = load;
    }
    return most;
  });
}

/** One option per group that has a pool of every class. Of several pools of one class the one with the largest cap serves, the first of equals. */
function groupOptions(
  byClass: readonly (readonly KnownPool[])[],
  option: (name: string, pools: KnownPool[]) => RouteOption,
): RouteOption[] {
  const groups = byClass.map((pools) => {
    const best = new Map<string, KnownPool>();
    for (const pool of pools) {
      const { group } = pool.service;
      const other = best.get(group);
      if (group !== "" && (other === undefined || pool.cap > other.cap || (pool.cap === other.cap && pool.id < other.id))) {
        best.set(group, pool);
      }
    }
    return best;
  });
  const options: RouteOption[] = [];
  for (const name of groups[0]?.keys() ?? []) {
    const pools = groups.flatMap((best) => best.get(name) ?? []);
    if (pools.length === groups.length) options.push(option(name, pools));
  }
  return options;
}

/** What a list's pools are as options of single pools, and what their loads were counted for. */
interface SingleOptions {
  readonly counted: string;
  /** By the pool's place; filled as bundles ask. */
  readonly options: (RouteOption | undefined)[];
}

/** By list of pools, for the limits of the last bundle: bundles of one market mostly set the same. */
const singles = new WeakMap<readonly KnownPool[], SingleOptions>();

/** Options of single pools under the given limits, each made once as long as bundles count the same loads. */
function singleOptions(
  pools: readonly KnownPool[],
  limits: readonly RouteLimit[],
  near: ReadonlySet<string>,
): (pool: KnownPool) => RouteOption {
  const counted = JSON.stringify([limits.map(({ name }) => name), [...near]]);
  let known = singles.get(pools);
  if (known?.counted !== counted) {
    known = { counted, options: pools.map(() => undefined) };
    singles.set(pools, known);
  }
  const { options } = known;
  return (pool) => {
    const option = options[pool.place] ?? { name: pool.id, pools: [pool], load: loadOf([pool], limits, near) };
    options[pool.place] = option;
    return option;
  };
}

function leadOf(needs: readonly ClassNeed[]): number {
  let lead = 0;
  for (const [i, { psi }] of needs.entries()) if (psi > (needs[lead]?.psi ?? 0n)) lead = i;
  return lead;
}

/**
 * Sets a bundle against pools. Pools of other classes and pools that hard limits exclude do not appear in the result.
 * Linear in the number of pools.
 * @param pools each pool once; a route can only use what is among them. The list must not change afterwards: what is worked out of its pools is
 *   remembered for the next bundle
 * @throws hmm/26 when the bundle is malformed
 */
export function createProblem(bundle: Bundle, pools: readonly RoutePool[]): RouteProblem {
  const { needs, sla, colocated } = parseBundle(bundle);
  const near = new Set(sla.nearRegions);
  const filter: Filter = { sla, near, regions: new Set(sla.regions), pinned: near.size > 0 && sla.maxRemotePpm === 0 };
  const limits = limitsOf(sla);
  const byClass = new Map<string, KnownPool[]>(needs.map(({ resourceClass }) => [resourceClass, []]));
  const all = knownPools(pools);
  for (const pool of all) {
    const list = byClass.get(pool.resourceClass);
    if (list !== undefined && isEligible(pool, filter)) list.push(pool);
  }
  const single = singleOptions(all, limits, near);
  const components: RouteComponent[] = [];
  for (const need of needs) {
    const { resourceClass } = need;
    if (!colocated.includes(resourceClass)) {
      const options = (byClass.get(resourceClass) ?? []).map(single);
      components.push({ needs: [need], lead: 0, options });
    } else if (resourceClass === colocated[0]) {
      const together = needs.filter((other) => colocated.includes(other.resourceClass));
      const options = groupOptions(
        together.map((other) => byClass.get(other.resourceClass) ?? []),
        (name, legs) => ({ name, pools: legs, load: loadOf(legs, limits, near) }),
      );
      components.push({ needs: together, lead: leadOf(together), options });
    }
  }
  return { components, limits, pools: all };
}
