import { Command, InvalidArgumentError } from "commander";
import { SCALE_TABLE } from "#kernels";
import { isqrtDown } from "../../../app/math/isqrt.ts";
import { formatTable } from "../../shared/output.ts";
import { nodeClientOf } from "../client/nodeOption.ts";
import { homeOf, outputOf } from "../command/options.ts";
import { type BlockOptions, withBlockOptions } from "./blockOptions.ts";
import { openHomeContent } from "./homeContent.ts";
import { registryOf } from "./registry.ts";
import { getShard, type NamedShard, SHARD_NAMES } from "./shardSource.ts";

const PPM = 1_000_000n;
const MOST_ROWS = 256;

/** `hanzod experience diff 3 prior:default`. */
export function diffCommand(): Command {
  return withBlockOptions(new Command("diff").argument("<a>", SHARD_NAMES).argument("<b>", "another one"))
    .description("compare two shards: signs, scales and angle, in whole numbers")
    .option("--schema <id>", "schema of what does not say its own", "v1")
    .option("--rows <n>", "list so many rows that differ most", parseRows, 0)
    .action(diff);
}

function parseRows(text: string): number {
  const rows = Number(text);
  if (!Number.isInteger(rows) || rows < 0 || rows > MOST_ROWS) throw new InvalidArgumentError(`0 to ${MOST_ROWS} is expected`);
  return rows;
}

async function diff(a: string, b: string, options: BlockOptions & { readonly schema: string; readonly rows: number }): Promise<void> {
  const output = outputOf(options);
  const registry = registryOf(await nodeClientOf(options));
  const sources = { store: await openHomeContent(homeOf(options), output.note), registry, from: options.from ?? [] };
  const [left, right] = [await getShard(sources, a, options.schema), await getShard(sources, b, options.schema)];
  const found = compareShards(left, right);
  const listed = found.rows.toSorted((x, y) => y.distance - x.distance || x.row - y.row).slice(0, options.rows);
  const lines = [
    `${left.name}  against  ${right.name}`,
    `rows      ${found.both} in both, ${found.onlyA} only in the first, ${found.onlyB} only in the second, ${found.neither} in neither`,
    `signs     ${found.agreementPpm === undefined ? "nothing to compare" : `${percent(found.agreementPpm)} % agree (50 % is chance)`}`,
    `scales    ${found.sameScales} of ${found.both} rows the same`,
    `cosine    ${found.cosinePpm === undefined ? "one of them says nothing" : percent(found.cosinePpm)}${found.cosinePpm === undefined ? "" : " %"}`,
    ...(listed.length === 0
      ? []
      : [
          formatTable(
            ["row", "signs that differ", "codes"],
            listed.map(({ row, distance, codes }) => [String(row), String(distance), codes.join(" → ")]),
          ),
        ]),
    `  next: hanzod experience status`,
  ];
  const { rows: _all, ...facts } = found;
  output.result({ a: left.name, b: right.name, ...facts, rows: listed, next: "hanzod experience status" }, lines.join("\n"));
}

/** How two shards of one shape differ. */
export interface ShardDiff {
  /** Rows in which both, one or neither says something. */
  readonly both: number;
  readonly onlyA: number;
  readonly onlyB: number;
  readonly neither: number;
  /** Equal signs of the rows that both have, of a million, rounded down; undefined without such rows. */
  readonly agreementPpm: bigint | undefined;
  /** Rows of both with one scale. */
  readonly sameScales: number;
  /** Cosine of the decompressed matrices, of a million, truncated; undefined when one is 0. */
  readonly cosinePpm: bigint | undefined;
  /** Rows that both have. */
  readonly rows: readonly { readonly row: number; readonly distance: number; readonly codes: readonly [a: number, b: number] }[];
}

/** Compares shards of one shape. All sums are exact. */
export function compareShards(
  { shard: a, shape }: Pick<NamedShard, "shard" | "shape">,
  { shard: b }: Pick<NamedShard, "shard">,
): ShardDiff {
  const [width, cols] = [shape.cols / 8, BigInt(shape.cols)];
  const rows: ShardDiff["rows"][number][] = [];
  let [onlyA, onlyB, neither, sameScales, equal] = [0, 0, 0, 0, 0];
  let [dot, aa, bb] = [0n, 0n, 0n];
  for (let row = 0; row < shape.rows; row++) {
    const codes = [a.codes[row] ?? 0, b.codes[row] ?? 0] as const;
    const [left, right] = codes.map((code) => BigInt(SCALE_TABLE[code] ?? 0)) as [bigint, bigint];
    aa += cols * left * left;
    bb += cols * right * right;
    if (codes[0] === 0 || codes[1] === 0) {
      if (codes[0] !== 0) onlyA++;
      else if (codes[1] !== 0) onlyB++;
      else neither++;
      continue;
    }
    let distance = 0;
    for (let at = row * width; at < (row + 1) * width; at++) distance += bitsOf((a.signs[at] ?? 0) ^ (b.signs[at] ?? 0));
    dot += BigInt(shape.cols - 2 * distance) * left * right;
    equal += shape.cols - distance;
    if (codes[0] === codes[1]) sameScales++;
    rows.push({ row, distance, codes });
  }
  const both = rows.length;
  return {
    both,
    onlyA,
    onlyB,
    neither,
    sameScales,
    agreementPpm: both === 0 ? undefined : (BigInt(equal) * PPM) / (BigInt(both) * cols),
    cosinePpm: aa === 0n || bb === 0n ? undefined : (dot * PPM) / isqrtDown(aa * bb),
    rows,
  };
}

function bitsOf(byte: number): number {
  let [bits, rest] = [0, byte];
  for (; rest !== 0; rest &= rest - 1) bits++;
  return bits;
}

/** A million as per cent with two decimals, truncated. */
export function percent(ppm: bigint): string {
  const size = ppm < 0n ? -ppm : ppm;
  return `${ppm < 0n ? "-" : ""}${size / 10_000n}.${((size % 10_000n) / 100n).toString().padStart(2, "0")}`;
}
