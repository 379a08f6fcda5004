import type { Random } from "../../../cmd/hanzod/sim/operations/randomMessage.ts";

/** Draws without putting back until all are drawn, so that none is left out for long. */
export class Bag {
  readonly #all: readonly string[];
  #left: string[] = [];

  /** @param all at least one */
  constructor(all: readonly string[]) {
    this.#all = all;
  }

  /** The next one. */
  draw(random: Random): string {
    if (this.#left.length === 0) this.#left = [...this.#all];
    const [drawn] = this.#left.splice(random.below(this.#left.length), 1);
    if (drawn === undefined) throw new Error("a list that is not empty expected");
    return drawn;
  }
}
