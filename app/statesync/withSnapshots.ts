// An app that makes, serves and takes snapshots (ABCI's state sync).
import type { RequestApplySnapshotChunk, RequestOfferSnapshot, ResponseApplySnapshotChunk } from "#proto/tendermint/abci/types";
import type { App } from "../runtime/app.ts";
import type { LogPort } from "../runtime/ports.ts";
import type { DurableCommitStore } from "../store/commitStore.ts";
import { snapshotFormat } from "../store/snapshotFormat.ts";
import { StoreError, storeErrors } from "../store/storeError.ts";
import { RestoreSession } from "./restoreSession.ts";
import type { SnapshotFolder } from "./snapshotFolder.ts";
import { parseAbciSnapshot, type SnapshotInfo, toAbciSnapshot } from "./snapshotInfo.ts";
import type { SnapshotTaker } from "./snapshotThread.ts";

/** Results of ABCI's OfferSnapshot. */
export const OFFER = { accept: 1, abort: 2, reject: 3, rejectFormat: 4 } as const;
/** Results of ABCI's ApplySnapshotChunk. */
export const APPLY = { accept: 1, abort: 2, retry: 3, rejectSnapshot: 5 } as const;
type OfferResult = (typeof OFFER)[keyof typeof OFFER];
type ApplyResult = (typeof APPLY)[keyof typeof APPLY];
/** Snapshots told to a peer: it remembers no more of one. */
const MAX_LISTED = 10;
const APP_HASH_BYTES = 32;

/** Errors of a snapshot that is not what it says: another one may be. */
const UNFIT: ReadonlySet<number> = new Set(
  [storeErrors.unknownStore, storeErrors.wrongVersion, storeErrors.wrongRoot, storeErrors.badNodes, storeErrors.badSnapshot].map(
    ([code]) => code,
  ),
);

/** What snapshots are made from and restored to. */
export interface SnapshotParts {
  readonly store: Pick<DurableCommitStore, "restore">;
  /** Names of the chain's stores. */
  readonly stores: readonly string[];
  readonly folder: SnapshotFolder;
  /** Makes the node's own. */
  readonly taker: SnapshotTaker;
  /** Blocks that CometBFT must keep for those who restore the oldest snapshot; undefined for all. */
  readonly blocksToKeep: bigint | undefined;
  /** Whether a restored snapshot stays and is served. */
  readonly keepRestored: boolean;
  /** Most bytes of state that are taken. */
  readonly maxStateBytes: number;
  readonly log: LogPort;
}

/** The app with its snapshots. */
export function withSnapshots(app: App, parts: SnapshotParts): App {
  const { folder, taker, blocksToKeep } = parts;
  const restore = new Restore(app, parts);
  const calls: Pick<App, "commit" | "listSnapshots" | "offerSnapshot" | "loadSnapshotChunk" | "applySnapshotChunk"> = {
    async commit() {
      const { retainHeight } = await app.commit();
      taker.committed(app.height);
      return { retainHeight: leastRetained(retainHeight, app.height, blocksToKeep) };
    },
    listSnapshots: () => ({ snapshots: folder.list().slice(0, MAX_LISTED).map(toAbciSnapshot) }),
    async loadSnapshotChunk({ height, format, chunk }) {
      return { chunk: (await folder.chunk(height, format, chunk)) ?? new Uint8Array(0) };
    },
    offerSnapshot: (request) => ({ result: restore.offer(request) }),
    applySnapshotChunk: (request) => restore.apply(request),
  };
  return Object.assign(Object.create(app) as App, calls);
}

/** @param height of the last block @param keep blocks to keep for snapshots, undefined for all */
function leastRetained(retainHeight: bigint, height: bigint, keep: bigint | undefined): bigint {
  if (retainHeight === 0n || keep === undefined) return 0n;
  const oldest = height - keep + 1n;
  if (oldest < 1n) return 0n;
  return oldest < retainHeight ? oldest : retainHeight;
}

/** The restore under way. */
class Restore {
  readonly #app: App;
  readonly #parts: SnapshotParts;
  #session: RestoreSession | undefined;

  constructor(app: App, parts: SnapshotParts) {
    this.#app = app;
    this.#parts = parts;
  }

  /** Judges an offer; one that is accepted takes the place of the one before. */
  offer({ snapshot, appHash }: RequestOfferSnapshot): OfferResult {
    const { log, folder } = this.#parts;
    this.#drop();
    if (this.#app.height > 0n) {
      log.error(
        `a snapshot was offered to a state of height ${this.#app.height}: state sync begins with an empty one; see "State sync" in docs/operators/joining.md`,
      );
      return OFFER.abort;
    }
    if (snapshot === undefined) return OFFER.reject;
    if (snapshot.format !== snapshotFormat) {
      log.info(`a snapshot of format ${snapshot.format} is passed over: this program reads format ${snapshotFormat}`);
      return OFFER.rejectFormat;
    }
    let info: SnapshotInfo;
    try {
      info = parseAbciSnapshot(snapshot);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      log.info(`a snapshot of height ${snapshot.height} is passed over: ${error.detail}`);
      return OFFER.reject;
    }
    if (appHash.length !== APP_HASH_BYTES) {
      log.info(`a snapshot of height ${info.height} is passed over: no app hash to compare it with`);
      return OFFER.reject;
    }
    this.#session = new RestoreSession(folder, info, appHash);
    log.info(`restoring the snapshot of height ${info.height}, ${info.chunkHashes.length} chunks`);
    return OFFER.accept;
  }

  /** Takes a chunk, and with the last one the state. */
  async apply({ index, chunk, sender }: RequestApplySnapshotChunk): Promise<ResponseApplySnapshotChunk> {
    const session = this.#session;
    if (session === undefined || index >= session.info.chunkHashes.length) return answer(APPLY.abort);
    if (!session.take(index, chunk)) {
      this.#parts.log.info(`chunk ${index} of ${sender} is not the one that the snapshot names: it is fetched from somebody else`);
      return { result: APPLY.retry, refetchChunks: [index], rejectSenders: sender === "" ? [] : [sender] };
    }
    if (!session.isWhole) return answer(APPLY.accept);
    return answer(await this.#finish(session));
  }

  async #finish(session: RestoreSession): Promise<ApplyResult> {
    const { store, stores, maxStateBytes, log, keepRestored } = this.#parts;
    try {
      const { trees, at } = await session.read({ stores, maxStateBytes });
      await store.restore(trees, at);
    } catch (error) {
      this.#drop();
      if (!(error instanceof StoreError) || !UNFIT.has(error.code)) throw error;
      log.error(`the snapshot of height ${session.info.height} is refused and nothing of it stays: ${error.message}: ${error.detail}`);
      return APPLY.rejectSnapshot;
    }
    this.#session = undefined;
    if (keepRestored) session.keep();
    else session.discard();
    // The time of the block is in its header, which CometBFT has; the next block brings its own.
    this.#app.follow(0n);
    log.info(`the state of height ${session.info.height} is restored`);
    return APPLY.accept;
  }

  #drop(): void {
    this.#session?.discard();
    this.#session = undefined;
  }
}

function answer(result: ApplyResult): ResponseApplySnapshotChunk {
  return { result, refetchChunks: [], rejectSenders: [] };
}
