// Undo notes and savepoints. A savepoint is one number: opening and releasing it cost nothing, rolling back costs as much as was written since.

import { StoreError } from "./storeError.ts";

/** What an overlay holds for one key: a value that it wrote, or one of the state below that was read. */
export class Slot {
  /** Of whoever wrote; who reads may use an array again. */
  key: Uint8Array;
  /** Undefined when deleted, or absent below. */
  value: Uint8Array | undefined;
  isWritten = false;
  /** The savepoint that already has an undo note for this slot, so that a hot key is noted once per level. */
  noted = 0;

  constructor(key: Uint8Array, value: Uint8Array | undefined) {
    this.key = key;
    this.value = value;
  }
}

/** How to take one write back. */
export interface Undo {
  readonly store: { undo(note: Undo): void };
  readonly text: string;
  readonly slot: Slot;
  /** The key was not written in the overlay before. */
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
  #top = 0;

  /** The innermost open savepoint, 0 when none is open: then nothing needs a note. */
  get top(): number {
    return this.#top;
  }

  /** Notes how to undo a write. */
  note(undo: Undo): void {
    this.#undos.push(undo);
  }

  /** Opens a savepoint inside those that are open; numbers are never used twice. */
  open(): number {
    this.#lastId += 1;
    this.#marks.push({ id: this.#lastId, from: this.#undos.length });
    this.#top = this.#lastId;
    return this.#lastId;
  }

  /**
   * Closes `to` and all inside it, keeping the notes for the savepoint around it.
   * @throws store/8 when `to` is not open
   */
  release(to: number): void {
    this.#close(to);
    // One by one: a shorter length is a call into V8's runtime, which costs more than the few notes of a transaction.
    if (this.#marks.length === 0) while (this.#undos.length > 0) this.#undos.pop();
  }

  /**
   * Closes `to` and all inside it, undoing the newest write first.
   * @throws store/8 when `to` is not open
   */
  rollback(to: number): void {
    const from = this.#close(to);
    while (this.#undos.length > from) {
      const undo = this.#undos.pop();
      undo?.store.undo(undo);
    }
  }

  /** @returns where the notes of `to` begin */
  #close(to: number): number {
    const marks = this.#marks;
    let at = marks.length - 1;
    while (at >= 0 && (marks[at] as Mark).id > to) at -= 1;
    const mark = marks[at];
    if (mark?.id !== to) throw new StoreError("unknownSavepoint", `expected one of [${marks.map(({ id }) => id).join(", ")}], got ${to}`);
    while (marks.length > at) marks.pop();
    this.#top = at === 0 ? 0 : (marks[at - 1] as Mark).id;
    return mark.from;
  }
}
