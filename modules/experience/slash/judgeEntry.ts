// Judges proofs against entries: pure questions about bytes, with the same answer on every node.

import type { DuplicateProof, MsgSlash, ShardProof, SourceRowProof } from "#proto/hanzo/experience/v1/tx";
import { type Entry, Fault, type Params } from "#proto/hanzo/experience/v1/types";
import { BPS, equalBytes, type ReadCtx } from "#sdk";
import { experienceError } from "../errors.ts";
import type { Shape } from "../port.ts";
import { getEntry, getSchema, type Registry } from "../registry.ts";

/** What a proof comes to. */
export type Judgement = { readonly fault: Fault; readonly reason: "" } | { readonly fault: undefined; readonly reason: string };

const guilty = (fault: Fault): Judgement => ({ fault, reason: "" });
const innocent = (reason: string): Judgement => ({ fault: undefined, reason });

/** Judges the proof of a request, exactly one of which is set. @throws experience/19 when the older entry does not exist */
export function judgeEntry(registry: Registry, ctx: ReadCtx, params: Params, entry: Entry, request: MsgSlash): Judgement {
  const shape = getSchema(registry, ctx, entry.schema);
  if (request.shard !== undefined) return judgeShard(registry, entry, shape, request.shard);
  if (request.sourceRow !== undefined) return judgeSourceRow(registry, ctx, entry, shape, request.sourceRow);
  if (request.duplicate !== undefined) return judgeDuplicate(registry, ctx, params, entry, { shape, proof: request.duplicate });
  throw experienceError.invalidProof("expected one proof, got none");
}

function judgeShard({ ports: { kernels } }: Registry, { cid, merkleRoot }: Entry, shape: Shape, { shard }: ShardProof): Judgement {
  if (!equalBytes(kernels.cidOf(shard), cid)) return innocent("the bytes have another CID");
  if (kernels.explainShard(shard, shape) !== undefined) return guilty(Fault.FAULT_SCHEMA);
  if (!equalBytes(kernels.merkleRoot(shard, shape), merkleRoot)) return guilty(Fault.FAULT_ROOT);
  return innocent("the bytes are a shard with the committed root");
}

function judgeSourceRow(registry: Registry, ctx: ReadCtx, entry: Entry, shape: Shape, { row, values, path }: SourceRowProof): Judgement {
  const { kernels } = registry.ports;
  if (row >= shape.rows) return innocent(`row: expected less than ${shape.rows}, got ${row}`);
  if (values.length !== 2 * shape.cols) return innocent(`values: expected ${2 * shape.cols} bytes, got ${values.length}`);
  const numbers = int16s(values);
  if (!kernels.opensSource(entry.sourceRoot, shape, row, numbers, path)) return innocent("the path does not lead to the source root");
  const expected = kernels.compressRow(numbers);
  if (typeof expected === "string") return guilty(Fault.FAULT_SCHEMA);
  const shard = registry.state.shards.get(ctx, [entry.roundId, entry.id]);
  if (codeOf(shard, shape, row) !== expected.code) return guilty(Fault.FAULT_SCALE);
  if (!equalBytes(signsOf(shard, shape, row), expected.signs)) return guilty(Fault.FAULT_SIGN);
  return innocent(`row ${row} has the scale and the signs of its source`);
}

interface DuplicateCase {
  readonly shape: Shape;
  readonly proof: DuplicateProof;
}

function judgeDuplicate(
  registry: Registry,
  ctx: ReadCtx,
  { duplicateBps }: Params,
  entry: Entry,
  { shape, proof }: DuplicateCase,
): Judgement {
  const { state, ports } = registry;
  const older = getEntry(registry, ctx, proof.olderId);
  if (older.id >= entry.id) return innocent(`entry ${older.id} is not older than ${entry.id}`);
  if (older.schema !== entry.schema) return innocent(`entry ${older.id} has schema "${older.schema}", not "${entry.schema}"`);
  if (older.submitter === entry.submitter && entry.parents.includes(older.id))
    return innocent(`entry ${entry.id} names entry ${older.id} of the same submitter as a parent`);
  const bytes = proof.shard.length > 0 ? proof.shard : state.shards.find(ctx, [older.roundId, older.id]);
  if (bytes === undefined) return innocent(`the shard of entry ${older.id} is pruned and was not given`);
  if (!equalBytes(ports.kernels.cidOf(bytes), older.cid)) return innocent(`the given shard has not the CID of entry ${older.id}`);
  if (ports.kernels.explainShard(bytes, shape) !== undefined) return innocent(`the given bytes are no shard of schema "${entry.schema}"`);
  const { live, same } = compareRows(state.shards.get(ctx, [entry.roundId, entry.id]), bytes, shape);
  // A shard without rows says nothing that could be copied.
  if (live === 0) return innocent(`every row of entry ${entry.id} abstains`);
  if (BigInt(same) * BPS < BigInt(live) * BigInt(duplicateBps))
    return innocent(`${same} of ${live} rows are the same, fewer than ${duplicateBps} bps`);
  return guilty(Fault.FAULT_DUPLICATE);
}

/** Rows of a shard that do not abstain, and how many of them the other one has, too. */
function compareRows(shard: Uint8Array, other: Uint8Array, shape: Shape): { readonly live: number; readonly same: number } {
  let [live, same] = [0, 0];
  for (let row = 0; row < shape.rows; row++) {
    if (codeOf(shard, shape, row) === 0) continue;
    live++;
    const equal =
      codeOf(shard, shape, row) === codeOf(other, shape, row) && equalBytes(signsOf(shard, shape, row), signsOf(other, shape, row));
    if (equal) same++;
  }
  return { live, same };
}

function codeOf(shard: Uint8Array, { rows, cols }: Shape, row: number): number {
  return shard[rows * (cols >> 3) + row] as number;
}

function signsOf(shard: Uint8Array, { cols }: Shape, row: number): Uint8Array {
  return shard.subarray(row * (cols >> 3), (row + 1) * (cols >> 3));
}

/** Little-endian numbers, whatever the machine. */
function int16s(bytes: Uint8Array): Int16Array {
  return Int16Array.from({ length: bytes.length >> 1 }, (_, i) => (bytes[2 * i] as number) | ((bytes[2 * i + 1] as number) << 8));
}
