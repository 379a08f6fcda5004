// The snapshots of a node on disk: `<height>/<format>/` with the description in `_snapshot` and the chunks as `0`, `1`, …, as the Cosmos SDK
// names its chunks. What is being made has a temporary name until it is complete.
import { createHash } from "node:crypto";
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { snapshotChunks, snapshotFormat, snapshotItems, snapshotStream, storedZlib } from "../store/snapshotFormat.ts";
import { StoreError } from "../store/storeError.ts";
import type { ExportedNode } from "../store/treeExport.ts";
import { decodeSnapshotInfo, encodeSnapshotInfo, type SnapshotInfo } from "./snapshotInfo.ts";

/** Name of a description. */
export const INFO_FILE = "_snapshot";
const TEMPORARY = ".tmp";

/** Snapshots in a folder, which is made with the first of them. */
export class SnapshotFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** The complete snapshots, newest first; a description that is damaged counts as none. */
  list(): SnapshotInfo[] {
    const found: SnapshotInfo[] = [];
    for (const height of this.#heights()) {
      const info = this.find(height);
      if (info !== undefined) found.push(info);
    }
    return found;
  }

  /** The snapshot of a height, undefined when there is none that is whole. */
  find(height: bigint, format = snapshotFormat): SnapshotInfo | undefined {
    try {
      const info = decodeSnapshotInfo(readFileSync(join(this.#of(height, format), INFO_FILE)));
      return info.height === height && info.format === format ? info : undefined;
    } catch (error) {
      if (error instanceof StoreError || isMissing(error)) return undefined;
      throw error;
    }
  }

  /** A chunk; undefined when there is none of that number. */
  async chunk(height: bigint, format: number, index: number): Promise<Uint8Array | undefined> {
    try {
      return await readFile(join(this.#of(height, format), String(index)));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /**
   * Writes the state after a block, and then its name. Blocks the thread.
   * @param stores nodes of every store in post-order, by name
   * @returns undefined when there is a snapshot of that height already
   */
  write(height: bigint, stores: ReadonlyMap<string, Iterable<ExportedNode>>): SnapshotInfo | undefined {
    if (this.find(height) !== undefined) return undefined;
    const draft = this.draft(height);
    const whole = createHash("sha256");
    const chunkHashes: Uint8Array[] = [];
    for (const chunk of snapshotChunks(storedZlib(snapshotStream(snapshotItems(stores))))) {
      whole.update(chunk);
      draft.put(chunkHashes.length, chunk);
      chunkHashes.push(createHash("sha256").update(chunk).digest());
    }
    const info = { height, format: snapshotFormat, hash: whole.digest(), chunkHashes };
    draft.complete(info);
    return info;
  }

  /** A place for the chunks of a snapshot that is not complete yet. What was left there is removed. */
  draft(height: bigint): SnapshotDraft {
    return new SnapshotDraft(this.#temporary(height), join(this.path, String(height)), this.path);
  }

  /** Removes all but the newest ones. @param keep how many stay; 0 for all */
  prune(keep: number): void {
    if (keep > 0) for (const height of this.#heights().slice(keep)) this.remove(height);
  }

  /** Removes the snapshot of a height. @returns whether there was one */
  remove(height: bigint): boolean {
    const folder = join(this.path, String(height));
    if (!existsSync(folder)) return false;
    rmSync(folder, { recursive: true, force: true });
    return true;
  }

  /** Removes what there is of a snapshot that was not completed. CONTRACT: nobody makes it any more. */
  giveUp(height: bigint): void {
    rmSync(this.#temporary(height), { recursive: true, force: true });
  }

  /** Removes what was never completed. CONTRACT: nobody else makes a snapshot meanwhile. */
  clean(): void {
    for (const name of this.#names()) if (name.endsWith(TEMPORARY)) rmSync(join(this.path, name), { recursive: true, force: true });
  }

  #of(height: bigint, format: number): string {
    return join(this.path, String(height), String(format));
  }

  #temporary(height: bigint): string {
    return join(this.path, `${height}${TEMPORARY}`);
  }

  #heights(): bigint[] {
    const heights = this.#names().flatMap((name) => (/^[1-9]\d{0,18}$/.test(name) ? [BigInt(name)] : []));
    return heights.toSorted((a, b) => (a > b ? -1 : 1));
  }

  #names(): string[] {
    try {
      return readdirSync(this.path);
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }
}

/** A snapshot in the making. */
export class SnapshotDraft {
  readonly #root: string;
  readonly #final: string;
  readonly #parent: string;
  readonly #chunks: string;

  constructor(root: string, final: string, parent: string) {
    this.#root = root;
    this.#final = final;
    this.#parent = parent;
    this.#chunks = join(root, String(snapshotFormat));
    this.discard();
    mkdirSync(this.#chunks, { recursive: true, mode: 0o700 });
  }

  /** Keeps a chunk. */
  put(index: number, chunk: Uint8Array): void {
    writeDurably(join(this.#chunks, String(index)), chunk);
  }

  /** A chunk that was kept. */
  get(index: number): Promise<Uint8Array> {
    return readFile(join(this.#chunks, String(index)));
  }

  /** Gives it its name: from now on it is one of the snapshots. */
  complete(info: SnapshotInfo): void {
    writeDurably(join(this.#chunks, INFO_FILE), encodeSnapshotInfo(info));
    rmSync(this.#final, { recursive: true, force: true });
    renameSync(this.#root, this.#final);
    const folder = openSync(this.#parent, "r");
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  }

  /** Removes it. */
  discard(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}

function writeDurably(path: string, bytes: Uint8Array): void {
  const file = openSync(path, "w", 0o600);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
