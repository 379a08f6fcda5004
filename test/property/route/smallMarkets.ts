import type { Bundle, Sla } from "#proto/hanzo/hmm/v1/types";
import type { RouteAmount } from "../../../modules/hmm/route/checkRoute.ts";
import type { RoutePool, RouteProblem } from "../../../modules/hmm/route/problem.ts";
import { fc } from "../../harness/fastCheck.ts";

const E18 = 10n ** 18n;

/** A bundle and few small pools: small enough to try every route. */
export interface SmallCase {
  readonly bundle: Bundle;
  readonly pools: readonly RoutePool[];
}

const region = fc.constantFrom("eu", "us", "ap");

function anyPool(resourceClass: string, at: number): fc.Arbitrary<RoutePool> {
  return fc
    .record({
      psi: fc.bigInt({ min: 40n, max: 4_000n }),
      price: fc.bigInt({ min: 1n, max: 40n }),
      scale: fc.constantFrom(1n, 1_000n, 10n ** 9n),
      skew: fc.bigInt({ min: 60n, max: 160n }),
      lambda: fc.constantFrom(0n, E18 / 20n, E18 / 2n, (9n * E18) / 10n),
      fee: fc.constantFrom(0n, 3n * 10n ** 15n, 5n * 10n ** 16n),
      risk: fc.constantFrom(0n, 10n ** 17n, 3n * 10n ** 17n),
      away: fc.bigInt({ min: 70n, max: 140n }),
      cap: fc.bigInt({ min: 1n, max: 12n }),
      region,
      tier: fc.integer({ min: 0, max: 2 }),
      latency: fc.bigInt({ min: 1n, max: 200n }),
      jitter: fc.bigInt({ min: 0n, max: 20n }),
    })
    .map(({ psi, price, scale, skew, lambda, fee, risk, away, cap, tier, latency, jitter, region: where }) => ({
      id: `${resourceClass}${at}`,
      resourceClass,
      psi,
      theta: ((psi * price * skew) / 100n) * scale + 1n,
      centreE18: price * scale * E18,
      wE18: E18,
      lambdaE18: lambda,
      marketFeeE18: fee,
      riskE18: risk,
      psiRef: (psi * away) / 100n + 1n,
      cap,
      service: { group: `g${at}`, region: where, tier, latencyUs: latency, jitterUs: jitter },
    }));
}

const anySla: fc.Arbitrary<Sla> = fc.record({
  maxLatencyUs: fc.constantFrom(0n, 0n, 150n),
  meanLatencyUs: fc.constantFrom(0n, 60n, 100n, 140n),
  meanJitterUs: fc.constantFrom(0n, 0n, 8n, 14n),
  regions: fc.constantFrom<string[]>([], [], ["eu", "us"]),
  nearRegions: fc.constantFrom<string[]>([], ["eu"]),
  maxRemotePpm: fc.constantFrom(0, 250_000, 500_000),
  minTier: fc.constantFrom(0, 0, 1),
});

/** One or two classes of up to three pools each, together or apart. */
export const anySmallCase: fc.Arbitrary<SmallCase> = fc
  .record({
    a: fc.tuple(anyPool("a", 0), anyPool("a", 1), anyPool("a", 2)),
    b: fc.tuple(anyPool("b", 0), anyPool("b", 1), anyPool("b", 2)),
    needA: fc.bigInt({ min: 1n, max: 9n }),
    needB: fc.bigInt({ min: 1n, max: 9n }),
    sla: anySla,
    shape: fc.constantFrom("one", "apart", "together"),
  })
  .map(({ a, b, needA, needB, sla, shape }) => ({
    bundle: {
      needs: [
        { resourceClass: "a", resource: needA.toString() },
        ...(shape === "one" ? [] : [{ resourceClass: "b", resource: needB.toString() }]),
      ],
      sla,
      colocated: shape === "together" ? ["a", "b"] : [],
    },
    pools: [...a, ...b],
  }));

/** All ways to take `need` units out of pools with caps. */
function* splits(pools: readonly RoutePool[], need: bigint): Generator<RouteAmount[]> {
  const [pool, ...rest] = pools;
  if (pool === undefined) {
    if (need === 0n) yield [];
    return;
  }
  const most = pool.cap < need ? pool.cap : need;
  for (let psi = 0n; psi <= most; psi++) {
    for (const others of splits(rest, need - psi)) yield psi === 0n ? others : [{ poolId: pool.id, psi }, ...others];
  }
}

/** Every set of legs that meets the needs; limits and proportions are not looked at. */
export function* allRoutes(problem: RouteProblem): Generator<RouteAmount[]> {
  const classes = problem.components.flatMap(({ needs, options }) =>
    needs.map(({ psi }, i) => ({ psi, pools: options.flatMap(({ pools }) => pools[i] ?? []) })),
  );
  function* from(at: number): Generator<RouteAmount[]> {
    const entry = classes[at];
    if (entry === undefined) {
      yield [];
      return;
    }
    for (const legs of splits(entry.pools, entry.psi)) for (const rest of from(at + 1)) yield [...legs, ...rest];
  }
  yield* from(0);
}
