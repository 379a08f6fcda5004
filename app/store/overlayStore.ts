// One store of an overlay: its writes by key, their order for those who iterate, and reads that fall through to the committed state.

import { type Journal, Slot, type Undo } from "./journal.ts";
import { formatKeyText, requireKey, requireValue } from "./keyText.ts";
import type { Change, KVReader, KVStore, Range } from "./kv.ts";
import { nextStamp, noteStamps, rememberReads, type StampedReader } from "./recentValues.ts";
import { SortedKeys } from "./sortedKeys.ts";

/** Keys up to which those that were only read have slots, too. */
const MOST_READ = 1 << 16;

/** The writes of one block to one store, readable together with the committed values below. */
export class OverlayStore implements KVStore {
  readonly #base: StampedReader;
  readonly #journal: Journal;
  /** Of keys that were written, and of keys that were read: a transaction reads the same ones several times, and writes them then. */
  readonly #slots = new Map<string, Slot>();
  /** In order, those that were written. */
  readonly #order = new SortedKeys();
  /** Those of the base until something is written here. */
  #stamps: readonly number[];
  #own: number[] | undefined;
  /** Keys written, or taken back, since somebody asked last; undefined while nobody does. */
  #recorded: Map<string, Uint8Array> | undefined;

  constructor(base: KVReader, journal: Journal) {
    this.#base = rememberReads(base);
    this.#stamps = this.#base.stamps;
    this.#journal = journal;
  }

  get(key: Uint8Array, text = formatKeyText(key)): Uint8Array | undefined {
    const slot = this.#slots.get(text);
    if (slot !== undefined) return slot.value;
    const value = this.#base.get(key, text);
    if (this.#slots.size < MOST_READ) this.#add(text, key, value);
    return value;
  }

  stamp(prefix: number): number {
    return this.#stamps[prefix] ?? nextStamp();
  }

  has(key: Uint8Array, text = formatKeyText(key)): boolean {
    const slot = this.#slots.get(text);
    return slot === undefined ? this.#base.has(key, text) : slot.value !== undefined;
  }

  set(key: Uint8Array, value: Uint8Array, text = formatKeyText(key)): void {
    requireKey(key);
    requireValue(value);
    this.#write(key, text, value);
  }

  delete(key: Uint8Array): void {
    requireKey(key);
    this.#write(key, formatKeyText(key), undefined);
  }

  /**
   * The pairs of `range`. Writing while iterating is allowed: each step yields the next key beyond the last one as the store is then, so writes
   * ahead of the walk are seen and writes behind it are not.
   */
  *iterate(range: Range = {}): IterableIterator<readonly [Uint8Array, Uint8Array]> {
    const reverse = range.reverse === true;
    const below = this.#base.iterate(range);
    let under = below.next();
    let underText = under.done === true ? undefined : formatKeyText(under.value[0]);
    const walk = this.#walk(range);
    for (;;) {
      const overText = walk.peek();
      const text = nearer(overText, underText, reverse);
      if (text === undefined) return;
      const slot = text === overText ? this.#slots.get(text) : undefined;
      let pair: readonly [Uint8Array, Uint8Array] | undefined = under.value;
      if (slot !== undefined) pair = slot.value === undefined ? undefined : [slot.key, slot.value];
      if (text === underText) {
        under = below.next();
        underText = under.done === true ? undefined : formatKeyText(under.value[0]);
      }
      walk.pass(text);
      if (pair !== undefined) yield pair;
    }
  }

  /** The net writes, sorted by key bytes. Deleting a key that the base does not have stamps nothing in the tree, so it is left out. */
  changes(): readonly Change[] {
    const changes: Change[] = [];
    for (const run of this.#order.all())
      for (const text of run) {
        const slot = this.#slots.get(text);
        if (slot === undefined || (slot.value === undefined && !this.#base.has(slot.key, text))) continue;
        changes.push([slot.key, slot.value]);
      }
    if (changes.length > 0) noteStamps(changes, { before: this.#base.stamps, after: this.#stamps });
    // Writes after this are not among the changes.
    this.#own = undefined;
    return changes;
  }

  /** Records from now on which keys are written, beginning with those that were. */
  record(): void {
    if (this.#recorded !== undefined) return;
    this.#recorded = new Map();
    for (const run of this.#order.all()) for (const text of run) this.#recorded.set(text, (this.#slots.get(text) as Slot).key);
  }

  /** Values, as they are now, of the recorded keys, in no order; the record begins anew. */
  takeRecorded(): readonly Change[] {
    const taken = Array.from(this.#recorded ?? [], ([text, key]): Change => [key, this.get(key, text)]);
    this.#recorded?.clear();
    return taken;
  }

  /** Takes one write back; called by the journal, newest first. */
  undo({ text, slot, fresh, value }: Undo): void {
    this.#restamp(slot.key);
    this.#recorded?.set(text, slot.key);
    if (fresh) {
      this.#slots.delete(text);
      this.#order.delete(text);
    } else {
      slot.value = value;
    }
  }

  #add(text: string, key: Uint8Array, value: Uint8Array | undefined): Slot {
    const slot = new Slot(key, value);
    this.#slots.set(text, slot);
    return slot;
  }

  #write(key: Uint8Array, text: string, value: Uint8Array | undefined): void {
    this.#restamp(key);
    this.#recorded?.set(text, key);
    const top = this.#journal.top;
    const slot = this.#slots.get(text) ?? this.#add(text, key, undefined);
    const fresh = !slot.isWritten;
    if (fresh) {
      slot.key = key;
      slot.isWritten = true;
      this.#order.add(text);
    }
    if (top !== 0 && (fresh || slot.noted !== top)) this.#journal.note({ store: this, text, slot, fresh, value: slot.value });
    slot.noted = top;
    slot.value = value;
  }

  /** What stands under the first byte of a key is no longer what it was. */
  #restamp(key: Uint8Array): void {
    if (this.#own === undefined) {
      this.#own = [...this.#stamps];
      this.#stamps = this.#own;
    }
    this.#own[key[0] ?? 0] = nextStamp();
  }

  /** A walk over the written keys of `range` that finds its place again after the order changed under it. */
  #walk({ start, end, reverse }: Range): { peek(): string | undefined; pass(text: string): void } {
    const order = this.#order;
    const low = start === undefined ? "" : formatKeyText(start);
    const high = end === undefined ? undefined : formatKeyText(end);
    const cursor = { run: 0, index: 0 };
    let passed: string | undefined;
    let edits = -1;
    const seek = (): void => {
      if (reverse === true) {
        const ceiling = passed ?? high;
        if (ceiling === undefined) order.seekEnd(cursor);
        else order.seek(cursor, ceiling);
        order.previous(cursor);
      } else {
        order.seek(cursor, passed ?? low);
        if (passed !== undefined && order.at(cursor) === passed) order.next(cursor);
      }
      edits = order.edits;
    };
    return {
      peek() {
        order.settle();
        if (edits !== order.edits) seek();
        const text = order.at(cursor);
        if (text === undefined || text < low || (high !== undefined && text >= high)) return undefined;
        return text;
      },
      pass(text) {
        const stands = edits === order.edits && order.at(cursor) === text;
        passed = text;
        if (!stands) return;
        if (reverse === true) order.previous(cursor);
        else order.next(cursor);
      },
    };
  }
}

/** Of two keys the one that a walk meets first; an undefined one is beyond the end. */
function nearer(a: string | undefined, b: string | undefined, reverse: boolean): string | undefined {
  if (a === undefined) return b;
  if (b === undefined) return a;
  return a < b === reverse ? b : a;
}
