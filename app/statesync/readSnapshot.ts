// Chunks back into trees. Nothing of it is believed: what is wrong is refused where it stands, and in the end the hash over all stores decides.
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createInflate } from "node:zlib";
import { compareBytes, encodeUtf8, equalBytes, toHex } from "../encoding/bytes.ts";
import { multistoreRoot } from "../store/multistore.ts";
import { type SnapshotItem, SnapshotItemReader } from "../store/snapshotItems.ts";
import { StoreError } from "../store/storeError.ts";
import { type Tree, TreeImport } from "../store/tree.ts";
import type { VersionRoots } from "../store/versionRoots.ts";
import type { SnapshotInfo } from "./snapshotInfo.ts";

/** Most bytes that one byte of a chunk may become: the SDK's compression reaches about ten on real state. */
const MAX_INFLATION = 64;
const PIECE_BYTES = 1 << 18;

/** What a snapshot is judged by. */
export interface SnapshotLimits {
  /** Names of the chain's stores. */
  readonly stores: readonly string[];
  /** Most bytes of state, nodes included. */
  readonly maxStateBytes: number;
  /** The app hash that the state must have; undefined to take any. */
  readonly appHash?: Uint8Array | undefined;
}

/** A state that was read and checked. */
export interface RestoredState {
  readonly trees: ReadonlyMap<string, Tree>;
  readonly at: VersionRoots;
}

/**
 * The state in the chunks of a snapshot.
 * @param chunks all of them in order
 * @throws store/21 for what is no snapshot of that hash, or too much of it; store/15 for nodes that are no trees, store/6 for an unknown store,
 * store/14 for another app hash
 */
export async function readSnapshot(
  info: SnapshotInfo,
  chunks: AsyncIterable<Uint8Array>,
  { stores, maxStateBytes, appHash }: SnapshotLimits,
): Promise<RestoredState> {
  const whole = createHash("sha256");
  let packed = 0;
  let unpacked = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      whole.update(chunk);
      packed += chunk.length;
      yield chunk;
    }
  }
  const inflate = createInflate({ chunkSize: PIECE_BYTES });
  const reader = new SnapshotItemReader();
  const stage = new StateImport(info.height, stores);
  let failure: unknown;
  const take = async (pieces: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const piece of pieces) {
      unpacked += piece.length;
      if (unpacked > maxStateBytes) throw bad(`expected at most ${maxStateBytes} bytes of state, got more`);
      if (unpacked > packed * MAX_INFLATION + PIECE_BYTES) throw bad(`expected at most ${MAX_INFLATION} bytes of state for one of a chunk`);
      for (const item of reader.push(piece)) stage.take(item);
    }
  };
  try {
    await pipeline(Readable.from(counted(), { objectMode: true, highWaterMark: 1 }), inflate, (pieces: AsyncIterable<Uint8Array>) =>
      take(pieces).catch((cause: unknown) => {
        // The pipeline may tell that it was ended instead of why.
        failure = cause;
        throw cause;
      }),
    );
  } catch (ended) {
    const cause = failure instanceof StoreError ? failure : ended;
    if (!isZlibError(cause)) throw cause;
    throw bad(`expected a zlib stream, got ${cause.message}`);
  }
  reader.end();
  if (inflate.bytesWritten !== packed)
    throw bad(`expected the stream to end with the last chunk, got ${packed - inflate.bytesWritten} bytes more`);
  if (!equalBytes(whole.digest(), info.hash)) throw bad("expected chunks of the snapshot's hash, got others");
  const state = stage.finish();
  if (appHash !== undefined && !equalBytes(appHash, state.at.appHash))
    throw new StoreError(
      "wrongRoot",
      `snapshot of height ${info.height}: expected app hash ${toHex(appHash)}, got ${toHex(state.at.appHash)}`,
    );
  return state;
}

/** The stores of a state in the order of their names, one tree after the other. */
class StateImport {
  readonly #version: bigint;
  readonly #stores: readonly string[];
  readonly #trees = new Map<string, Tree>();
  #open: { readonly name: string; readonly tree: TreeImport } | undefined;

  constructor(version: bigint, stores: readonly string[]) {
    this.#version = version;
    this.#stores = stores;
  }

  take({ store, node }: SnapshotItem): void {
    if (store !== undefined) this.#begin(store);
    else if (this.#open === undefined) throw bad("expected the name of a store before a node");
    else this.#open.tree.add(node);
  }

  finish(): RestoredState {
    this.#end();
    if (this.#trees.size === 0) throw bad("expected at least one store, got none");
    const roots = new Map(Array.from(this.#trees, ([name, tree]) => [name, tree.root]));
    return { trees: this.#trees, at: { version: this.#version, roots, appHash: multistoreRoot(roots) } };
  }

  #begin(name: string): void {
    if (!this.#stores.includes(name))
      throw new StoreError("unknownStore", `snapshot: expected one of ${this.#stores.join(", ")}, got ${JSON.stringify(name)}`);
    const last = this.#open?.name;
    if (last !== undefined && compareBytes(encodeUtf8(last), encodeUtf8(name)) >= 0)
      throw bad(`expected a store whose name comes behind ${last}, got ${name}`);
    this.#end();
    this.#open = { name, tree: new TreeImport(this.#version) };
  }

  #end(): void {
    if (this.#open !== undefined) this.#trees.set(this.#open.name, this.#open.tree.finish());
  }
}

function isZlibError(error: unknown): error is Error {
  return error instanceof Error && "code" in error && typeof error.code === "string" && error.code.startsWith("Z_");
}

function bad(detail: string): StoreError {
  return new StoreError("badSnapshot", `snapshot: ${detail}`);
}
