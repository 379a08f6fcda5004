// Undo notes and savepoints. A savepoint is one number: opening and releasing it cost nothing, rolling back costs as much as was written since.

import { StoreError } from "./storeError.ts";

/** What an overlay holds for one key. */
export interface Slot {
  readonly key: Uint8Array;
  /** The written value; undefined when deleted. */
  value: Uint8Array | undefined;
  /** The savepoint that already has an undo note for this slot, so that a hot key is noted once per level. */
  noted: number;
}

/** How to take one write back. */
export interface Undo {
  readonly store: { undo(note: Undo): void };
  readonly text: string;
  readonly slot: Slot;
  /** The key was not in the overlay before. */
  readonly fresh: boolean;
  /** The value before, when not fresh. */
  readonly value: Uint8Array | undefined;
}

/** Where the undo notes of a savepoint begin. */
interface Mark {
  readonly id: number;
  readonly from: number;
}

/** The undo notes and the savepoints of one overlay; its stores share it. */
export class Journal {
  readonly #marks: Mark[] = [];
  readonly #undos: Undo[] = [];
  #lastId = 0;

  /** The innermost open savepoint, 0 when none is open: then nothing needs a note. */
  get top(): number {
    return this.#marks.at(-1)?.id ?? 0;
  }

  /** Notes how to undo a write. */
  note(undo: Undo): void {
    this.#undos.push(undo);
  }

  /** Opens a savepoint inside those that are open; numbers are never used twice. */
  open(): number {
    this.#lastId += 1;
    this.#marks.push({ id: this.#lastId, from: this.#undos.length });
    return this.#lastId;
  }

  /**
   * Closes `to` and all inside it, keeping the notes for the savepoint around it.
   * @throws store/8 when `to` is not open
   */
  release(to: number): void {
    this.#close(to);
    if (this.#marks.length === 0) this.#undos.length = 0;
  }

  /**
   * Closes `to` and all inside it, undoing the newest write first.
   * @throws store/8 when `to` is not open
   */
  rollback(to: number): void {
    const { from } = this.#close(to);
    for (let index = this.#undos.length - 1; index >= from; index -= 1) {
      const undo = this.#undos[index];
      undo?.store.undo(undo);
    }
    this.#undos.length = from;
  }

  #close(to: number): Mark {
    for (let index = this.#marks.length - 1; index >= 0; index -= 1) {
      const mark = this.#marks[index];
      if (mark === undefined || mark.id < to) break;
      if (mark.id === to) {
        this.#marks.length = index;
        return mark;
      }
    }
    throw new StoreError("unknownSavepoint", `expected one of [${this.#marks.map(({ id }) => id).join(", ")}], got ${to}`);
  }
}
