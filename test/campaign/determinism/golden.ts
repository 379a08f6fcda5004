import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { BlockDigest } from "./blockDigest.ts";
import { recordBlocks } from "./recordBlocks.ts";

/** Seed and number of the blocks whose outcome is committed. */
export const GOLDEN = { seed: 20_261_129, blocks: 220 } as const;

/** Committed outcome of the golden blocks. */
export interface GoldenFile {
  readonly seed: number;
  readonly digests: readonly BlockDigest[];
}

// dist/test/campaign/determinism → the sources.
const file = fileURLToPath(new URL("../../../../test/golden/determinism/blocks.json", import.meta.url));

/** Reads the committed outcome. */
export function readGolden(): GoldenFile {
  return JSON.parse(readFileSync(file, "utf8")) as GoldenFile;
}

/** Executes the golden blocks and commits to their outcome. @returns the file */
export async function writeGolden(): Promise<string> {
  const { digests } = await recordBlocks(GOLDEN.seed, GOLDEN.blocks);
  const lines = digests.map((digest) => JSON.stringify({ ...digest, txs: digest.txs.map((tx) => tx.slice(0, 16)) }));
  writeFileSync(file, `{"seed":${GOLDEN.seed},"digests":[\n${lines.join(",\n")}\n]}\n`);
  return file;
}
