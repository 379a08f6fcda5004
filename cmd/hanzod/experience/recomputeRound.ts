import { type BackendName, cidText, openKernels, type Shape } from "#kernels";
import { nodeOpeners } from "#kernels/node";
import { HoldoutStatus, type Round } from "#proto/hanzo/experience/v1/types";
import { computeRound } from "../../../app/experience/computeRound.ts";
import { type HoldoutSet, parseHoldout, type RoundInput, type RoundResult } from "../../../modules/experience/index.ts";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import type { Output } from "../../shared/output.ts";
import { showProgress } from "../../shared/progress.ts";
import { RefusedQuery } from "../client/nodeClient.ts";
import { type BlockSources, getBlock } from "./homeContent.ts";
import type { Registry } from "./registry.ts";
import { shapeOf } from "./submitCommands.ts";

/** A round as this machine computes it. */
export interface RecomputedRound {
  readonly result: RoundResult;
  readonly backend: BackendName;
  /** Library and device of the backend. */
  readonly detail: string;
  readonly shape: Shape;
  /** Whether the holdout's cases were there, so that scores could be computed. */
  readonly scored: boolean;
}

/** Which backend computes. */
export interface KernelChoice {
  /** To try in this order; every one when left out. */
  readonly prefer?: readonly BackendName[];
  /** Folder whose node_modules have the optional libraries; this program's own when left out. */
  readonly modules?: string | undefined;
}

/** Identifier of raw bytes by their SHA-256. */
const CID_HEAD = [0x01, 0x55, 0x12, 0x20];

/**
 * Computes the aggregate of a round from its shards, weights and parameters.
 * @throws CliError when the inputs are not final yet, a shard is missing, or no backend can be used
 */
export async function recomputeRound(
  round: Round,
  sources: BlockSources & { readonly registry: Registry },
  choice: KernelChoice,
  output: Pick<Output, "json">,
): Promise<RecomputedRound> {
  const { aggregateParams, inputEntries, inputWeights } = round;
  if (aggregateParams === undefined)
    throw new CliError(`the inputs of round ${round.id} are not final yet`, {
      why: `they are from height ${round.voteRevealEnd} on`,
      next: `hanzod experience status --round ${round.id}`,
    });
  if (inputEntries.length === 0) throw new CliError(`round ${round.id} has no revealed entries`, { why: "there is nothing to aggregate" });
  const shape = await shapeOf(sources.registry, round.schema);
  const shards = await shardsOf(sources, inputEntries, output);
  const holdout = await holdoutOf(sources, round, shape.rows);
  const input: RoundInput = {
    shape,
    shards,
    weights: inputWeights,
    params: aggregateParams,
    ...(holdout === undefined ? {} : { holdout }),
  };
  const { kernels } = await openChosen(choice);
  try {
    const { result } = await computeRound(kernels, input);
    return { result, backend: kernels.name, detail: kernels.detail, shape, scored: holdout !== undefined };
  } finally {
    await kernels.close();
  }
}

async function shardsOf(
  sources: BlockSources & { readonly registry: Registry },
  entries: readonly bigint[],
  output: Pick<Output, "json">,
): Promise<Uint8Array[]> {
  const shards: Uint8Array[] = [];
  const progress = showProgress(output, "shards", entries.length);
  for (const entryId of entries) {
    const { entry } = await sources.registry.entry(entryId);
    if (entry === undefined) throw new CliError(`the node answered without entry ${entryId}`);
    shards.push((await getBlock(sources, cidText(entry.cid), entryId)).bytes);
    progress.at(shards.length);
  }
  progress.end();
  return shards;
}

/** The set that measured a round; undefined when none did, or nobody here has its bytes any more. */
async function holdoutOf(
  sources: BlockSources & { readonly registry: Registry },
  { holdoutId }: Round,
  rows: number,
): Promise<HoldoutSet | undefined> {
  if (holdoutId === 0n) return undefined;
  const { holdout } = await sources.registry.holdout(holdoutId);
  const shown: HoldoutStatus[] = [HoldoutStatus.HOLDOUT_STATUS_REVEALED, HoldoutStatus.HOLDOUT_STATUS_USED];
  if (holdout === undefined || !shown.includes(holdout.status)) return undefined;
  try {
    return parseHoldout((await sources.registry.holdoutData(holdoutId)).data, rows);
  } catch (thrown) {
    if (!(thrown instanceof RefusedQuery)) throw thrown;
  }
  const cid = cidText(Uint8Array.from([...CID_HEAD, ...holdout.digest]));
  const found = await getBlock(sources, cid).catch(() => undefined);
  return found === undefined ? undefined : parseHoldout(found.bytes, rows);
}

async function openChosen({ prefer, modules }: KernelChoice): ReturnType<typeof openKernels> {
  try {
    return await openKernels({ openers: nodeOpeners(modules), ...(prefer === undefined ? {} : { prefer }) });
  } catch (cause) {
    throw new CliError("no backend can be used", { why: reasonOf(cause), next: "--backend reference always can", cause });
  }
}
