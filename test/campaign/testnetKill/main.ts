// Kills the nodes of a network in turn: `node dist/test/campaign/testnetKill/main.js [--minutes 2] [--every 10] [--seed 1]`
import { parseArgs } from "node:util";
import { runKills } from "./killRounds.ts";

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 100_000)) throw new Error(`--${name}: expected a number above 0, got "${text}"`);
  return value;
}

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "2" },
    every: { type: "string", default: "10" },
    seed: { type: "string", default: "1" },
  },
});
const { passed, failed } = await runKills(
  {
    durationMs: positive("minutes", values.minutes) * 60_000,
    everyMs: positive("every", values.every) * 1_000,
    seed: positive("seed", values.seed),
  },
  (line) => console.log(line),
);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
