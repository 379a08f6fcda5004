// Breaks nodes on purpose: `node dist/test/campaign/fault/main.js [--rounds N] [--seed S] [--only own:beforeBatch] [--ready-ms 60000]`
import { parseArgs } from "node:util";
import { runCampaign } from "./campaign.ts";

function wholeNumber(name: string, text: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) throw new Error(`--${name}: expected a whole number, got "${text}"`);
  return Number(text);
}

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "50" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
    "ready-ms": { type: "string", default: "60000" },
  },
});
const started = performance.now();
const summary = await runCampaign(
  {
    rounds: wholeNumber("rounds", values.rounds),
    seed: wholeNumber("seed", values.seed),
    only: values.only === "" ? undefined : values.only,
    readyBoundMs: wholeNumber("ready-ms", values["ready-ms"]),
  },
  (line) => console.log(line),
);
for (const [name, count] of [...summary.counts].sort(([a], [b]) => (a < b ? -1 : 1))) console.log(`${name.padEnd(36)} ${count}`);
console.log(
  `${summary.heights} heights equal to the twin's, slowest start ${Math.round(summary.slowestReadyMs)} ms, ${Math.round((performance.now() - started) / 1000)} s`,
);
console.log(`${summary.passed} passed, ${summary.failed} failed`);
process.exitCode = summary.failed > 0 ? 1 : 0;
