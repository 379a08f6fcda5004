import { type Kernels, openRound } from "#kernels";
import { sha256 } from "#sha256";
import { matrixBytes } from "../../modules/experience/matrixBytes.ts";
import type { RoundInput, RoundResult } from "../../modules/experience/port.ts";
import { openHoldout } from "./scoreHoldout.ts";

/** A round as one backend computed it, with every matrix that its scores are of. */
export interface ComputedRound {
  readonly result: RoundResult;
  /** The aggregate without each entry in turn; none without a holdout set. */
  readonly without: readonly Int16Array[];
}

/** Computes a round on one backend. @throws KernelError when the inputs are none */
export async function computeRound(kernels: Kernels, { shape, shards, weights, params, holdout }: RoundInput): Promise<ComputedRound> {
  const round = await openRound(kernels, shards, shape);
  const w = Int32Array.from(weights);
  const { e, shard, cid, merkleRoot, srcRoot, noCore } = await round.aggregate(w, params);
  const found = { matrix: e, shard, cid, merkleRoot, sourceRoot: srcRoot, hash: sha256(matrixBytes(e)), noCore };
  if (holdout === undefined) return { result: found, without: [] };
  const without = await round.aggregateWithout(w, params);
  const scorer = openHoldout(holdout);
  const scores = { all: scorer.score(e), without: without.map((matrix) => scorer.score(matrix)) };
  return { result: { ...found, scores }, without };
}

/** Where two backends differ. */
export interface Difference {
  /** "aggregate", or "aggregate without entry 3 of the round", from 0. */
  readonly what: string;
  readonly row: number;
  readonly column: number;
  readonly expected: number;
  readonly got: number;
}

/** First number in which a round differs from what the reference computed; undefined when none does. */
export function findDifference(cols: number, expected: ComputedRound, got: ComputedRound): Difference | undefined {
  const pairs = [
    ["aggregate", expected.result.matrix, got.result.matrix] as const,
    ...expected.without.map((matrix, i) => [`aggregate without entry ${i} of the round`, matrix, got.without[i]] as const),
  ];
  for (const [what, wanted, found] of pairs) {
    const at = wanted.findIndex((value, i) => value !== found?.[i]);
    if (at < 0) continue;
    const place = { row: Math.floor(at / cols), column: at % cols };
    return { what, ...place, expected: wanted[at] as number, got: found?.[at] ?? 0 };
  }
  return undefined;
}
