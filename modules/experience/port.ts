// What the registry needs of the kernels. The arithmetic is specified by schemas/v1.md; this is only its shape.

import type { AggregateParams } from "#proto/hanzo/experience/v1/types";
import type { HoldoutSet } from "./holdout/format.ts";

/** Size of a matrix: rows at most 256, columns a multiple of 8 up to 384. */
export interface Shape {
  readonly rows: number;
  readonly cols: number;
}

/** Everything that an aggregate depends on. Nodes with equal inputs have equal results, bit for bit. */
export interface RoundInput {
  readonly shape: Shape;
  /** Canonical shards by rising entry. */
  readonly shards: readonly Uint8Array[];
  /** Their weights, together at most 2^24 − 1. */
  readonly weights: readonly number[];
  readonly params: AggregateParams;
  /** Cases that measure the result; left out where no set was revealed. */
  readonly holdout?: HoldoutSet;
}

/** Result of a round. */
export interface RoundResult {
  /** Matrix of the aggregate, row by row. */
  readonly matrix: Int16Array;
  /** Its shard. */
  readonly shard: Uint8Array;
  /** CID of the shard, 36 bytes. */
  readonly cid: Uint8Array;
  /** Root over the rows of the shard. */
  readonly merkleRoot: Uint8Array;
  /** Root over the rows of the matrix. */
  readonly sourceRoot: Uint8Array;
  /** SHA-256 of the matrix, little-endian. */
  readonly hash: Uint8Array;
  /** Whether no honest majority agreed. */
  readonly noCore: boolean;
  /** Cases solved by the aggregate, and by the aggregate without each entry in turn; left out without a holdout set. */
  readonly scores?: { readonly all: number; readonly without: readonly number[] };
}

/** Signs and scale of one row. */
export interface Row {
  /** One bit for each column. */
  readonly signs: Uint8Array;
  /** Scale code, 0 to 153. */
  readonly code: number;
}

/**
 * Kernels of experience priors. All functions but `begin` are pure; `result` may wait for another thread, and its result is the same whether it
 * was begun or not.
 */
export interface ExperienceKernels {
  /** What keeps bytes from being a canonical shard; undefined when they are one. */
  explainShard(bytes: Uint8Array, shape: Shape): string | undefined;
  /** Root over the rows of a canonical shard. */
  merkleRoot(shard: Uint8Array, shape: Shape): Uint8Array;
  /** Root over the rows of a matrix. */
  sourceRoot(matrix: Int16Array, shape: Shape): Uint8Array;
  /** Shard of a matrix without −32768. */
  compress(matrix: Int16Array, shape: Shape): Uint8Array;
  /** Signs and scale of a row's numbers, or what keeps them from having any. */
  compressRow(values: Int16Array): Row | string;
  /** Whether a path leads from a row of a source to its root. */
  opensSource(root: Uint8Array, shape: Shape, row: number, values: Int16Array, path: readonly Uint8Array[]): boolean;
  /** CID of bytes, 36 bytes. */
  cidOf(bytes: Uint8Array): Uint8Array;
  /** SHA-256 that a CID names; undefined when it is not of the one form that is taken. */
  cidDigest(cid: Uint8Array): Uint8Array | undefined;
  /** Text of a CID. */
  cidText(cid: Uint8Array): string;
  /** Whole weights of stakes and qualities, together at most 2^24 − 1. */
  weights(stakes: readonly bigint[], qualities: readonly number[], params: { readonly capBps: number; readonly qMin: number }): Int32Array;
  /** Lower weighted median; 0 without weight. */
  median(values: readonly number[], weights: Int32Array): number;
  /** Starts a round whose inputs are final on another thread. Starting one twice does nothing; a restart forgets it. */
  begin(id: string, input: RoundInput): void;
  /** The result of a round; computes it when it was not begun. @throws an error that stops the node when backends differ */
  result(id: string, input: RoundInput): RoundResult;
}
