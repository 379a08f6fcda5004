// Breaks nodes on purpose: `node dist/test/campaign/fault/main.js [--rounds N] [--from N] [--seed S] [--only own:beforeBatch] [--jobs 3] [--ready-ms 60000]`
// Ctrl-C ends it behind the rounds under way, with what was found and how to go on.
import { parseArgs } from "node:util";
import { stopSignal } from "../../../cmd/shared/stopSignal.ts";
import { runCampaign } from "./campaign.ts";

function wholeNumber(name: string, text: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) throw new Error(`--${name}: expected a whole number, got "${text}"`);
  return Number(text);
}

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "50" },
    from: { type: "string", default: "0" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
    jobs: { type: "string", default: "3" },
    "ready-ms": { type: "string", default: "60000" },
  },
});
const started = performance.now();
const rounds = wholeNumber("rounds", values.rounds);
const seed = wholeNumber("seed", values.seed);
const only = values.only === "" ? undefined : values.only;
const summary = await runCampaign(
  {
    rounds,
    from: wholeNumber("from", values.from),
    seed,
    only,
    readyBoundMs: wholeNumber("ready-ms", values["ready-ms"]),
    jobs: Math.max(1, wholeNumber("jobs", values.jobs)),
    signal: stopSignal(),
  },
  (line) => console.log(line),
);
for (const [name, count] of [...summary.counts].sort(([a], [b]) => (a < b ? -1 : 1))) console.log(`${name.padEnd(36)} ${count}`);
console.log(
  `${summary.heights} heights equal to the twin's, slowest start ${Math.round(summary.slowestReadyMs)} ms, ${Math.round((performance.now() - started) / 1000)} s`,
);
if (summary.next < rounds)
  console.log(
    `not all rounds were run; to go on: make fault N=${rounds} FROM=${summary.next} SEED=${seed}${only === undefined ? "" : ` ONLY=${only}`}`,
  );
console.log(`${summary.passed} passed, ${summary.failed} failed`);
process.exitCode = summary.failed > 0 || summary.next < rounds ? 1 : 0;
