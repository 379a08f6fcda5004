// The log of a chain that lives no longer than its process: for tests, simulations and the developer's chain.

import type { CommitLog } from "./commitLog.ts";
import { formatKeyText, requireKey } from "./keyText.ts";
import type { Range } from "./kv.ts";
import { SortedKeys } from "./sortedKeys.ts";
import { StoreError } from "./storeError.ts";

/**
 * A log without a disk.
 * @param keepVersions how many of the latest responses are kept, at least 1
 */
export function createMemoryLog(keepVersions: bigint): CommitLog {
  const rows = new Map<string, readonly [Uint8Array, Uint8Array]>();
  const order = new SortedKeys();
  const responses = new Map<bigint, Uint8Array>();
  let isOpen = true;
  const requireOpen = (): void => {
    if (!isOpen) throw new StoreError("storeClosed", "expected an open store, it was closed");
  };
  const write = (key: Uint8Array, value: Uint8Array | undefined): void => {
    const text = formatKeyText(key);
    const isKnown = rows.has(text);
    if (value !== undefined) rows.set(text, [key, value]);
    if (value !== undefined && !isKnown) order.add(text);
    if (value === undefined && isKnown) {
      rows.delete(text);
      order.delete(text);
    }
  };
  return {
    prepare({ version }, written, response) {
      for (const [key] of written) requireKey(key);
      return async () => {
        requireOpen();
        for (const [key, value] of written) write(key, value);
        if (response !== undefined) responses.set(version, response);
        responses.delete(version - keepVersions);
      };
    },
    async response(version) {
      requireOpen();
      return responses.get(version);
    },
    async row(key) {
      requireOpen();
      return rows.get(formatKeyText(key))?.[1];
    },
    async *rows(range) {
      requireOpen();
      for (const text of keysIn(order, range)) {
        const pair = rows.get(text);
        if (pair !== undefined) yield pair;
      }
    },
    async close() {
      isOpen = false;
    },
  };
}

/** The keys of `range` as they are now. */
function keysIn(order: SortedKeys, { start, end, reverse }: Range): readonly string[] {
  const low = start === undefined ? "" : formatKeyText(start);
  const high = end === undefined ? undefined : formatKeyText(end);
  const keys: string[] = [];
  const cursor = { run: 0, index: 0 };
  order.seek(cursor, low);
  for (let text = order.at(cursor); text !== undefined && (high === undefined || text < high); text = order.at(cursor)) {
    keys.push(text);
    order.next(cursor);
  }
  return reverse === true ? keys.reverse() : keys;
}
