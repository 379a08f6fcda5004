import assert from "node:assert/strict";
import { test } from "node:test";
import type { Bundle, Sla } from "#proto/hanzo/hmm/v1/types";
import { type SolvedRoute, solveRoute } from "../../../app/route/solveRoute.ts";
import { quoteBuyExactOut } from "../../../modules/hmm/curve/quote.ts";
import { checkRoute } from "../../../modules/hmm/route/checkRoute.ts";
import { createProblem, type RoutePool } from "../../../modules/hmm/route/problem.ts";
import { BINDING, bundleOf, randomPools } from "../../bench/routePools.ts";

const RISK = 10n ** 17n;
const market = (seed: number, pools = 40, classes = 3): RoutePool[] => randomPools({ classes, pools, seed, capBps: 3000n, riskE18: RISK });

function changed(bundle: Bundle, sla: Partial<Sla>): Bundle {
  assert.ok(bundle.sla !== undefined);
  return { ...bundle, sla: { ...bundle.sla, ...sla } };
}

test("one pool is bought from at its quote", () => {
  const [pool] = market(1, 1, 1);
  assert.ok(pool !== undefined);
  const bundle: Bundle = { needs: [{ resourceClass: pool.resourceClass, resource: "1000000" }], sla: undefined, colocated: [] };
  const route = solveRoute({ bundle, pools: [pool] });
  assert.deepEqual(
    route.legs.map(({ poolId, psi }) => [poolId, psi]),
    [[pool.id, 1_000_000n]],
  );
  assert.equal(route.cost, quoteBuyExactOut(pool, 1_000_000n).credit);
  assert.equal(route.extraCost, 0n);
});

test("a route serves its bundle, its legs add up to its cost, and its certified gap is at most one millionth", () => {
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const pools = market(seed);
    const colocated = seed % 2 === 0 ? ["cpu", "gpu"] : [];
    const bundle = bundleOf(pools, 10_000n, BINDING, colocated);
    const route = solveRoute({ bundle, pools });
    checkRoute(createProblem(bundle, pools), route.legs);
    assert.equal(
      route.cost,
      route.legs.reduce((sum, { credit }) => sum + credit, 0n),
    );
    assert.equal(
      route.cost,
      route.classes.reduce((sum, { cost }) => sum + cost, 0n),
    );
    assert.ok(route.gapPpm <= 1n, `seed ${seed}: ${route.gapPpm} ppm`);
    for (const { name, reached, bound } of route.shadowPrices) assert.ok(reached <= bound, name);
  }
});

test("loosening a limit saves its shadow price", () => {
  const pools = market(9);
  const bundle = bundleOf(pools, 10_000n, BINDING);
  const solve = (sla: Partial<Sla>): SolvedRoute => solveRoute({ bundle: changed(bundle, sla), pools });
  const rows = [
    { limit: "mean_latency", by: 20n, loose: { meanLatencyUs: 60_020n }, tight: { meanLatencyUs: 59_980n } },
    { limit: "mean_jitter", by: 5n, loose: { meanJitterUs: 7_005n }, tight: { meanJitterUs: 6_995n } },
    { limit: "remote", by: 200n, loose: { maxRemotePpm: 200_200 }, tight: { maxRemotePpm: 199_800 } },
  ];
  const { shadowPrices } = solve({});
  for (const { limit, by, loose, tight } of rows) {
    const price = shadowPrices.find(({ name }) => name === limit)?.nuE18 ?? 0n;
    const saved = Number(solve(tight).cost - solve(loose).cost);
    const promised = (Number(price) / 1e18) * Number(2n * by);
    assert.ok(promised > 0, `${limit} binds`);
    assert.ok(Math.abs(saved - promised) <= 1e-3 * promised, `${limit}: saved ${saved}, shadow price promised ${promised}`);
  }
});

test("one more unit of a class costs its marginal price", () => {
  const pools = market(10);
  const bundle = bundleOf(pools, 10_000n, BINDING);
  const { classes } = solveRoute({ bundle, pools });
  for (const { resourceClass, psi, priceE18 } of classes) {
    const step = psi / 10_000n;
    const costs = [psi - step, psi + step].map((amount) => {
      const needs = bundle.needs.map((need) => (need.resourceClass === resourceClass ? { ...need, resource: amount.toString() } : need));
      return solveRoute({ bundle: { ...bundle, needs }, pools }).cost;
    });
    const rise = Number((costs[1] ?? 0n) - (costs[0] ?? 0n)) / Number(2n * step);
    const price = Number(priceE18) / 1e18;
    assert.ok(Math.abs(rise - price) <= 1e-3 * price, `${resourceClass}: ${rise} per unit, marginal price ${price}`);
  }
});

test("fewer legs cost a little more, which is reported and certified", () => {
  const pools = market(11, 200, 5);
  const bundle = bundleOf(pools, 1_000n, BINDING);
  const free = solveRoute({ bundle, pools });
  assert.ok(free.legs.length > 64, `${free.legs.length} legs`);
  const route = solveRoute({ bundle, pools, maxLegs: 64 });
  assert.ok(route.legs.length <= 64);
  checkRoute(createProblem(bundle, pools), route.legs);
  const extra = route.cost - free.cost;
  assert.ok(extra > 0n && extra * 100n < free.cost, `${extra} of ${free.cost}`);
  assert.ok(Math.abs(Number(route.extraCost - extra)) <= 1e-6 * Number(free.cost));
  const gap = Number(extra) / Number(free.cost);
  assert.ok(Math.abs(Number(route.gapPpm) - gap * 1e6) <= 2 + gap * 1e5, `certified ${route.gapPpm} ppm, true ${gap * 1e6}`);
  const small = randomPools({ classes: 1, pools: 300, seed: 4, capBps: 25n, riskE18: RISK });
  const capped = solveRoute({ bundle: bundleOf(small, 300n, undefined), pools: small, maxLegs: 30 });
  assert.ok(capped.legs.length <= 30, "small caps: large pools are preferred");
});

test("small jobs on large pools, where prices hardly rise, are routed as well as large ones", () => {
  for (const seed of [50, 51, 52]) {
    const pools = randomPools({ classes: 4, pools: 60, seed, capBps: 25n, riskE18: RISK });
    for (const parts of [100n, 10_000n, 1_000_000n]) {
      const large = bundleOf(pools, 100n, BINDING, seed === 51 ? ["cpu", "gpu"] : []);
      const needs = large.needs.map((need) => ({ ...need, resource: (BigInt(need.resource) / parts).toString() }));
      const bundle = { ...large, needs };
      const route = solveRoute({ bundle, pools });
      checkRoute(createProblem(bundle, pools), route.legs);
      // Placed together, a base unit more or less per leg counts, and needs are some thousand units at the smallest.
      const rounding = parts === 1_000_000n ? 50n : 1n;
      assert.ok(route.gapPpm <= rounding, `seed ${seed}, 1/${parts}: ${route.gapPpm} ppm`);
    }
  }
});

test("the smallest needs are met, down to one base unit", () => {
  const pools = market(12);
  for (const amount of [1n, 2n, 3n, 10n, 1_000n]) {
    const needs = ["cpu", "disk", "gpu"].map((resourceClass) => ({ resourceClass, resource: amount.toString() }));
    for (const colocated of [[], ["cpu", "gpu"]]) {
      const bundle: Bundle = { needs, sla: undefined, colocated };
      const route = solveRoute({ bundle, pools });
      checkRoute(createProblem(bundle, pools), route.legs);
    }
  }
});

test("a limit that leaves exactly one choice is met", () => {
  const pools = market(13, 20, 1).map((pool, i) => ({ ...pool, service: { ...pool.service, latencyUs: i === 7 ? 1_000n : 9_000n } }));
  const [first] = pools;
  assert.ok(first !== undefined);
  const bundle: Bundle = { needs: [{ resourceClass: "cpu", resource: "123456789" }], sla: undefined, colocated: [] };
  const sla: Sla = { maxLatencyUs: 0n, meanLatencyUs: 1_000n, meanJitterUs: 0n, regions: [], nearRegions: [], maxRemotePpm: 0, minTier: 0 };
  const route = solveRoute({ bundle: { ...bundle, sla }, pools });
  assert.deepEqual(
    route.legs.map(({ poolId }) => poolId),
    ["cpu-0007"],
  );
});

test("what cannot be met is named, with how near it comes", () => {
  const pools = market(14);
  const base = bundleOf(pools, 10_000n, BINDING);
  const all = pools.filter(({ resourceClass }) => resourceClass === "cpu").reduce((sum, { cap }) => sum + cap, 0n);
  const cpu = base.needs.map((need) => (need.resourceClass === "cpu" ? { ...need, resource: (all + 1n).toString() } : need));
  const rows: readonly (readonly [Bundle, RegExp])[] = [
    [{ ...base, needs: cpu }, new RegExp(`cpu: ${all} of ${all + 1n} base units can be bought at once from 40 eligible pools`)],
    [changed(base, { maxLatencyUs: 1_000n }), /max_latency: best reachable \d+\.\d{3} ms, asked 1\.000 ms; cpu: 0 of \d+ base units/],
    [changed(base, { minTier: 9 }), /min_tier: best reachable \d, asked 9; cpu: 0 of/],
    [changed(base, { regions: ["nowhere"] }), /regions: pools outside of nowhere would be needed; cpu: 0 of/],
    [changed(base, { nearRegions: ["nowhere"], maxRemotePpm: 0 }), /max_remote: pools outside of nowhere would be needed, asked 0 %; cpu/],
    [changed(base, { minTier: 9, regions: ["nowhere"] }), /^(?!.*would be needed).*cpu: 0 of/],
    [changed(base, { minTier: 9 }), /cpu: 0 of \d+ base units can be bought at once from 0 eligible pools/],
    [changed(base, { meanLatencyUs: 6_000n }), /mean_latency: best reachable \d+\.\d{3} ms, asked 6\.000 ms/],
    [changed(base, { meanJitterUs: 600n }), /mean_jitter: best reachable \d+\.\d{3} ms, asked 0\.600 ms/],
    [
      changed(base, { meanLatencyUs: 20_000n, meanJitterUs: 1_900n }),
      /each can be met, but not together; every route exceeds one of them by at least [\d.]+ %/,
    ],
  ];
  for (const [bundle, text] of rows) {
    assert.throws(
      () => solveRoute({ bundle, pools }),
      (error: Error & { code?: number }) => error.code === 27 && text.test(error.message) && /bundle cannot be met/.test(error.message),
      String(text),
    );
  }
});
