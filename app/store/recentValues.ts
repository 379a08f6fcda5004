// Values of the latest version that were read lately, so that what every block reads is neither searched in the trees nor copied out of them again.
// What a commit writes over takes the place of what was read: a value that nobody changed stays the same array of bytes from block to block.

import { formatKeyText } from "./keyText.ts";
import type { Change, ChangeSet, KVReader, Range, StateReader } from "./kv.ts";

/** Bytes of one generation of a store's values; there are two. What lives longer than a transaction or two is moved and marked by collections. */
const GENERATION_BYTES = 512 << 10;
/** Larger values are read seldom, and would push out many small ones. */
const LARGEST_BYTES = 64 << 10;
/** What an entry takes beside its key and value, about. */
const ENTRY_BYTES = 100;
/** First bytes of keys. */
const PREFIXES = 256;

let lastStamp = 0;

/** A number that was never given before. */
export function nextStamp(): number {
  lastStamp += 1;
  return lastStamp;
}

/** Stamps below and above changes. */
interface Stamps {
  readonly before: readonly number[];
  readonly after: readonly number[];
}
const stampsOf = new WeakMap<readonly Change[], Stamps>();

/**
 * Says what the block that made changes has stamped the state with them, so that what was worked out of it still holds when they are committed.
 * CONTRACT: neither the changes nor the stamps are changed any more.
 */
export function noteStamps(changes: readonly Change[], stamps: Stamps): void {
  stampsOf.set(changes, stamps);
}

/** A reader that can tell what has changed. */
export interface StampedReader extends KVReader {
  /** A stamp for each first byte of keys. Equal stamps: the pairs under that byte are the same ones, in whatever state the stamps are found. */
  readonly stamps: readonly number[];
}

/** What is remembered of one store. Absent values are remembered, too, as null. */
class RecentStore {
  /** Counts the versions, so that readers of an earlier one notice. */
  epoch = 0;
  stamps: readonly number[] = new Array<number>(PREFIXES).fill(nextStamp());
  #young = new Map<string, Uint8Array | null>();
  #old = new Map<string, Uint8Array | null>();
  #bytes = 0;

  find(text: string): Uint8Array | null | undefined {
    const value = this.#young.get(text);
    if (value !== undefined) return value;
    const older = this.#old.get(text);
    if (older !== undefined) this.remember(text, older);
    return older;
  }

  remember(text: string, value: Uint8Array | null): void {
    const length = value?.length ?? 0;
    if (length > LARGEST_BYTES) return;
    this.#bytes += 2 * text.length + length + ENTRY_BYTES;
    if (this.#bytes > GENERATION_BYTES) {
      [this.#old, this.#young] = [this.#young, new Map()];
      this.#bytes = 0;
    }
    this.#young.set(text, value);
  }

  /** Goes on to the next version. INVARIANT: what is remembered is the value of the version. */
  follow(changes: readonly Change[]): void {
    this.epoch += 1;
    if (changes.length === 0) return;
    const stamps = [...this.stamps];
    const noted = stampsOf.get(changes);
    // Changes that were made on another state than this one make another one of it.
    const after = noted?.before === this.stamps ? noted.after : undefined;
    let prefix = -1;
    for (const [key, value] of changes) {
      if (key[0] !== prefix) {
        prefix = key[0] ?? 0;
        stamps[prefix] = after?.[prefix] ?? nextStamp();
      }
      const text = formatKeyText(key);
      // Most changes are of what every block writes, which is young.
      let before = this.#young.get(text);
      if (before === undefined) {
        before = this.#old.get(text);
        if (before === undefined) continue;
        this.#old.delete(text);
      }
      const length = value?.length ?? 0;
      if (length > LARGEST_BYTES) {
        this.#young.delete(text);
        this.#old.delete(text);
        continue;
      }
      this.#young.set(text, value ?? null);
      // What has grown counts for more.
      this.#bytes += Math.max(0, length - (before?.length ?? 0));
    }
    this.stamps = stamps;
  }
}

/** Reads of one store at one version, remembered for as long as that version is the latest. */
class RecentReader implements StampedReader {
  readonly #base: KVReader;
  readonly #recent: RecentStore;
  readonly #epoch: number;
  readonly stamps: readonly number[];

  constructor(base: KVReader, recent: RecentStore) {
    this.#base = base;
    this.#recent = recent;
    this.#epoch = recent.epoch;
    this.stamps = recent.stamps;
  }

  get(key: Uint8Array, text = formatKeyText(key)): Uint8Array | undefined {
    const recent = this.#recent;
    if (recent.epoch !== this.#epoch) return this.#base.get(key);
    const known = recent.find(text);
    if (known !== undefined) return known ?? undefined;
    const value = this.#base.get(key);
    recent.remember(text, value ?? null);
    return value;
  }

  has(key: Uint8Array, text = formatKeyText(key)): boolean {
    const known = this.#recent.epoch === this.#epoch ? this.#recent.find(text) : undefined;
    return known === undefined ? this.#base.has(key) : known !== null;
  }

  iterate(range?: Range): IterableIterator<readonly [Uint8Array, Uint8Array]> {
    return this.#base.iterate(range);
  }

  stamp(prefix: number): number {
    return this.stamps[prefix] ?? nextStamp();
  }
}

/** A reader that remembers what was read through it. CONTRACT: the base never changes. */
export function rememberReads(base: KVReader): StampedReader {
  return "stamps" in base ? (base as StampedReader) : new RecentReader(base, new RecentStore());
}

/** What was read lately of all stores of a chain's latest version. */
export class RecentValues {
  #version = -1n;
  #stores = new Map<string, RecentStore>();

  /** A reader of the latest version through what is remembered of it. */
  over(base: StateReader): StateReader {
    if (base.version !== this.#version) this.#stores = new Map();
    this.#version = base.version;
    const readers = new Map<string, KVReader>();
    const open = (name: string): KVReader => {
      const reader = new RecentReader(base.store(name), this.#recent(name));
      readers.set(name, reader);
      return reader;
    };
    return { version: base.version, store: (name) => readers.get(name) ?? open(name) };
  }

  /** Goes on to the version that was committed with these changes. */
  follow(version: bigint, changes: ChangeSet): void {
    this.#version = version;
    for (const [name, recent] of this.#stores) recent.follow(changes.get(name) ?? []);
  }

  #recent(name: string): RecentStore {
    let recent = this.#stores.get(name);
    if (recent === undefined) {
      recent = new RecentStore();
      this.#stores.set(name, recent);
    }
    return recent;
  }
}
