/**
 * Lets the calls that touch working state through one at a time, in the order in which they arrived, over all connections.
 *
 * INVARIANT: while an answer is still being made (a commit being synced), nothing else that is ordered runs.
 */
export class Turns {
  #taken = false;
  readonly #waiting: (() => void)[] = [];

  /** True while a call holds the turn or others are already waiting for it. */
  get busy(): boolean {
    return this.#taken || this.#waiting.length > 0;
  }

  /** Takes the turn for a call that answers later. CONTRACT: only when not `busy` or when woken by `wait`; ends with `release`. */
  take(): void {
    this.#taken = true;
  }

  /** Ends the turn and wakes the waiting calls until one of them takes it again. */
  release(): void {
    this.#taken = false;
    while (!this.#taken) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      next();
    }
  }

  /** Runs `resume` when the turn is free again; first come, first served. */
  wait(resume: () => void): void {
    this.#waiting.push(resume);
  }
}
