// Fuzzes every reader of foreign bytes: `node dist/test/fuzz/main.js [--executions N] [--seed S] [--only txRaw] [--commands 200]`
import { parseArgs } from "node:util";
import { fuzz } from "./fuzz.ts";
import type { FuzzTarget } from "./target.ts";
import { commandTarget } from "./targets/commandTarget.ts";
import { targets } from "./targets.ts";

/** Executions between two signs of progress; each chunk has a seed of its own, so that a finding is met again at once. */
const CHUNK = 20_000;

const { values } = parseArgs({
  options: {
    executions: { type: "string", default: "1000000" },
    seed: { type: "string", default: "1" },
    only: { type: "string", default: "" },
    commands: { type: "string", default: "200" },
  },
});

async function runTarget(target: FuzzTarget, executions: number, seed: number): Promise<number> {
  const started = performance.now();
  for (let done = 0; done < executions; done += CHUNK) {
    const count = Math.min(CHUNK, executions - done);
    const finding = await fuzz(target, count, seed + done / CHUNK);
    if (finding !== undefined) {
      const { bytes, error } = finding;
      console.log(`FAILED ${target.name} after ${done} executions: ${error instanceof Error ? error.stack : String(error)}`);
      console.log(`  input, base64: ${Buffer.from(bytes).toString("base64")}`);
      console.log(
        `  again: make fuzz SEED=${seed + done / CHUNK} ONLY=${target.name} N=${CHUNK}; keep it in test/fuzz/corpus/${target.name}/`,
      );
      return 1;
    }
    if (process.stderr.isTTY) process.stderr.write(`\r${target.name} ${done + count} of ${executions}\u001b[K`);
  }
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  console.log(`${target.name.padEnd(14)} ${executions} executions, ${Math.round((performance.now() - started) / 1000)} s`);
  return 0;
}

const total = Number(values.executions);
const seed = Number(values.seed);
const chosen = [...targets, commandTarget].filter(({ name }) => values.only === "" || name === values.only);
const shares = chosen.reduce((sum, { share }) => sum + share, 0);
let [failed, executed] = [0, 0];
for (const target of chosen) {
  const executions = target === commandTarget ? Number(values.commands) : Math.ceil((total * target.share) / shares);
  executed += executions;
  failed += await runTarget(target, executions, seed);
}
console.log(`${executed} executions of ${chosen.length} targets`);
console.log(`${chosen.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 || chosen.length === 0 ? 1 : 0;
