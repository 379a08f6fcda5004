import { createHash } from "node:crypto";
import {
  RequestCheckTx,
  RequestFinalizeBlock,
  RequestPrepareProposal,
  type RequestQuery,
  type ResponseQuery,
  type TxResult,
} from "#proto/tendermint/abci/types";
import type { App } from "../../../app/runtime/app.ts";
import { findTx } from "../../../app/runtime/indexedTxs.ts";
import { findMatching } from "../../../app/runtime/query/txCandidates.ts";
import { parseTxQuery } from "../../../app/runtime/query/txQuery.ts";
import { FULL_TX_INDEX } from "../../../app/runtime/txIndex.ts";
import type { CommitStore } from "../../../app/store/commitStore.ts";
import { blockIdOf, createHeader, type DevBlock } from "./devBlock.ts";
import { type DevValidator, validatorOf } from "./devValidator.ts";

/** What the mempool says of a transaction. */
export interface Admission {
  readonly code: number;
  readonly codespace: string;
  readonly log: string;
}

/** What a development chain is made of. */
export interface DevChainOptions {
  readonly app: App;
  readonly store: CommitStore;
  readonly chainId: string;
  readonly validator: DevValidator;
  /** Milliseconds between blocks; undefined makes a block as soon as a transaction arrives. */
  readonly blockTimeMs?: number;
  readonly onBlock: (block: DevBlock) => void;
  /** A block could not be made: the chain stands still from then on. */
  readonly onFatal: (error: unknown) => void;
}

/** Blocks kept for queries about blocks; the state keeps its own history. */
const KEPT_BLOCKS = 1000n;
/** Transactions of one block together, as in the genesis of local chains. */
const MAX_TX_BYTES = 4_000_000n;
const MS_TO_NS = 1_000_000n;

/** A chain of one process: it takes transactions and makes blocks of them, one after the other, without any consensus. */
export class DevChain {
  readonly #options: DevChainOptions;
  readonly #blocks = new Map<bigint, DevBlock>();
  readonly #followers = new Set<(block: DevBlock) => void>();
  #waiting: { readonly hash: string; readonly tx: Uint8Array }[] = [];
  /** The state machine takes one call at a time; each waits for the one before. */
  #turn: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #scheduled = false;
  #closed = false;
  #lastNs = 0n;

  constructor(options: DevChainOptions) {
    this.#options = options;
  }

  get chainId(): string {
    return this.#options.chainId;
  }
  get validator(): DevValidator {
    return this.#options.validator;
  }
  /** Validators of the last block, whoever staked: all of them sign every block. */
  get validators(): readonly DevValidator[] {
    const { validators } = this.app;
    return validators.size === 0 ? [this.validator] : Array.from(validators, ([name, power]) => validatorOf(name, power));
  }
  get app(): App {
    return this.#options.app;
  }
  /** Height of the last block. */
  get height(): bigint {
    return this.app.height;
  }
  /** State after the last block. */
  get appHash(): Uint8Array {
    return this.#options.store.appHash;
  }

  /** Tells of every block from now on. @returns ends that */
  follow(follower: (block: DevBlock) => void): () => void {
    this.#followers.add(follower);
    return () => void this.#followers.delete(follower);
  }

  /** Makes timed blocks from now on, if the options say so. */
  start(): void {
    const { blockTimeMs } = this.#options;
    if (blockTimeMs !== undefined) this.#timer = setInterval(() => this.#scheduleBlock(), blockTimeMs);
  }

  /** A block that is still kept, the last one without a height. */
  findBlock(height: bigint | undefined): DevBlock | undefined {
    return this.#blocks.get(height ?? this.height);
  }

  findTx(hash: Uint8Array): Promise<TxResult | undefined> {
    return findTx(this.#options.store, hash);
  }

  /** Transactions that meet the conditions of a search, by height and index. @throws QueryError InvalidArgument for a search nobody understands */
  async searchTxs(query: string): Promise<readonly TxResult[]> {
    const { store } = this.#options;
    return (await findMatching({ height: this.height, store, index: FULL_TX_INDEX }, parseTxQuery(query))) ?? [];
  }

  /** Blocks that are still kept, oldest first. */
  get blocks(): readonly DevBlock[] {
    return [...this.#blocks.values()];
  }

  query(request: RequestQuery): Promise<ResponseQuery> {
    return this.app.query(request);
  }

  /** Takes a transaction for one of the next blocks, if it passes the checks. */
  submit(tx: Uint8Array): Promise<Admission> {
    return this.#inTurn(async () => {
      const hash = hashOf(tx);
      if (this.#waiting.some((waiting) => waiting.hash === hash)) return { code: 19, codespace: "sdk", log: "tx already in mempool" };
      const { code, codespace, log } = this.app.checkTx(RequestCheckTx.fromPartial({ tx }));
      if (code === 0) {
        this.#waiting.push({ hash, tx });
        if (this.#options.blockTimeMs === undefined) this.#scheduleBlock();
      }
      return { code, codespace, log };
    });
  }

  /** Makes a block of what waits, also of nothing. */
  makeBlock(): Promise<DevBlock> {
    return this.#inTurn(() => this.#makeBlock());
  }

  /** Makes no more blocks; returns when the last one is done. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#turn;
  }

  /** Several transactions that arrive together share a block. */
  #scheduleBlock(): void {
    if (this.#scheduled || this.#closed) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (!this.#closed) this.makeBlock().catch((error: unknown) => this.#options.onFatal(error));
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #makeBlock(): Promise<DevBlock> {
    const { app, store, chainId, validator, onBlock } = this.#options;
    const height = app.height + 1n;
    const { txs } = app.prepareProposal(
      RequestPrepareProposal.fromPartial({ txs: this.#waiting.map(({ tx }) => tx), maxTxBytes: MAX_TX_BYTES, height }),
    );
    const timeNs = this.#nextTime();
    const last = this.#blocks.get(app.height)?.blockId;
    const header = createHeader({ chainId, height, timeNs, last, appHash: store.appHash, txs, proposerAddress: validator.address });
    const blockId = blockIdOf(header);
    // Nobody voted for what came before the first block.
    const voters = height === 1n ? [] : this.validators;
    const decidedLastCommit = {
      round: 0,
      votes: voters.map(({ address, power }) => ({ validator: { address, power }, blockIdFlag: 2 as const })),
    };
    const request = RequestFinalizeBlock.fromPartial({
      height,
      txs,
      hash: blockId.hash,
      proposerAddress: validator.address,
      nextValidatorsHash: header.nextValidatorsHash,
      decidedLastCommit,
      ...(header.time === undefined ? {} : { time: header.time }),
    });
    const response = await app.finalizeBlock(request);
    await app.commit();
    const block: DevBlock = { blockId, header, txs, response };
    this.#blocks.set(height, block);
    this.#blocks.delete(height - KEPT_BLOCKS);
    this.#forget(new Set(txs.map(hashOf)));
    onBlock(block);
    for (const tell of this.#followers) tell(block);
    return block;
  }

  /** Drops what is in the block and what the new state refuses. What comes first and does not even fit into an empty block never will. */
  #forget(included: ReadonlySet<string>): void {
    if (included.size === 0) this.#waiting.shift();
    this.#waiting = this.#waiting.filter(
      ({ hash, tx }) => !included.has(hash) && this.app.checkTx(RequestCheckTx.fromPartial({ tx, type: 1 })).code === 0,
    );
    if (this.#waiting.length > 0 && this.#options.blockTimeMs === undefined) this.#scheduleBlock();
  }

  /** The clock's time, always later than the block before. */
  #nextTime(): bigint {
    const now = BigInt(Date.now()) * MS_TO_NS;
    this.#lastNs = now > this.#lastNs ? now : this.#lastNs + MS_TO_NS;
    return this.#lastNs;
  }
}

function hashOf(tx: Uint8Array): string {
  return createHash("sha256").update(tx).digest("hex");
}
