// Shards, votes and test cases that follow from who makes them and when, so that what was committed can be shown later without being remembered.

import { cidOf, compressSync, merkleProof, merkleRoot, type Shape, sourceLeaf, srcRoot } from "#kernels";
import { sha256 } from "#sha256";
import { createRecentMap } from "../../../../app/runtime/recentMap.ts";
import { encodeUtf8 } from "../../../../app/sdk/index.ts";
import { encodeHoldout } from "../../../../modules/experience/holdout/format.ts";

/** A shape so small that a shard is made in no time. */
export const TINY: Shape = { rows: 8, cols: 64 };

/** A committed shard with its source. */
export interface SeededShard {
  readonly matrix: Int16Array;
  readonly shard: Uint8Array;
  readonly cid: Uint8Array;
  readonly merkleRoot: Uint8Array;
  readonly sourceRoot: Uint8Array;
  /** Whether the shard is not that of its source: every row is provably wrong. */
  readonly lies: boolean;
}

/** Bytes that follow from a text. */
export function seedOf(...words: readonly (string | bigint)[]): Uint8Array {
  return sha256(encodeUtf8(words.join("/")));
}

function numbers(seed: Uint8Array): () => number {
  // With a sign, so that it is one of V8's small integers: any other number would be made anew in each step.
  let s = new DataView(seed.buffer, seed.byteOffset).getInt32(0) || 1;
  return () => {
    s ^= s << 13;
    s ^= s >>> 17;
    s ^= s << 5;
    return s >>> 0;
  };
}

/** Shards made last, by who made them and when: they are committed, shown and disputed within some blocks. */
const made = createRecentMap<SeededShard>(128);

/** What an account submits at a height: mostly what all agree on, with noise; one in eight is against it, one in eight lies about its source. */
export function seededShard(shape: Shape, submitter: string, height: bigint): SeededShard {
  const name = `${shape.rows}x${shape.cols}/${submitter}/${height}`;
  const known = made.find(name);
  if (known !== undefined) return known;
  const shard = makeShard(shape, submitter, height);
  made.set(name, shard);
  return shard;
}

function makeShard(shape: Shape, submitter: string, height: bigint): SeededShard {
  const own = numbers(seedOf(submitter, height));
  const kind = own() % 8;
  const sign = kind === 1 ? -1 : 1;
  const common = commonMatrix(shape.rows * shape.cols);
  const matrix = new Int16Array(common.length);
  for (let i = 0; i < matrix.length; i++) matrix[i] = sign * (common[i] as number) + (own() % 801) - 400;
  const lies = kind === 2;
  const shown = lies ? matrix.map((value) => -value) : matrix;
  const shard = compressSync(shown, shape);
  const roots = { cid: cidOf(shard.bytes), merkleRoot: merkleRoot(shard, shape), sourceRoot: srcRoot(matrix, shape) };
  return { matrix, shard: shard.bytes, lies, ...roots };
}

let common = new Int16Array(0);

/** The first numbers of what all agree on, made once: a shard of the chain's own schema has a hundred thousand. */
function commonMatrix(length: number): Int16Array {
  if (common.length < length) {
    const next = numbers(seedOf("common"));
    common = new Int16Array(length);
    for (let i = 0; i < length; i++) common[i] = (next() % 2001) - 1000;
  }
  return common.subarray(0, length);
}

/** Opening of a row of a source. */
export function seededRow(shape: Shape, { matrix }: SeededShard, row: number): { row: number; values: Uint8Array; path: Uint8Array[] } {
  const leaves = Array.from({ length: shape.rows }, (_, at) => sourceLeaf(matrix, shape, at));
  return { row, values: (leaves[row] as Uint8Array).subarray(2), path: merkleProof(leaves, row) };
}

/** What a voter says of entries. */
export function seededScores(voter: string, entries: readonly bigint[]): { entryId: bigint; quality: number }[] {
  return entries.map((entryId) => ({ entryId, quality: 30_000 + (seedOf(voter, entryId)[0] as number) * 100 }));
}

/** Salt of a vote. */
export const seededSalt = (voter: string, roundId: bigint): Uint8Array => seedOf("salt", voter, roundId);

/** Test cases of a provider at a height. */
export function seededHoldout(provider: string, height: bigint): Uint8Array {
  const next = numbers(seedOf("holdout", provider, height));
  const cases = Array.from({ length: 8 }, () => {
    const candidates = Uint8Array.of(next() % 80, 80 + (next() % 80), 160 + (next() % 80));
    const context = encodeUtf8(`word${next() % 50} `);
    return [{ context, candidates, scores: new Int32Array(3), target: candidates[next() % 3] as number }];
  });
  return encodeHoldout({ alphaQ8: 512, mask: 1000, cases });
}
