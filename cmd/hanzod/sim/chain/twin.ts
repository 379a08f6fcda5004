import type { RequestFinalizeBlock, ResponseFinalizeBlock } from "#proto/tendermint/abci/types";
import { equalBytes, toHex } from "../../../../app/encoding/bytes.ts";
import type { App } from "../../../../app/runtime/app.ts";
import { encodeBlockAnswer } from "../../../../app/runtime/blockAnswer.ts";
import { readSnapshot } from "../../../../app/statesync/readSnapshot.ts";
import { type CommitStore, createMemoryCommitStore } from "../../../../app/store/commitStore.ts";
import { sha256 } from "../../../../app/store/hash.ts";
import type { SharedStore } from "../../../../app/store/sharedStore.ts";
import { snapshotChunks, snapshotFormat, snapshotItems, snapshotStream, storedZlib } from "../../../../app/store/snapshotFormat.ts";
import { SimFailure } from "./simFailure.ts";

/** Blocks that a twin follows. */
export const FOLLOWED = 5;
const MAX_STATE_BYTES = 2 ** 40;

/** A node that begins with a snapshot of the chain, as state sync makes it, and then executes the same blocks. */
export class Twin {
  readonly #store: CommitStore;
  readonly #app: App;
  #left = FOLLOWED;

  private constructor(store: CommitStore, app: App) {
    this.#store = store;
    this.#app = app;
  }

  /**
   * Restores the latest version of a store into one of its own. The store is read until the state is restored.
   * @throws SimFailure when the state comes out with another app hash
   */
  static async restore(source: SharedStore, stores: readonly string[], start: (store: CommitStore) => Promise<App>): Promise<Twin> {
    const chunks = snapshotOf(source);
    const whole = sha256(Buffer.concat(chunks));
    const info = { height: source.version, format: snapshotFormat, hash: whole, chunkHashes: chunks.map(sha256) };
    async function* inOrder(): AsyncGenerator<Uint8Array> {
      yield* chunks;
    }
    const restored = await readSnapshot(info, inOrder(), { stores, maxStateBytes: MAX_STATE_BYTES });
    if (!equalBytes(restored.at.appHash, source.appHash))
      throw failure(
        source.version,
        `app hash ${toHex(source.appHash)} expected of the restored snapshot, got ${toHex(restored.at.appHash)}`,
      );
    const store = createMemoryCommitStore({ stores, restored });
    return new Twin(store, await start(store));
  }

  /** Executes and commits a block, unless it has followed for long enough. @param expected the chain's encoded answer @throws SimFailure when it answers something else */
  async follow(request: RequestFinalizeBlock, expected: Uint8Array): Promise<void> {
    if (this.#left === 0) return;
    this.#left--;
    const response = await this.#app.finalizeBlock(request);
    if (!equalBytes(encodeBlockAnswer(response).bytes, expected))
      throw failure(request.height, "a node that began with a snapshot comes to other results");
    await this.#app.commit();
    if (this.#left === 0) await this.#store.close();
  }
}

/** Whether two answers to a block are the same, byte for byte. */
export function isSameAnswer(a: ResponseFinalizeBlock, b: ResponseFinalizeBlock): boolean {
  return equalBytes(encodeBlockAnswer(a).bytes, encodeBlockAnswer(b).bytes);
}

function failure(height: bigint, what: string): SimFailure {
  return new SimFailure(Number(height), what);
}

/** The latest version in the form in which nodes hand it on. */
function snapshotOf(source: SharedStore): readonly Uint8Array[] {
  const { stores } = source.exportLatest();
  return Array.from(snapshotChunks(storedZlib(snapshotStream(snapshotItems(stores)))), (chunk) => chunk.slice());
}
