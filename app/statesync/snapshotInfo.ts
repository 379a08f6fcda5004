// What is told of a snapshot before its chunks: an ABCI snapshot, and the same as cosmos.store.snapshots.v1.Snapshot beside the chunks on disk.
import { BinaryReader, BinaryWriter } from "@bufbuild/protobuf/wire";
import type { Snapshot } from "#proto/tendermint/abci/types";
import { snapshotMetadata } from "../store/snapshotFormat.ts";
import { StoreError } from "../store/storeError.ts";

/** Most chunks of a snapshot: 40 GB, more state than a node holds in memory. */
const MAX_CHUNKS = 4096;
const HASH_BYTES = 32;
/** Most bytes of a description: each hash stands behind two bytes, and the other fields take fewer than a hundred. */
export const MAX_INFO_BYTES = MAX_CHUNKS * (HASH_BYTES + 2) + 100;
const MAX_HEIGHT = (1n << 63n) - 2n;

/** One snapshot. */
export interface SnapshotInfo {
  /** Block after which the state was taken. */
  readonly height: bigint;
  readonly format: number;
  /** SHA-256 over all chunks, one behind the other. */
  readonly hash: Uint8Array;
  /** SHA-256 of each chunk. */
  readonly chunkHashes: readonly Uint8Array[];
}

/** A snapshot as it is offered over ABCI. */
export function toAbciSnapshot({ height, format, hash, chunkHashes }: SnapshotInfo): Snapshot {
  return { height, format, chunks: chunkHashes.length, hash, metadata: snapshotMetadata(chunkHashes) };
}

/**
 * What a stranger offers, judged.
 * @throws store/21 for numbers out of range, and hashes that are none or of another number than the chunks
 */
export function parseAbciSnapshot({ height, format, chunks, hash, metadata }: Snapshot): SnapshotInfo {
  if (height < 1n || height > MAX_HEIGHT) throw bad(`expected a height of 1 to ${MAX_HEIGHT}, got ${height}`);
  if (chunks < 1 || chunks > MAX_CHUNKS) throw bad(`expected 1 to ${MAX_CHUNKS} chunks, got ${chunks}`);
  if (hash.length !== HASH_BYTES) throw bad(`expected a hash of ${HASH_BYTES} bytes, got ${hash.length}`);
  // Each hash stands behind two bytes.
  if (metadata.length !== chunks * (HASH_BYTES + 2))
    throw bad(`expected ${chunks * (HASH_BYTES + 2)} bytes of metadata, got ${metadata.length}`);
  const chunkHashes = Array.from({ length: chunks }, (_, index) => {
    const at = index * (HASH_BYTES + 2);
    if (metadata[at] !== CHUNK_HASH || metadata[at + 1] !== HASH_BYTES) throw bad(`expected the hash of chunk ${index} in the metadata`);
    return new Uint8Array(metadata.subarray(at + 2, at + 2 + HASH_BYTES));
  });
  return { height, format, hash, chunkHashes };
}

/** Tag of cosmos.store.snapshots.v1.Metadata.chunk_hashes. */
const CHUNK_HASH = (1 << 3) | 2;
const TAG = { height: 1 << 3, format: 2 << 3, chunks: 3 << 3, hash: (4 << 3) | 2, metadata: (5 << 3) | 2 };

/** cosmos.store.snapshots.v1.Snapshot. */
export function encodeSnapshotInfo(info: SnapshotInfo): Uint8Array {
  const { height, format, chunks, hash, metadata } = toAbciSnapshot(info);
  const out = new BinaryWriter().uint32(TAG.height).uint64(height).uint32(TAG.format).uint32(format);
  return out.uint32(TAG.chunks).uint32(chunks).uint32(TAG.hash).bytes(hash).uint32(TAG.metadata).bytes(metadata).finish();
}

/** @throws store/21 for other bytes than a whole Snapshot */
export function decodeSnapshotInfo(bytes: Uint8Array): SnapshotInfo {
  const found = { height: 0n, format: 0, chunks: 0, hash: new Uint8Array(0), metadata: new Uint8Array(0) };
  try {
    const input = new BinaryReader(bytes);
    while (input.pos < input.len) {
      const tag = input.uint32();
      if (tag === TAG.height) found.height = BigInt(input.uint64());
      else if (tag === TAG.format) found.format = input.uint32();
      else if (tag === TAG.chunks) found.chunks = input.uint32();
      else if (tag === TAG.hash) found.hash = new Uint8Array(input.bytes());
      else if (tag === TAG.metadata) found.metadata = new Uint8Array(input.bytes());
      else throw bad(`expected a field of a snapshot, got tag ${tag}`);
    }
  } catch (cause) {
    throw cause instanceof StoreError ? cause : bad("expected the description of a snapshot, got other bytes");
  }
  return parseAbciSnapshot(found);
}

function bad(detail: string): StoreError {
  return new StoreError("badSnapshot", `snapshot: ${detail}`);
}
