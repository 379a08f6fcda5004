import type { ResponseFinalizeBlock } from "#proto/tendermint/abci/types";
import { type Ctx, createCtx, type EventFormatter, FREE_GAS, type GasMeter, type ReadCtx, type Savepoints } from "#sdk";
import type { PreparedCommit } from "../store/commitLog.ts";
import type { CommitStore } from "../store/commitStore.ts";
import type { KVReader, KVStore, Overlay } from "../store/kv.ts";
import { type BlockLimits, blockLimits } from "./consensusParams.ts";
import type { EventPostings } from "./eventIndex.ts";
import { createCommitReader } from "./lastCommit.ts";
import type { ConsensusParamsPort } from "./ports.ts";
import { RUNTIME_STORE, readChainId, readValidators } from "./runtimeState.ts";
import { FULL_TX_INDEX, type HeaderHashes, type TxIndexOptions } from "./txIndex.ts";
import type { ValidatorSet } from "./validatorUpdates.ts";

/** What InitChain left for the first block: its writes and the chain's beginning. */
export interface GenesisWork {
  readonly overlay: Overlay;
  /** Rolled back to when the first block is tried again. */
  savepoint: number;
  readonly chainId: string;
  readonly initialHeight: bigint;
  readonly timeNs: bigint;
  readonly validators: ValidatorSet;
  readonly limits: BlockLimits;
}

/** A block that was executed and waits for Commit. */
export interface FinishedBlock {
  readonly height: bigint;
  readonly timeNs: bigint;
  readonly response: ResponseFinalizeBlock;
  /** The set after the block's updates. */
  readonly validators: ValidatorSet;
  /** The transactions of the block, for the index. */
  readonly txs: readonly Uint8Array[];
  /** SHA-256 of each of them. */
  readonly txHashes: readonly Uint8Array[];
  readonly hashes: HeaderHashes;
  /** What the transactions' events say, where it is indexed. */
  readonly postings?: EventPostings | undefined;
  /** What Commit will write, once that is begun. */
  prepared?: Promise<PreparedCommit>;
}

/** A store of some state, by name. */
export type Stores = (name: string) => KVReader | KVStore;

/** Where the chain stands: the last committed block, the block in the making, and the state that CheckTx works on. */
export class ChainHead {
  readonly store: CommitStore;
  chainId = "";
  /** Time of the last committed block, nanoseconds since 1970-01-01 UTC; 0 when unknown. */
  timeNs: bigint;
  genesis: GenesisWork | undefined;
  finished: FinishedBlock | undefined;
  /** Whether the last FinalizeBlock was for a committed block. */
  replayed = false;
  /** Committed state with the effects of the transactions in the mempool. */
  check: Overlay;
  limits: BlockLimits;
  validators: ValidatorSet;
  readonly index: TxIndexOptions;
  readonly readCommit = createCommitReader();
  readonly #formatEvent: EventFormatter;
  readonly #params: ConsensusParamsPort;

  /** @param index what is remembered of transactions */
  constructor(
    store: CommitStore,
    params: ConsensusParamsPort,
    formatEvent: EventFormatter,
    timeNs: bigint,
    index: TxIndexOptions = FULL_TX_INDEX,
  ) {
    this.store = store;
    this.index = index;
    this.#params = params;
    this.#formatEvent = formatEvent;
    this.timeNs = timeNs;
    this.check = store.overlay();
    const state = store.latest();
    this.chainId = readChainId(state.store(RUNTIME_STORE));
    this.validators = readValidators(state.store(RUNTIME_STORE));
    this.limits = this.#readLimits();
  }

  /** Height of the last committed block, 0 before the first. */
  get height(): bigint {
    return this.store.version;
  }

  /** Takes over a block that is now on disk. */
  advance(block: FinishedBlock): void {
    this.genesis = undefined;
    this.finished = undefined;
    this.#stand(block.timeNs);
    this.validators = block.validators;
  }

  /** Stands on the latest state of the store. @param timeNs time of its block, nanoseconds since 1970-01-01 UTC */
  follow(timeNs: bigint): void {
    this.#stand(timeNs);
    this.validators = readValidators(this.store.latest().store(RUNTIME_STORE));
  }

  #stand(timeNs: bigint): void {
    this.timeNs = timeNs;
    this.check = this.store.overlay();
    this.chainId = readChainId(this.store.latest().store(RUNTIME_STORE));
    this.limits = this.#readLimits();
  }

  /** A context that nobody pays for: block hooks, genesis, queries. Writing through it needs writable stores. */
  freeCtx(
    stores: Stores,
    at: { readonly height: bigint; readonly timeNs: bigint; readonly chainId?: string; readonly savepoints?: Savepoints },
    events: Parameters<typeof createCtx>[0]["events"] = [],
    gas: GasMeter = FREE_GAS,
  ): Ctx {
    return createCtx({
      height: at.height,
      timeNs: at.timeNs,
      chainId: at.chainId ?? this.chainId,
      gas,
      stores,
      events,
      formatEvent: this.#formatEvent,
      savepoints: at.savepoints,
    });
  }

  /** Committed state of the last height, to read. */
  latestCtx(): ReadCtx {
    const state = this.store.latest();
    return this.freeCtx((name) => state.store(name), { height: this.height, timeNs: this.timeNs });
  }

  #readLimits(): BlockLimits {
    return this.height === 0n ? blockLimits(undefined) : blockLimits(this.#params.get(this.latestCtx()));
  }
}
