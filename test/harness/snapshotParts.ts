// Snapshots taken apart and put together again, for tests that make bad ones.
import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import { type RestoredState, readSnapshot, type SnapshotLimits } from "../../app/statesync/readSnapshot.ts";
import type { SnapshotInfo } from "../../app/statesync/snapshotInfo.ts";
import { snapshotChunks, snapshotItems, snapshotStream, storedZlib } from "../../app/store/snapshotFormat.ts";
import type { ExportedNode } from "../../app/store/treeExport.ts";

/** A snapshot in memory. */
export interface MemorySnapshot {
  readonly info: SnapshotInfo;
  readonly chunks: readonly Uint8Array[];
}

/** SHA-256. */
export const digest = (...parts: readonly Uint8Array[]): Uint8Array => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};

/** Describes chunks as they are, whatever they hold. */
export function describeChunks(height: bigint, chunks: readonly Uint8Array[]): MemorySnapshot {
  return { chunks, info: { height, format: 3, hash: digest(...chunks), chunkHashes: chunks.map((chunk) => digest(chunk)) } };
}

/** The snapshot of these stores. */
export function snapshotOf(height: bigint, stores: ReadonlyMap<string, Iterable<ExportedNode>>): MemorySnapshot {
  return describeChunks(height, [...snapshotChunks(storedZlib(snapshotStream(snapshotItems(stores))))]);
}

/** A snapshot of items as they are, compressed as the SDK does. */
export function snapshotOfItems(height: bigint, items: readonly Uint8Array[]): MemorySnapshot {
  return describeChunks(height, [deflateSync(Buffer.concat([...snapshotStream(items)]))]);
}

/** Reads a snapshot in memory. */
export function readMemory(
  { info, chunks }: MemorySnapshot,
  limits: Partial<SnapshotLimits> & Pick<SnapshotLimits, "stores">,
): Promise<RestoredState> {
  async function* all(): AsyncGenerator<Uint8Array> {
    yield* chunks;
  }
  return readSnapshot(info, all(), { maxStateBytes: 1 << 28, ...limits });
}
