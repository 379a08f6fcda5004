import { CheckTxType, type RequestCheckTx } from "#proto/tendermint/abci/types";
import { readCheckTx } from "./checkFrame.ts";

/** Tells the application of transactions that will be checked. @returns resolves when it is prepared; undefined when nothing is to be waited for */
export type Expect = (txs: readonly Uint8Array[]) => Promise<void> | undefined;

/** Transactions that the application is told of at once: fewer are checked as fast as they are told. */
const MIN_EXPECTED = 4;
const MAX_EXPECTED = 64;
/** Batches under way: what comes in while a block is executed becomes ready meanwhile. */
const MAX_BATCHES = 8;
/** Bytes of calls that wait beyond which no more are taken from the socket. */
const MAX_WAITING_BYTES = 1 << 20;

/** Transactions that the application prepares for together. */
interface Batch {
  ready: boolean;
}

/** A call that has arrived. */
class Call {
  readonly frame: Uint8Array;
  /** What the frame holds, where it was read already. */
  check: RequestCheckTx | undefined = undefined;
  batch: Batch | undefined = undefined;

  constructor(frame: Uint8Array) {
    this.frame = frame;
  }
}

/**
 * The calls of one connection that wait for their turn. The application is told of transactions before: while it checks some, other threads prepare
 * for the next.
 *
 * INVARIANT: calls are taken in the order in which they arrived, none before the application is prepared for it.
 */
export class Incoming {
  #calls: Call[] = [];
  #bytes = 0;
  #next = 0;
  /** The application was told of the transactions before this place. */
  #told = 0;
  #batches = 0;

  get isEmpty(): boolean {
    return this.#next === this.#calls.length;
  }

  get isFull(): boolean {
    return this.#bytes >= MAX_WAITING_BYTES;
  }

  push(frames: readonly Uint8Array[]): void {
    if (this.#next > 0) {
      this.#calls = this.#calls.slice(this.#next);
      this.#told = Math.max(0, this.#told - this.#next);
      this.#next = 0;
    }
    for (const frame of frames) {
      this.#calls.push(new Call(frame));
      this.#bytes += frame.length;
    }
  }

  /**
   * Tells the application of what it was not told of.
   * @param resume called when it is prepared for something
   */
  tell(expect: Expect, resume: () => void): void {
    // Few that come behind a batch wait for more: they are not next anyway.
    while (this.#batches < MAX_BATCHES && this.#calls.length - this.#told >= (this.#batches > 0 ? MIN_EXPECTED : 1)) {
      const batch: Batch = { ready: true };
      const txs: Uint8Array[] = [];
      for (; this.#told < this.#calls.length && txs.length < MAX_EXPECTED; this.#told++) {
        const call = this.#calls[this.#told] as Call;
        call.check = readCheckTx(call.frame);
        if (call.check?.type !== CheckTxType.NEW) continue;
        call.batch = batch;
        txs.push(call.check.tx);
      }
      const prepared = txs.length < MIN_EXPECTED ? undefined : expect(txs);
      if (prepared === undefined) continue;
      batch.ready = false;
      this.#batches++;
      void prepared.finally(() => {
        batch.ready = true;
        this.#batches--;
        resume();
      });
    }
  }

  /** Takes the next call. @returns undefined when there is none, or the application is not prepared for it */
  take(): Pick<Call, "frame" | "check"> | undefined {
    const call = this.#calls[this.#next];
    if (call === undefined || call.batch?.ready === false) return undefined;
    this.#next++;
    this.#bytes -= call.frame.length;
    return call;
  }
}
