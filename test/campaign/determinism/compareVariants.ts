// Runs recorded blocks in processes of their own and compares what came of them.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type BlockDigest, findDifference, findOddLines } from "./blockDigest.ts";
import type { Variant } from "./variants.ts";

const script = fileURLToPath(new URL("./replay.js", import.meta.url));

/** How a variant is run. */
export interface Run {
  readonly variant: Variant;
  /** Path of Node. */
  readonly node: string;
}

/** Writes blocks for `replay`: one line per block, transactions as base64 with blanks between. */
export async function writeBlocks(file: string, blocks: readonly (readonly Uint8Array[])[]): Promise<void> {
  // The letter keeps an empty transaction apart from none.
  const lines = blocks.map((txs) => txs.map((tx) => `t${Buffer.from(tx).toString("base64")}`).join(" "));
  await writeFile(file, `${lines.join("\n")}\n`);
}

/** Executes blocks. @param until height whose results and state are wanted; 0 for a digest of every block @returns its lines */
export async function replay(file: string, { variant, node }: Run, until = 0): Promise<string[]> {
  const args = [...(variant.flags ?? []), script, file, JSON.stringify(variant), String(until)];
  const child = spawn(node, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...variant.env } });
  const [out, err]: [string[], string[]] = [[], []];
  child.stdout.setEncoding("utf8").on("data", (part: string) => out.push(part));
  child.stderr.setEncoding("utf8").on("data", (part: string) => err.push(part));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`${variant.name} ended with ${code}: ${err.join("").slice(0, 2000)}`);
  return out.join("").split("\n").slice(0, -1);
}

/**
 * Compares a run with the right one.
 * @param expected digests of the right one
 * @returns what differs first: height, transaction, part of its result, store and key; undefined when nothing does
 */
export async function compare(file: string, right: Run, expected: readonly string[], run: Run): Promise<string | undefined> {
  const got = await replay(file, run);
  const at = expected.findIndex((line, index) => line !== got[index]);
  if (at < 0 && got.length === expected.length) return undefined;
  const parse = (line: string | undefined): BlockDigest | undefined => (line === undefined ? undefined : (JSON.parse(line) as BlockDigest));
  const found = findDifference(parse(expected[at]), parse(got[at])) ?? `line ${at} differs`;
  if (at < 0) return found;
  return `${found}${findOddLines(await replay(file, right, at + 1), await replay(file, run, at + 1))}`;
}
