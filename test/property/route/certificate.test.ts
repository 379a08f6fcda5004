import assert from "node:assert/strict";
import { test } from "node:test";
import { solveRoute } from "../../../app/route/solveRoute.ts";
import { ModuleError, minOf } from "../../../app/sdk/index.ts";
import { quoteBuyExactOut } from "../../../modules/hmm/curve/quote.ts";
import { certifiedGap, NO_BOUND_PPM, parseCertificate, type RouteDuals } from "../../../modules/hmm/route/certificate.ts";
import { checkRoute, type PlacedRoute, type RouteAmount } from "../../../modules/hmm/route/checkRoute.ts";
import { createProblem, type RoutePool, type RouteProblem } from "../../../modules/hmm/route/problem.ts";
import { fc } from "../../harness/fastCheck.ts";
import { allRoutes, anySmallCase } from "./smallMarkets.ts";

const E18 = 10n ** 18n;
const RUNS = { seed: 7, numRuns: 400 } as const;

interface Priced {
  readonly legs: readonly RouteAmount[];
  readonly placed: PlacedRoute;
  readonly cost: bigint;
}

function costOf(pools: readonly RoutePool[], legs: readonly RouteAmount[]): bigint {
  return legs.reduce((sum, { poolId, psi }) => {
    const pool = pools.find(({ id }) => id === poolId);
    assert.ok(pool !== undefined);
    return sum + quoteBuyExactOut(pool, psi).credit;
  }, 0n);
}

function cheapest(routes: readonly Priced[]): bigint {
  return routes.reduce((least, { cost }) => minOf(least, cost), routes[0]!.cost);
}

/** Every route that serves the problem. */
function feasible(problem: RouteProblem, pools: readonly RoutePool[]): Priced[] {
  const found: Priced[] = [];
  for (const legs of allRoutes(problem)) {
    try {
      const placed = checkRoute(problem, legs);
      found.push({ legs, placed, cost: costOf(pools, legs) });
    } catch (error) {
      if (!(error instanceof ModuleError)) throw error;
    }
  }
  return found;
}

/** Whether a gap is at least the true one, or says that nothing was proved. */
function isHonest(gapPpm: bigint, cost: bigint, best: bigint): boolean {
  return gapPpm === NO_BOUND_PPM || gapPpm * best >= (cost - best) * 1_000_000n;
}

const anyDual = fc.record({
  mu: fc.array(fc.bigInt({ min: 0n, max: 2n ** 80n }), { minLength: 2, maxLength: 2 }),
  nu: fc.array(fc.bigInt({ min: 0n, max: 2n ** 70n }), { minLength: 3, maxLength: 3 }),
  muScale: fc.bigInt({ min: 0n, max: 300n }),
  nuScale: fc.bigInt({ min: 0n, max: 300n }),
});

test("whatever the prices and the route, no certificate claims more than the cheapest of all routes allows", () => {
  let proved = 0;
  fc.assert(
    fc.property(anySmallCase, anyDual, fc.nat(), ({ bundle, pools }, dual, pick) => {
      const problem = createProblem(bundle, pools);
      const routes = feasible(problem, pools);
      if (routes.length === 0) return;
      const best = cheapest(routes);
      const route = routes[pick % routes.length]!;
      const wild: RouteDuals = {
        muE18: problem.components.map((_, m) => dual.mu[m] ?? 0n),
        nuE18: problem.limits.map((_, k) => dual.nu[k] ?? 0n),
      };
      const near: RouteDuals = {
        muE18: problem.components.map(() => (best * E18 * dual.muScale) / 100n),
        nuE18: problem.limits.map(({ bound }) => (best * E18 * dual.nuScale) / (100n * bound)),
      };
      for (const duals of [wild, near]) {
        const { boundE18, gapPpm } = certifiedGap(problem, route.placed, route.cost, duals);
        assert.ok(boundE18 <= best * E18, `claimed ${boundE18}, cheapest ${best}`);
        if (boundE18 > 0n) proved++;
        assert.ok(isHonest(gapPpm, route.cost, best), "a smaller gap than the true one");
      }
    }),
    RUNS,
  );
  assert.ok(proved > 50, `only ${proved} certificates claimed anything`);
});

test("the solver's certificate stays below the cheapest route, tampered or not", () => {
  fc.assert(
    fc.property(anySmallCase, fc.constantFrom(-3n, -1n, 1n, 5n), fc.nat(), ({ bundle, pools }, percent, pick) => {
      const problem = createProblem(bundle, pools);
      const routes = feasible(problem, pools);
      if (routes.length === 0) return;
      const best = cheapest(routes);
      let solved: ReturnType<typeof solveRoute>;
      try {
        solved = solveRoute({ bundle, pools });
      } catch (error) {
        assert.ok(error instanceof ModuleError && error.code === 27, String(error));
        return;
      }
      const honest = parseCertificate(problem, solved.certificate);
      const scaled = (value: bigint): bigint => (value * (100n + percent)) / 100n;
      const other = routes[pick % routes.length]!;
      const tampered: RouteDuals[] = [
        honest,
        { ...honest, muE18: honest.muE18.map(scaled) },
        { ...honest, nuE18: honest.nuE18.map(scaled) },
        { muE18: honest.muE18.map(scaled), nuE18: honest.nuE18.map((nu) => nu + 1n) },
      ];
      for (const duals of tampered) {
        for (const { placed, cost } of [other, { placed: checkRoute(problem, solved.legs), cost: solved.cost }]) {
          const { boundE18, gapPpm } = certifiedGap(problem, placed, cost, duals);
          assert.ok(boundE18 <= best * E18);
          assert.ok(isHonest(gapPpm, cost, best));
        }
      }
    }),
    RUNS,
  );
});
