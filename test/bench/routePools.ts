import type { Bundle, Sla } from "#proto/hanzo/hmm/v1/types";
import type { RoutePool } from "../../modules/hmm/route/problem.ts";

const E18 = 10n ** 18n;

/** Numbers in [0, 1) from a seed, the same on every machine. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** How a market of random pools looks. */
export interface MarketOptions {
  readonly classes: number;
  /** Pools per class. */
  readonly pools: number;
  readonly seed: number;
  /** Largest purchase, in bps of the reserve. */
  readonly capBps: bigint;
  /** Risk fee coefficient, times 10^18. */
  readonly riskE18: bigint;
}

/** Names of the classes of {@link randomPools}. */
export function classNames(count: number): string[] {
  return ["cpu", "disk", "gpu", "net", "vram", "x5", "x6", "x7"].slice(0, count);
}

/** Pools with prices within some 30 %, sizes within a factor of ten, latencies of 5 to 200 ms. Half of them are away from their reference. */
export function randomPools({ classes, pools, seed, capBps, riskE18 }: MarketOptions): RoutePool[] {
  const random = seeded(seed);
  const made: RoutePool[] = [];
  for (const [i, resourceClass] of classNames(classes).entries()) {
    for (let j = 0; j < pools; j++) {
      const psi = BigInt(Math.floor((1 + 9 * random()) * 1e15));
      const price = (0.85 + 0.3 * random()) * 10 ** (9 - i);
      const centreE18 = BigInt(Math.floor(price * 1e9)) * 10n ** 9n;
      const theta = (psi * centreE18) / E18;
      const away = random();
      const psiRef = away < 0.5 ? psi : BigInt(Math.floor(Number(psi) * (0.9 + 0.2 * random())));
      made.push({
        id: `${resourceClass}-${String(j).padStart(4, "0")}`,
        resourceClass,
        psi,
        theta,
        centreE18,
        wE18: E18,
        lambdaE18: E18 / 20n,
        marketFeeE18: 3n * 10n ** 15n,
        riskE18,
        psiRef,
        cap: (psi * capBps) / 10_000n,
        service: {
          group: `g${j}`,
          region: ["eu", "us", "ap"][j % 3] ?? "eu",
          tier: j % 4,
          latencyUs: BigInt(Math.floor(5_000 + 195_000 * random())),
          jitterUs: BigInt(Math.floor(500 + 19_500 * random())),
        },
      });
    }
  }
  return made;
}

/** Limits that bind moderately on {@link randomPools}. */
export const BINDING: Partial<Sla> = {
  meanLatencyUs: 60_000n,
  meanJitterUs: 7_000n,
  nearRegions: ["eu", "us"],
  maxRemotePpm: 200_000,
};

/** A bundle of the classes; every need is a share of the reserves of all its pools, in ppm. */
export function bundleOf(pools: readonly RoutePool[], sharePpm: bigint, sla: Partial<Sla> | undefined, colocated: string[] = []): Bundle {
  const needs = new Map<string, bigint>();
  for (const { resourceClass, psi } of pools) needs.set(resourceClass, (needs.get(resourceClass) ?? 0n) + psi);
  const full: Sla = {
    maxLatencyUs: 0n,
    meanLatencyUs: 0n,
    meanJitterUs: 0n,
    regions: [],
    nearRegions: [],
    maxRemotePpm: 0,
    minTier: 0,
    ...sla,
  };
  return {
    needs: [...needs].map(([resourceClass, psi]) => ({ resourceClass, resource: ((psi * sharePpm) / 1_000_000n).toString() })),
    sla: sla === undefined ? undefined : full,
    colocated,
  };
}
