// Routing a bundle: time to solve, and time to check the certificate, over random markets.
// usage: node dist/test/bench/route.js [--pools 1000] [--classes 5] [--rounds 50] [--cap-bps 3000] [--share-bps 100] [--max-legs 0]
//        [--colocated] [--no-risk] [--json]

import { parseArgs } from "node:util";
import { solveRoute } from "../../app/route/solveRoute.ts";
import { certifiedGap, parseCertificate } from "../../modules/hmm/route/certificate.ts";
import { checkRoute } from "../../modules/hmm/route/checkRoute.ts";
import { createProblem } from "../../modules/hmm/route/problem.ts";
import { BINDING, bundleOf, classNames, randomPools } from "./routePools.ts";

const { values } = parseArgs({
  options: {
    pools: { type: "string", default: "1000" },
    classes: { type: "string", default: "5" },
    rounds: { type: "string", default: "50" },
    "cap-bps": { type: "string", default: "3000" },
    "share-bps": { type: "string", default: "100" },
    "max-legs": { type: "string", default: "0" },
    colocated: { type: "boolean", default: false },
    "no-risk": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const ROUNDS = Number(values.rounds);
const WARMUP = 16;
const MARKETS = 8;
const classes = Number(values.classes);

/** Milliseconds in rising order. */
function summary(times: number[]): { p50: number; p99: number; max: number } {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? 0 };
}

const solve: number[] = [];
const check: number[] = [];
let worstGap = 0n;
let legs = 0;
const markets = Array.from({ length: MARKETS }, (_, i) =>
  randomPools({
    classes,
    pools: Number(values.pools),
    seed: 1000 + i,
    capBps: BigInt(values["cap-bps"]),
    riskE18: values["no-risk"] ? 0n : 10n ** 17n,
  }),
);
for (let round = 0; round < WARMUP + ROUNDS; round++) {
  // New objects, as a query reads them: nothing that a solver remembers of a pool may come from an earlier round.
  const pools = (markets[round % MARKETS] ?? []).map((pool) => ({ ...pool }));
  const bundle = bundleOf(pools, BigInt(values["share-bps"]), BINDING, values.colocated ? classNames(classes).slice(0, 3) : []);
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
const report = {
  pools: Number(values.pools) * classes,
  rounds: ROUNDS,
  solveMs: summary(solve),
  checkMs: summary(check),
  worstGapPpm: Number(worstGap),
  mostLegs: legs,
};
if (values.json) console.log(JSON.stringify(report));
else console.log(report);
