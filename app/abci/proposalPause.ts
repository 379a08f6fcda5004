import type { AbciMethod } from "./methods.ts";

/** The longest pause, in milliseconds: a proposal that is not agreed on has no execution. */
const LONGEST_MS = 100;

/**
 * The time between a proposal and its execution, in which no transaction is checked for the mempool. One that were would come too late for this block,
 * and every transaction in the mempool is checked again behind it; one that waits is checked once. Its signatures are verified meanwhile.
 *
 * INVARIANT: whoever waits is resumed after LONGEST_MS at the latest.
 */
export class ProposalPause {
  #timer: NodeJS.Timeout | undefined;
  readonly #waiting = new Set<() => void>();

  /** True while transactions are to wait. */
  get active(): boolean {
    return this.#timer !== undefined;
  }

  /** A call of CometBFT that is about to be answered: begins the pause with a proposal and ends it with a block. */
  see(method: AbciMethod): void {
    if (method === "prepareProposal" || method === "processProposal") this.#begin();
    else if (method === "finalizeBlock") this.#end();
  }

  /** Runs `resume` when the pause ends, once however often it is told. CONTRACT: only while `active`. */
  wait(resume: () => void): void {
    this.#waiting.add(resume);
  }

  #begin(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#end(), LONGEST_MS);
    this.#timer.unref();
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    // Behind the call that ends it.
    for (const resume of waiting) setImmediate(resume);
  }
}
