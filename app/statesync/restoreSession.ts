// One snapshot that CometBFT offered and brings chunk by chunk. Chunks wait on disk until all are there; nothing of the state is touched before.
import { createHash } from "node:crypto";
import { equalBytes } from "../encoding/bytes.ts";
import type { RestoredState, SnapshotLimits } from "./readSnapshot.ts";
import { readSnapshot } from "./readSnapshot.ts";
import type { SnapshotDraft, SnapshotFolder } from "./snapshotFolder.ts";
import type { SnapshotInfo } from "./snapshotInfo.ts";

/** The chunks of one offered snapshot. */
export class RestoreSession {
  readonly info: SnapshotInfo;
  /** The app hash that the light client found for the height. */
  readonly appHash: Uint8Array;
  readonly #draft: SnapshotDraft;
  readonly #have = new Set<number>();

  constructor(folder: SnapshotFolder, info: SnapshotInfo, appHash: Uint8Array) {
    this.info = info;
    this.appHash = appHash;
    this.#draft = folder.draft(info.height);
  }

  /** Whether every chunk is there. */
  get isWhole(): boolean {
    return this.#have.size === this.info.chunkHashes.length;
  }

  /** Keeps a chunk, in whatever order they come; one that is there already changes nothing. @returns false when it is not the chunk of that number */
  take(index: number, chunk: Uint8Array): boolean {
    const expected = this.info.chunkHashes[index];
    if (expected === undefined || !equalBytes(createHash("sha256").update(chunk).digest(), expected)) return false;
    if (this.#have.has(index)) return true;
    this.#draft.put(index, chunk);
    this.#have.add(index);
    return true;
  }

  /** The state in the chunks. CONTRACT: all are there. @throws store/6, store/14, store/15, store/21 as `readSnapshot` */
  read(limits: Omit<SnapshotLimits, "appHash">): Promise<RestoredState> {
    return readSnapshot(this.info, this.#chunks(), { ...limits, appHash: this.appHash });
  }

  /** Keeps the chunks as a snapshot of this node. */
  keep(): void {
    this.#draft.complete(this.info);
  }

  /** Removes the chunks. */
  discard(): void {
    this.#draft.discard();
  }

  async *#chunks(): AsyncGenerator<Uint8Array> {
    for (let index = 0; index < this.info.chunkHashes.length; index++) yield await this.#draft.get(index);
  }
}
