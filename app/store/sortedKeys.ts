// A set of strings kept in order, paid for only by those who look at the order.

/** Most keys in one run; an insert moves at most that many references. */
const runSize = 512;

/** Where a walk stands: an index into the runs and one into that run. Invalid once `SortedKeys.edits` has changed. */
export interface KeyCursor {
  run: number;
  index: number;
}

/**
 * Strings in ascending order of code units, in runs of at most 512. `add` only notes the key; the first ordered look merges what was noted,
 * one by one when it is little and by one sort when it is much. A block that never iterates never sorts before its end.
 */
export class SortedKeys {
  /** Counts the changes of the order, so that a cursor knows when to seek again. */
  edits = 0;
  #runs: string[][] = [];
  #size = 0;
  #noted: string[] = [];

  /** Adds `key`. CONTRACT: the key is not in the set. */
  add(key: string): void {
    this.#noted.push(key);
  }

  /** Removes `key`, which was added before. */
  delete(key: string): void {
    // A rollback takes back the newest key first, so most keys leave before they ever had a place.
    if (this.#noted.at(-1) === key) {
      this.#noted.pop();
      return;
    }
    this.settle();
    const run = this.#runAt(key);
    const keys = this.#runs[run];
    if (keys === undefined) return;
    const index = lowerBound(keys, key);
    if (keys[index] !== key) return;
    keys.splice(index, 1);
    if (keys.length === 0) this.#runs.splice(run, 1);
    this.#size -= 1;
    this.edits += 1;
  }

  /** Moves `cursor` to the first key ≥ `key`, or past the end. */
  seek(cursor: KeyCursor, key: string): void {
    this.settle();
    cursor.run = this.#runAt(key);
    const keys = this.#runs[cursor.run];
    cursor.index = keys === undefined ? 0 : lowerBound(keys, key);
    if (keys !== undefined && cursor.index === keys.length) {
      cursor.run += 1;
      cursor.index = 0;
    }
  }

  /** Moves `cursor` past the last key. */
  seekEnd(cursor: KeyCursor): void {
    this.settle();
    cursor.run = this.#runs.length;
    cursor.index = 0;
  }

  /** The key under `cursor`, undefined at the end or before the start. */
  at(cursor: KeyCursor): string | undefined {
    return this.#runs[cursor.run]?.[cursor.index];
  }

  /** Moves `cursor` one key up. */
  next(cursor: KeyCursor): void {
    cursor.index += 1;
    if (cursor.index >= (this.#runs[cursor.run]?.length ?? 0)) {
      cursor.run += 1;
      cursor.index = 0;
    }
  }

  /** Moves `cursor` one key down; below the first key it stands before the start. */
  previous(cursor: KeyCursor): void {
    if (cursor.index === 0) {
      cursor.run -= 1;
      cursor.index = this.#runs[cursor.run]?.length ?? 0;
    }
    cursor.index -= 1;
  }

  /** All keys in order, in lists that follow each other. CONTRACT: nobody changes them, and nothing is added or removed meanwhile. */
  all(): readonly (readonly string[])[] {
    this.settle();
    return this.#runs;
  }

  /** Gives every added key its place; `edits` is up to date after it. */
  settle(): void {
    const noted = this.#noted;
    if (noted.length === 0) return;
    this.#noted = [];
    this.edits += 1;
    if (noted.length * 16 > this.#size) {
      this.#rebuild(noted);
    } else {
      for (const key of noted) this.#insert(key);
    }
    this.#size += noted.length;
  }

  #rebuild(noted: string[]): void {
    // Without a comparison of its own it is that of code units, too, and takes half as long.
    noted.sort();
    const keys: string[] = [];
    let next = 0;
    for (const run of this.#runs)
      for (const key of run) {
        for (let before = noted[next]; before !== undefined && before < key; before = noted[++next]) keys.push(before);
        keys.push(key);
      }
    for (; next < noted.length; next++) keys.push(noted[next] as string);
    this.#runs = [];
    // Half-full runs leave room, so that the next inserts do not split at once.
    for (let from = 0; from < keys.length; from += runSize >>> 1) this.#runs.push(keys.slice(from, from + (runSize >>> 1)));
  }

  #insert(key: string): void {
    const run = Math.min(this.#runAt(key), this.#runs.length - 1);
    const keys = this.#runs[run];
    if (keys === undefined) {
      this.#runs.push([key]);
      return;
    }
    keys.splice(lowerBound(keys, key), 0, key);
    if (keys.length > runSize) this.#runs.splice(run + 1, 0, keys.splice(runSize >>> 1));
  }

  /** The first run whose last key is ≥ `key`, the number of runs when there is none. */
  #runAt(key: string): number {
    let low = 0;
    let high = this.#runs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const last = this.#runs[middle]?.at(-1);
      if (last !== undefined && last < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = keys[middle];
    if (at !== undefined && at < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
