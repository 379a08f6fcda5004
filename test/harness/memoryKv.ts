import type { KVStore, Range } from "../../app/store/kv.ts";

/** A store in a map: what unit tests of modules run on. Values may not be empty, as in the tree. */
export interface MemoryKv extends KVStore {
  /** All pairs in key order, as hexadecimal text: to compare whole states. */
  dump(): readonly (readonly [key: string, value: string])[];
  /** A copy to go back to. */
  snapshot(): ReadonlyMap<string, Uint8Array>;
  restore(snapshot: ReadonlyMap<string, Uint8Array>): void;
}

/** Numbers that no entries of any store had before. */
let lastStamp = 0;

export function createMemoryKv(): MemoryKv {
  const stamps = new Map<number, number>();
  const restamp = (prefix: number): void => void stamps.set(prefix, ++lastStamp);
  let rows = new Map<string, Uint8Array>();
  const sortedKeys = (): string[] => [...rows.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return {
    get: (key) => rows.get(hexOf(key)),
    has: (key) => rows.has(hexOf(key)),
    set(key, value) {
      if (key.length === 0 || value.length === 0) throw new Error(`a key and a value expected, got ${hexOf(key)} = ${hexOf(value)}`);
      restamp(key[0] ?? 0);
      rows.set(hexOf(key), value.slice());
    },
    delete(key) {
      if (rows.delete(hexOf(key))) restamp(key[0] ?? 0);
    },
    stamp(prefix) {
      if (!stamps.has(prefix)) restamp(prefix);
      return stamps.get(prefix) ?? 0;
    },
    *iterate({ start, end, reverse }: Range = {}) {
      const first = start === undefined ? "" : hexOf(start);
      const last = end === undefined ? undefined : hexOf(end);
      const keys = sortedKeys().filter((key) => key >= first && (last === undefined || key < last));
      for (const key of reverse ? keys.reverse() : keys) {
        const value = rows.get(key);
        if (value !== undefined) yield [Uint8Array.from(Buffer.from(key, "hex")), value] as const;
      }
    },
    dump: () => sortedKeys().map((key) => [key, hexOf(rows.get(key) ?? new Uint8Array(0))] as const),
    snapshot: () => new Map(rows),
    restore: (snapshot) => {
      rows = new Map(snapshot);
      for (const prefix of stamps.keys()) restamp(prefix);
    },
  };
}

/** Hexadecimal text of bytes. */
export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
