import { HoldoutStatus, type Round } from "#proto/hanzo/experience/v1/types";
import { equalBytes, type ReadCtx } from "#sdk";
import { sha256 } from "#sha256";
import { parseHoldout } from "../holdout/format.ts";
import { matrixBytes } from "../matrixBytes.ts";
import type { ExperienceKernels, RoundInput, RoundResult, Shape } from "../port.ts";
import { getSchema, type Registry } from "../registry.ts";

/** Name of a round's computation: unique on a chain and over restarts. */
export function computationId(ctx: ReadCtx, round: Round): string {
  return `${ctx.chainId}/${round.id}`;
}

/** The inputs of a round whose inputs are final, as they lie in state. */
export function roundInput(registry: Registry, ctx: ReadCtx, round: Round): RoundInput {
  const { state } = registry;
  const { rows, cols } = getSchema(registry, ctx, round.schema);
  const holdout = round.holdoutId === 0n ? undefined : state.holdouts.get(ctx, round.holdoutId);
  const revealed = holdout?.status === HoldoutStatus.HOLDOUT_STATUS_REVEALED;
  if (round.aggregateParams === undefined) throw new Error(`round ${round.id}: expected final inputs`);
  return {
    shape: { rows, cols },
    shards: round.inputEntries.map((id) => state.shards.get(ctx, [round.id, id])),
    weights: round.inputWeights,
    params: round.aggregateParams,
    ...(revealed ? { holdout: parseHoldout(state.holdoutBytes.get(ctx, round.holdoutId), rows) } : {}),
  };
}

/**
 * Checks what the kernels gave against itself: shard, roots and hash must be those of the matrix, and every input must have its score.
 * @throws Error that stops the node: a wrong result must never become state
 */
export function requireSoundResult(kernels: ExperienceKernels, id: string, input: RoundInput, result: RoundResult): void {
  const problem = explainResult(kernels, input, result);
  if (problem !== undefined) throw new Error(`aggregate of round ${id}: ${problem}`);
}

function explainResult(kernels: ExperienceKernels, { shape, shards, holdout }: RoundInput, result: RoundResult): string | undefined {
  const { matrix, shard, scores } = result;
  if (matrix.length !== shape.rows * shape.cols) return `expected a matrix of ${shape.rows} × ${shape.cols}, got ${matrix.length} numbers`;
  // One after the other: what is made of a wrong shard is no root to compare with.
  const pairs: readonly (readonly [name: string, expected: () => Uint8Array, got: Uint8Array])[] = [
    ["matrix hash", () => sha256(matrixBytes(matrix)), result.hash],
    ["shard", () => kernels.compress(matrix, shape), shard],
    ["CID", () => kernels.cidOf(shard), result.cid],
    ["row root", () => kernels.merkleRoot(shard, shape), result.merkleRoot],
    ["source root", () => kernels.sourceRoot(matrix, shape), result.sourceRoot],
  ];
  for (const [name, expected, got] of pairs) if (!equalBytes(expected(), got)) return differenceOf(name, expected(), got, shape);
  if (holdout === undefined) return scores === undefined ? undefined : "expected no scores without a holdout set";
  return scores?.without.length === shards.length ? undefined : `expected ${shards.length} scores, got ${scores?.without.length ?? 0}`;
}

function differenceOf(name: string, expected: Uint8Array, got: Uint8Array, { cols }: Shape): string {
  const at = expected.findIndex((byte, i) => byte !== got[i]);
  const place = name === "shard" ? `row ${Math.floor(at / (cols >> 3))}` : `byte ${at}`;
  return `${name} is not that of the matrix: ${place}: expected ${expected[at]}, got ${got[at]}`;
}
