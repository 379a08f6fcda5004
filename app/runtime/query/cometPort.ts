import type { TxResult } from "#proto/tendermint/abci/types";
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

/** A search in the engine's index. */
export interface TxSearch {
  /** Conditions such as `message.sender='…' AND tx.height>5`. */
  readonly query: string;
  readonly page: number;
  readonly limit: number;
  readonly newestFirst: boolean;
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
  /** Searches the engine's own index of transactions, a page at a time from page 1; absent where the engine has none. */
  searchTxs?(search: TxSearch): Promise<{ readonly total: bigint; readonly txs: readonly TxResult[] }>;
  /** Hands a transaction to the mempool and waits for CheckTx; `undefined` for one that was accepted. */
  broadcastTx(tx: Uint8Array): Promise<AbciError | undefined>;
}
