import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { Command as NewCommand, Option } from "commander";
import { type PackedShard, packRatioMilli, packShard } from "../../../app/client/experience/packShard.ts";
import { toHex } from "../../../app/encoding/bytes.ts";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import { formatTable } from "../../shared/output.ts";
import { type CommonOptions, outputOf, withCommonOptions } from "../command/options.ts";
import { type MatrixFile, readMatrix } from "./matrixFile.ts";
import { parseShape } from "./registry.ts";

/** Options of commands that read a matrix. */
export interface MatrixFileOptions {
  readonly shape?: { readonly rows: number; readonly cols: number };
  readonly dtype?: "float32" | "int16";
}

/** Adds `--shape` and `--dtype`. */
export function withMatrixFileOptions(command: Command): Command {
  return command
    .option("--shape <rows>x<cols>", "size of the matrix (default: 256x384, schema v1)", parseShape)
    .addOption(new Option("--dtype <type>", "numbers of a .bin file").choices(["float32", "int16"]).default("float32"));
}

/** `hanzod experience pack prior.npy --out prior.shard`. */
export function packCommand(): Command {
  return withMatrixFileOptions(withCommonOptions(new NewCommand("pack").argument("<file>", "matrix: .json, .npy or .bin")))
    .description("make a matrix to a shard of one bit for each number, and tell its identifier and roots; nothing is sent")
    .option("--out <file>", "write the shard's bytes")
    .action(pack);
}

function pack(path: string, options: CommonOptions & MatrixFileOptions & { readonly out?: string }): void {
  const file = readMatrix(path, options);
  const packed = packMatrix(path, file);
  if (options.out !== undefined) writeShard(options.out, packed.shard);
  const next = `hanzod experience submit ${path} --domain default --from KEY`;
  const silent = silentRows(packed);
  const rows = [
    ["matrix", `${file.shape.rows} × ${file.shape.cols}, ${file.form}`],
    ["shard", `${packed.shard.length} bytes, ${ratioText(packed)} times smaller than float32`],
    ["rows that say nothing", `${silent} of ${file.shape.rows}`],
    ["CID", packed.cidText],
    ["row root", toHex(packed.merkleRoot)],
    ["source root", toHex(packed.sourceRoot)],
    ...(options.out === undefined ? [] : [["written", options.out]]),
  ];
  const facts = {
    rows: file.shape.rows,
    cols: file.shape.cols,
    bytes: packed.shard.length,
    ratio: ratioText(packed),
    silentRows: silent,
    cid: packed.cidText,
    merkleRoot: toHex(packed.merkleRoot),
    sourceRoot: toHex(packed.sourceRoot),
    next,
  };
  outputOf(options).result(facts, `${formatTable(["what", "value"], rows)}\n  next: ${next}`);
}

/** Packs a file's matrix. @throws CliError naming row and column of what cannot be packed */
export function packMatrix(path: string, { matrix, shape }: MatrixFile): PackedShard {
  try {
    return packShard(matrix, shape);
  } catch (cause) {
    throw new CliError(`${path} cannot be packed`, { why: reasonOf(cause), next: "correct the matrix", cause });
  }
}

/** How much smaller, with three decimals, rounded down. */
export function ratioText({ shape }: Pick<PackedShard, "shape">): string {
  const milli = packRatioMilli(shape);
  return `${Math.floor(milli / 1000)}.${String(milli % 1000).padStart(3, "0")}`;
}

/** Rows of scale 0: they abstain. */
function silentRows({ shard, shape }: PackedShard): number {
  return shard.subarray(shard.length - shape.rows).filter((code) => code === 0).length;
}

/** Writes bytes to a file. @throws CliError */
export function writeShard(path: string, bytes: Uint8Array): void {
  try {
    writeFileSync(path, bytes);
  } catch (cause) {
    throw new CliError(`cannot write ${path}`, { why: reasonOf(cause), cause });
  }
}
