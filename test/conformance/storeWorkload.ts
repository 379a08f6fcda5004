// Blocks that follow from a seed and a height alone, so that a process that was killed and its twin do the same work.

import type { Row } from "../../app/store/commitLog.ts";
import type { CommitStore } from "../../app/store/commitStore.ts";
import type { Change, ChangeSet } from "../../app/store/kv.ts";

/** Stores of the workload. */
export const workloadStores: readonly string[] = ["acc", "bank", "staking"];

/** What one block writes. */
export interface WorkloadBlock {
  readonly changes: ChangeSet;
  readonly rows: readonly Row[];
  readonly response: Uint8Array;
}

/** The block of `height`: about `size` sets and deletes per store over a key space that keeps colliding. */
export function workloadBlock(seed: number, height: number, size = 20): WorkloadBlock {
  const next = xorshift(Math.imul(seed, 0x9e3779b1) ^ Math.imul(height, 0x85ebca6b));
  const changes = new Map<string, readonly Change[]>();
  for (const name of workloadStores) {
    if (next() % 8 === 0) continue;
    const list = new Map<string, Change>();
    for (let count = next() % (2 * size); count > 0; count -= 1) {
      const text = `${name}/${(next() % (size * 20)).toString(36).padStart(4, "0")}`;
      const value = next() % 4 === 0 ? undefined : Buffer.from(`${height}:${next()}`.repeat(1 + (next() % 6)));
      list.set(text, [Buffer.from(text), value]);
    }
    if (list.size > 0)
      changes.set(
        name,
        [...list.keys()].sort().map((text): Change => list.get(text) ?? [new Uint8Array(0), undefined]),
      );
  }
  const rows: Row[] = [
    [Buffer.from(`tx/${height}`), Buffer.from(`of block ${height}`)],
    [Buffer.from(`tx/${height - 7}`), undefined],
  ];
  return { changes, rows, response: Buffer.from(`response ${height} ${next()}`) };
}

/** Applies and commits the block after the store's height, which starts at 1. @returns the height */
export async function runWorkloadBlock(store: CommitStore, seed: number, size?: number): Promise<number> {
  const height = Number(store.version) + 1;
  const { changes, rows, response } = workloadBlock(seed, height, size);
  store.apply(BigInt(height), changes);
  await store.commit(rows, response);
  return height;
}

function xorshift(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
