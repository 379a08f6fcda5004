import type { ConsensusParams } from "#proto/tendermint/types/params";
import type { ChainHead } from "./chainHead.ts";
import { exportGenesis, type GenesisMachine } from "./genesis.ts";
import { checkInvariants } from "./invariants.ts";
import { RUNTIME_STORE, readValidators } from "./runtimeState.ts";
import { findBlockTime } from "./txIndex.ts";
import type { ValidatorSet } from "./validatorUpdates.ts";

/** All of a chain at one height that a new chain can go on from. */
export interface ChainExport {
  readonly chainId: string;
  /** The last block that the state has seen. */
  readonly height: bigint;
  /** The first block of the new chain. */
  readonly initialHeight: bigint;
  /** Time of that block, nanoseconds since 1970-01-01 UTC. */
  readonly timeNs: bigint;
  readonly consensusParams: ConsensusParams | undefined;
  /** Powers by consensus key, `<key type>/<hex>`. */
  readonly validators: ValidatorSet;
  readonly appState: Readonly<Record<string, unknown>>;
}

/** Which state is exported, and as what. */
export interface ExportOptions {
  /** Default: the last one. */
  readonly height?: bigint;
  /** Whether the new chain begins at height 1, not at the height after the exported one. */
  readonly forZeroHeight?: boolean;
}

/**
 * Reads the chain at a kept height.
 * @throws store/7 when the height is not kept; sdk/35 when the state, or what becomes of it for height 1, breaks an invariant
 */
export async function exportChain(
  machine: GenesisMachine,
  head: ChainHead,
  { height = head.height, forZeroHeight = false }: ExportOptions = {},
): Promise<ChainExport> {
  const overlay = head.store.overlay(head.store.at(height));
  const timeNs = (await findBlockTime(head.store, height)) ?? head.timeNs;
  const ctx = head.freeCtx((name) => overlay.store(name), { height, timeNs });
  if (forZeroHeight) {
    checkInvariants(machine.modules, ctx);
    for (const { genesis } of machine.modules) genesis?.handlers.prepareZeroHeight?.(ctx);
    checkInvariants(machine.modules, ctx);
  }
  const consensusParams = machine.consensusParams.get(ctx);
  return {
    chainId: head.chainId,
    height,
    initialHeight: forZeroHeight ? 1n : height + 1n,
    timeNs,
    consensusParams: forZeroHeight ? withoutHeights(consensusParams, height) : consensusParams,
    validators: readValidators(overlay.store(RUNTIME_STORE)),
    appState: exportGenesis(machine, ctx, overlay.store(RUNTIME_STORE)),
  };
}

/** Vote extensions begin so many blocks later as they would have; where they had begun, with the first block. */
function withoutHeights(params: ConsensusParams | undefined, height: bigint): ConsensusParams | undefined {
  const enabled = params?.abci?.voteExtensionsEnableHeight ?? 0n;
  if (params === undefined || enabled === 0n) return params;
  return { ...params, abci: { voteExtensionsEnableHeight: enabled > height ? enabled - height : 1n } };
}
