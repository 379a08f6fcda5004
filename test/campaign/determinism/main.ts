// The same seeded blocks in every variant: `node dist/test/campaign/determinism/main.js [--chains N] [--blocks B] [--seed S] [--node24 PATH]`,
// `--write-golden` renews the golden hashes of test/golden/determinism.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type BlockDigest, findDifference } from "./blockDigest.ts";
import { writeGolden } from "./golden.ts";
import { neverSucceeded, recordBlocks } from "./recordBlocks.ts";
import { type Variant, variants } from "./variants.ts";

const script = fileURLToPath(new URL("./replay.js", import.meta.url));

/** Runs a variant. @returns its lines */
async function replay(file: string, variant: Variant, node: string, until = 0): Promise<string[]> {
  const args = [...(variant.flags ?? []), script, file, JSON.stringify(variant), String(until)];
  const child = spawn(node, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...variant.env } });
  const [out, err]: [string[], string[]] = [[], []];
  child.stdout.setEncoding("utf8").on("data", (part: string) => out.push(part));
  child.stderr.setEncoding("utf8").on("data", (part: string) => err.push(part));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`${variant.name} ended with ${code}: ${err.join("").slice(0, 2000)}`);
  return out.join("").split("\n").slice(0, -1);
}

/** Compares a variant with the first one. @returns what differs first, down to store and key, undefined when nothing does */
async function compare(file: string, expected: readonly string[], variant: Variant, node: string): Promise<string | undefined> {
  const got = await replay(file, variant, node);
  const at = expected.findIndex((line, index) => line !== got[index]);
  if (at < 0 && got.length === expected.length) return undefined;
  const parse = (line: string | undefined): BlockDigest | undefined => (line === undefined ? undefined : (JSON.parse(line) as BlockDigest));
  const found = findDifference(parse(expected[at]), parse(got[at])) ?? `line ${at} differs`;
  const [reference] = variants;
  if (reference === undefined || at < 0) return found;
  const [right, wrong] = [await replay(file, reference, process.execPath, at + 1), await replay(file, variant, node, at + 1)];
  const all = new Set(right);
  const odd = wrong.filter((line) => !all.has(line)).concat(right.filter((line) => !wrong.includes(line)));
  return `${found}; ${odd.length} lines of state differ, first (store, key, value): ${odd[0] ?? "none"}`;
}

async function runChain(seed: number, blocks: number, node24: string | undefined): Promise<{ passed: number; failed: number }> {
  const folder = await mkdtemp(join(tmpdir(), "hz-determinism-"));
  try {
    const recording = await recordBlocks(seed, blocks);
    const file = join(folder, "blocks");
    // The letter keeps an empty transaction apart from none.
    const lines = recording.blocks.map((txs) => txs.map((tx) => `t${Buffer.from(tx).toString("base64")}`).join(" "));
    await writeFile(file, `${lines.join("\n")}\n`);
    console.log(`seed ${seed}: ${recording.blocks.length} blocks, ${recording.txs} transactions, ${recording.succeeded} succeeded`);
    if (seed % 10 === 1) console.log(`  in no transaction that succeeded: ${neverSucceeded(recording).join(", ") || "none"}`);
    let [passed, failed] = [0, 0];
    let expected: string[] | undefined;
    for (const variant of variants) {
      const node = variant.node24 === true ? node24 : process.execPath;
      if (node === undefined) continue;
      let difference: string | undefined;
      try {
        expected ??= await replay(file, variant, node);
        difference = await compare(file, expected, variant, node);
      } catch (cause) {
        difference = cause instanceof Error ? cause.message : String(cause);
      }
      if (difference === undefined) passed++;
      else {
        failed++;
        console.log(`FAILED seed ${seed}, ${variant.name}: ${difference}\n  again: make determinism SEED=${seed} N=1`);
      }
    }
    return { passed, failed };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const { values } = parseArgs({
  options: {
    chains: { type: "string", default: "3" },
    blocks: { type: "string", default: "150" },
    seed: { type: "string", default: "1" },
    node24: { type: "string", default: "" },
    "write-golden": { type: "boolean", default: false },
  },
});
if (values["write-golden"]) {
  console.log(`wrote ${await writeGolden()}`);
} else {
  const node24 = existsSync(values.node24) ? values.node24 : undefined;
  if (node24 === undefined) console.log("variants on Node 24 are left out: --node24 names no program");
  const totals = { passed: 0, failed: 0 };
  for (let chain = 0; chain < Number(values.chains); chain++) {
    const { passed, failed } = await runChain(Number(values.seed) + chain, Number(values.blocks), node24);
    totals.passed += passed;
    totals.failed += failed;
  }
  console.log(`${totals.passed} passed, ${totals.failed} failed`);
  process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0;
}
