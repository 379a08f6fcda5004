// The same seeded blocks in every variant: `node dist/test/campaign/determinism/main.js [--chains N] [--blocks B] [--seed S] [--node24 PATH]`,
// `--write-golden` renews the golden hashes of test/golden/determinism.
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compare, type Run, replay, writeBlocks } from "./compareVariants.ts";
import { neverFailed, neverSucceeded } from "./coverage.ts";
import { writeGolden } from "./golden.ts";
import { recordBlocks } from "./recordBlocks.ts";
import { variants } from "./variants.ts";

/** What was seen of the messages in all chains together. */
const seen = { types: new Set<string>(), failed: new Set<string>() };
/** So many blocks have every message succeed and fail. */
const ENOUGH_BLOCKS = 300;

async function runChain(seed: number, blocks: number, node24: string | undefined): Promise<{ passed: number; failed: number }> {
  const folder = await mkdtemp(join(tmpdir(), "hz-determinism-"));
  try {
    const recording = await recordBlocks(seed, blocks);
    const file = join(folder, "blocks");
    await writeBlocks(file, recording.blocks);
    console.log(`seed ${seed}: ${recording.blocks.length} blocks, ${recording.txs} transactions, ${recording.succeeded} succeeded`);
    for (const type of recording.types) seen.types.add(type);
    for (const type of recording.failed) seen.failed.add(type);
    let [passed, failed] = [0, 0];
    let right: { readonly run: Run; readonly digests: readonly string[] } | undefined;
    for (const variant of variants) {
      const node = variant.node24 === true ? node24 : process.execPath;
      if (node === undefined) continue;
      let difference: string | undefined;
      try {
        right ??= { run: { variant, node }, digests: await replay(file, { variant, node }) };
        difference = await compare(file, right.run, right.digests, { variant, node });
      } catch (cause) {
        difference = cause instanceof Error ? cause.message : String(cause);
      }
      if (difference === undefined) passed++;
      else {
        failed++;
        console.log(`FAILED seed ${seed}, ${variant.name}: ${difference}\n  again: make determinism SEED=${seed} N=1 BLOCKS=${blocks}`);
      }
    }
    return { passed, failed };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Blocks in which a message never succeeds, or never fails, prove little about it. @returns failures */
function reportUnseen(blocks: number): number {
  const unseen = [
    ["in no transaction that succeeded", neverSucceeded(seen)],
    ["never failed in a block", neverFailed(seen)],
  ] as const;
  let failed = 0;
  for (const [what, types] of unseen) {
    console.log(`messages ${what}: ${types.join(", ") || "none"}`);
    if (types.length > 0 && blocks >= ENOUGH_BLOCKS) failed++;
  }
  return failed;
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
  totals.failed += reportUnseen(Number(values.blocks) * Number(values.chains));
  console.log(`${totals.passed} passed, ${totals.failed} failed`);
  process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0;
}
