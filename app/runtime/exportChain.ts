import type { ConsensusParams } from "#proto/tendermint/types/params";
import type { ReadCtx } from "#sdk";
import type { ChainHead } from "./chainHead.ts";
import { exportGenesis, type GenesisMachine } from "./genesis.ts";
import { RUNTIME_STORE, readValidators } from "./runtimeState.ts";
import { findBlockTime } from "./txIndex.ts";
import type { ValidatorSet } from "./validatorUpdates.ts";

/** All of a chain at one height that a new chain can go on from. */
export interface ChainExport {
  readonly chainId: string;
  /** The last block that the state has seen. */
  readonly height: bigint;
  /** Time of that block, nanoseconds since 1970-01-01 UTC. */
  readonly timeNs: bigint;
  readonly consensusParams: ConsensusParams | undefined;
  /** Powers by consensus key, `<key type>/<hex>`. */
  readonly validators: ValidatorSet;
  readonly appState: Readonly<Record<string, unknown>>;
}

/**
 * Reads the chain at a kept height.
 * @param height default: the last one
 * @throws store/7 when the height is not kept
 */
export async function exportChain(machine: GenesisMachine, head: ChainHead, height = head.height): Promise<ChainExport> {
  const state = head.store.at(height);
  const timeNs = (await findBlockTime(head.store, height)) ?? head.timeNs;
  const ctx: ReadCtx = head.freeCtx((name) => state.store(name), { height, timeNs });
  return {
    chainId: head.chainId,
    height,
    timeNs,
    consensusParams: machine.consensusParams.get(ctx),
    validators: readValidators(state.store(RUNTIME_STORE)),
    appState: exportGenesis(machine, ctx, state.store(RUNTIME_STORE)),
  };
}
