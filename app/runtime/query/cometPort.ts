import type { DefaultNodeInfo } from "#proto/tendermint/p2p/types";
import type { Block } from "#proto/tendermint/types/block";
import type { BlockID } from "#proto/tendermint/types/types";
import type { AbciError } from "../abciErrors.ts";

/** A validator as the consensus engine lists it. */
export interface CometValidator {
  readonly address: Uint8Array;
  readonly keyType: "ed25519" | "secp256k1";
  readonly publicKey: Uint8Array;
  readonly power: bigint;
  readonly proposerPriority: bigint;
}

/** The consensus engine beside the state machine: blocks, peers and the mempool are its own. */
export interface CometPort {
  nodeInfo(): Promise<DefaultNodeInfo>;
  /** Whether the node still catches up with the chain. */
  isSyncing(): Promise<boolean>;
  /** A block, the newest one without height; undefined when the node does not have it. */
  findBlock(height: bigint | undefined): Promise<{ readonly blockId: BlockID; readonly block: Block } | undefined>;
  /** All validators of a height, the newest without one. */
  validators(height: bigint | undefined): Promise<{ readonly height: bigint; readonly validators: readonly CometValidator[] } | undefined>;
  /** Hands a transaction to the mempool and waits for CheckTx; `undefined` for one that was accepted. */
  broadcastTx(tx: Uint8Array): Promise<AbciError | undefined>;
}
