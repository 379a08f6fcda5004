import type { RequestFinalizeBlock, ResponseFinalizeBlock } from "#proto/tendermint/abci/types";
import { sha256 } from "#sha256";
import { concatBytes, equalBytes, toHex } from "../../../../app/encoding/bytes.ts";
import type { App } from "../../../../app/runtime/app.ts";
import { encodeBlockAnswer } from "../../../../app/runtime/blockAnswer.ts";
import { readSnapshot } from "../../../../app/statesync/readSnapshot.ts";
import { type CommitStore, createMemoryCommitStore } from "../../../../app/store/commitStore.ts";
import { SharedStore } from "../../../../app/store/sharedStore.ts";
import { snapshotChunks, snapshotFormat, snapshotItems, snapshotStream, storedZlib } from "../../../../app/store/snapshotFormat.ts";
import { SimFailure } from "./simFailure.ts";

/** Blocks that a twin follows. */
const FOLLOWED = 5;
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
   * Restores the latest version of a store into one of its own.
   * @throws SimFailure when the state comes out with another app hash
   */
  static async restore(source: CommitStore, stores: readonly string[], start: (store: CommitStore) => Promise<App>): Promise<Twin> {
    const chunks = snapshotOf(source);
    const chunkHashes = chunks.map(sha256);
    const [first] = chunkHashes;
    const hash = first !== undefined && chunks.length === 1 ? first : sha256(concatBytes(...chunks));
    const info = { height: source.version, format: snapshotFormat, hash, chunkHashes };
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

  /** Whether it has followed for long enough. */
  get isDone(): boolean {
    return this.#left === 0;
  }

  /** Executes and commits a block. @param expected what the chain answered @throws SimFailure when it answers something else */
  async follow(request: RequestFinalizeBlock, expected: ResponseFinalizeBlock): Promise<void> {
    this.#left--;
    const response = await this.#app.finalizeBlock(request);
    if (!isSameAnswer(response, expected)) throw failure(request.height, "a node that began with a snapshot comes to other results");
    await this.#app.commit();
    if (this.isDone) await this.#store.close();
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
function snapshotOf(source: CommitStore): readonly Uint8Array[] {
  const feed = source.openFeed();
  const noRows = { response: async () => undefined, row: async () => undefined, async *rows() {} };
  const shared = new SharedStore(feed.open(), noRows);
  const end = shared.use();
  try {
    return [...snapshotChunks(storedZlib(snapshotStream(snapshotItems(shared.exportLatest().stores))))];
  } finally {
    end();
    feed.close();
  }
}
