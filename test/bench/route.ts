// Routing a bundle: time to solve, and time to check the certificate, over random markets. Every round has another bundle; pools are those of
// an earlier round (warm), or new objects, as with the first request after a block that changed every pool.
// usage: node dist/test/bench/route.js [--pools 1000] [--classes 5] [--rounds 200] [--cap-bps 3000] [--share-ppm 10000] [--max-legs 0]
//        [--colocated] [--no-risk] [--json]

import { parseArgs } from "node:util";
import type { Bundle } from "#proto/hanzo/hmm/v1/types";
import { solveRoute } from "../../app/route/solveRoute.ts";
import { certifiedGap, parseCertificate } from "../../modules/hmm/route/certificate.ts";
import { checkRoute } from "../../modules/hmm/route/checkRoute.ts";
import { createProblem, type RoutePool } from "../../modules/hmm/route/problem.ts";
import { BINDING, bundleOf, classNames, randomPools } from "./routePools.ts";

const { values } = parseArgs({
  options: {
    pools: { type: "string", default: "1000" },
    classes: { type: "string", default: "5" },
    rounds: { type: "string", default: "200" },
    "cap-bps": { type: "string", default: "3000" },
    "share-ppm": { type: "string", default: "10000" },
    "max-legs": { type: "string", default: "0" },
    colocated: { type: "boolean", default: false },
    "no-risk": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const ROUNDS = Number(values.rounds);
/** Rounds until the compiler has settled. */
const WARMUP = 100;
const MARKETS = 8;
const classes = Number(values.classes);

/** Milliseconds in rising order. */
function summary(times: number[]): { p50: number; p99: number; max: number } {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? 0 };
}

const markets = Array.from({ length: MARKETS }, (_, i) =>
  randomPools({
    classes,
    pools: Number(values.pools),
    seed: 1000 + i,
    capBps: BigInt(values["cap-bps"]),
    riskE18: values["no-risk"] ? 0n : 10n ** 17n,
  }),
);
let worstGap = 0n;
let legs = 0;

/** A bundle of another size and with other limits in every round. */
function bundleAt(round: number, pools: readonly RoutePool[]): Bundle {
  const share = (BigInt(values["share-ppm"]) * BigInt(75 + ((round * 37) % 51))) / 100n;
  const tighter = (limit: bigint | undefined): bigint => ((limit ?? 0n) * BigInt(95 + ((round * 7) % 11))) / 100n;
  const sla = { ...BINDING, meanLatencyUs: tighter(BINDING.meanLatencyUs), meanJitterUs: tighter(BINDING.meanJitterUs) };
  return bundleOf(pools, share, sla, values.colocated ? classNames(classes).slice(0, 3) : []);
}

/**
 * Times of solving and checking, one bundle a round.
 * @param poolsAt the pools of a round: the same objects are a market that the solver knows, as in a block's second and later requests
 */
function timeRounds(poolsAt: (round: number) => readonly RoutePool[]): { readonly solve: number[]; readonly check: number[] } {
  const solve: number[] = [];
  const check: number[] = [];
  for (let round = 0; round < WARMUP + ROUNDS; round++) {
    const pools = poolsAt(round);
    const bundle = bundleAt(round, pools);
    const started = performance.now();
    const route = solveRoute({ bundle, pools, maxLegs: Number(values["max-legs"]) });
    const solved = performance.now();
    const problem = createProblem(bundle, pools);
    const placed = checkRoute(problem, route.legs);
    const { gapPpm } = certifiedGap(problem, placed, route.cost, parseCertificate(problem, route.certificate));
    const checked = performance.now();
    if (gapPpm > worstGap) worstGap = gapPpm;
    legs = Math.max(legs, route.legs.length);
    if (round < WARMUP) continue;
    solve.push(solved - started);
    check.push(checked - solved);
  }
  return { solve, check };
}

const known = timeRounds((round) => markets[round % MARKETS] ?? []);
const fresh = timeRounds((round) => (markets[round % MARKETS] ?? []).map((pool) => ({ ...pool })));
const report = {
  pools: Number(values.pools) * classes,
  rounds: ROUNDS,
  solveMs: summary(known.solve),
  solveNewPoolsMs: summary(fresh.solve),
  checkMs: summary(known.check),
  checkNewPoolsMs: summary(fresh.check),
  worstGapPpm: Number(worstGap),
  mostLegs: legs,
};
if (values.json) console.log(JSON.stringify(report));
else console.log(report);
