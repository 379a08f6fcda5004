// Says which hard limit of a bundle leaves too little to buy, and how far it would have to give way.

import type { Bundle, Sla } from "#proto/hanzo/hmm/v1/types";
import { createProblem, optionCap, type RouteComponent, type RoutePool, unitsOf } from "../../modules/hmm/route/problem.ts";

/** Most base units of a component that its options serve at once; counted only until they hold its need. */
export function capacityOf(component: RouteComponent): bigint {
  const units = unitsOf(component);
  let most = 0n;
  for (const option of component.options) {
    most += optionCap(component, option);
    if (most >= units) break;
  }
  return most;
}

/** A hard limit, and what it would have to be for a component to be served; undefined when no value of it alone is enough. */
type Remedy = (sla: Sla, serves: (changed: Partial<Sla>) => boolean, pools: readonly RoutePool[]) => string | undefined;

const REMEDIES: readonly Remedy[] = [
  ({ maxLatencyUs: asked }, serves, pools) => {
    if (asked === 0n) return undefined;
    const latencies = [...new Set(pools.map(({ service }) => service.latencyUs))].filter((latency) => latency > asked);
    const enough = findFirst(latencies.sort(ascending), (maxLatencyUs) => serves({ maxLatencyUs }));
    return enough === undefined ? undefined : `max_latency: best reachable ${milliseconds(enough)}, asked ${milliseconds(asked)}`;
  },
  ({ minTier: asked }, serves, pools) => {
    const tiers = [...new Set(pools.map(({ service }) => service.tier))].filter((tier) => tier < asked);
    const enough = findFirst(
      tiers.sort((a, b) => b - a),
      (minTier) => serves({ minTier }),
    );
    return enough === undefined ? undefined : `min_tier: best reachable ${enough}, asked ${asked}`;
  },
  ({ regions }, serves) =>
    regions.length > 0 && serves({ regions: [] }) ? `regions: pools outside of ${regions.join(", ")} would be needed` : undefined,
  ({ nearRegions, maxRemotePpm }, serves) =>
    nearRegions.length > 0 && maxRemotePpm === 0 && serves({ nearRegions: [] })
      ? `max_remote: pools outside of ${nearRegions.join(", ")} would be needed, asked 0 %`
      : undefined,
];

/**
 * Which single hard limits keep a component from being served, and what each would have to be.
 * @param m the component's place in the problem
 * @returns one text per such limit; empty when no single limit is the cause
 */
export function explainShortage(bundle: Bundle, pools: readonly RoutePool[], m: number): readonly string[] {
  const { sla } = bundle;
  if (sla === undefined) return [];
  const serves = (changed: Partial<Sla>): boolean => {
    const component = createProblem({ ...bundle, sla: { ...sla, ...changed } }, pools).components[m];
    return component !== undefined && capacityOf(component) >= unitsOf(component);
  };
  return REMEDIES.flatMap((remedy) => remedy(sla, serves, pools) ?? []);
}

/** First value that is enough, of values that only get easier; halving. */
function findFirst<T>(values: readonly T[], isEnough: (value: T) => boolean): T | undefined {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const value = values[middle];
    if (value !== undefined && isEnough(value)) high = middle;
    else low = middle + 1;
  }
  return values[low];
}

const ascending = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);
const milliseconds = (microseconds: bigint): string => `${(Number(microseconds) / 1e3).toFixed(3)} ms`;
