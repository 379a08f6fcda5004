import { mkdir, open, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { ContentError } from "./contentError.ts";
import { contentIdOf, parseContentId } from "./contentId.ts";

/** Largest block in bytes by default: a prior of schema v1 as int16 (196,608) has room, a shard (12,544) often. */
export const MAX_BLOCK_BYTES = 1024 * 1024;

/** What happened to a block that nobody asked for. */
export interface ContentReport {
  /** `damaged`: its bytes did not have its hash and it was removed. `evicted`: others needed its room. `stray`: a file that is no block. */
  readonly kind: "damaged" | "evicted" | "stray";
  /** The block's identifier; of a stray file its name. */
  readonly name: string;
  readonly detail: string;
}

/** Where blocks are kept, and how many. */
export interface ContentStoreOptions {
  /** Folder, made with the first block. */
  readonly path: string;
  /** Most bytes of all blocks together; the least recently used go first. */
  readonly maxBytes: number;
  /** Largest block in bytes. Default: {@link MAX_BLOCK_BYTES}. */
  readonly maxBlockBytes?: number;
  readonly report?: (event: ContentReport) => void;
}

/** A block that is kept. */
export interface ContentBlock {
  readonly cid: string;
  readonly bytes: number;
}

const TEMPORARY = ".tmp";
/** Characters of the identifier's end that name a block's folder: 1024 folders. */
const FOLDER_CHARACTERS = 2;

/**
 * Blocks on disk by their content identifier, `<last two characters>/<identifier>`. What is written is complete or not there; what is read is hashed again.
 * Several processes may use one folder: blocks are never changed, and one that another process wrote is found.
 */
export class ContentStore {
  readonly path: string;
  readonly maxBytes: number;
  readonly maxBlockBytes: number;
  readonly #report: (event: ContentReport) => void;
  /** Sizes by identifier, least recently used first. */
  readonly #sizes = new Map<string, number>();
  #bytes = 0;
  #writes = 0;
  /** Writes come one after the other: each leaves the folder below its bound. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor({ path, maxBytes, maxBlockBytes = MAX_BLOCK_BYTES, report = () => {} }: ContentStoreOptions) {
    this.path = path;
    this.maxBytes = maxBytes;
    this.maxBlockBytes = maxBlockBytes;
    this.#report = report;
  }

  /** Opens a folder: removes what was never completed, and blocks beyond the bound. */
  static async open(options: ContentStoreOptions): Promise<ContentStore> {
    const store = new ContentStore(options);
    for (const { cid, bytes } of await store.#scan()) store.#note(cid, bytes);
    await store.#evict();
    return store;
  }

  /** Bytes of all blocks. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Number of blocks. */
  get blocks(): number {
    return this.#sizes.size;
  }

  /** The blocks, least recently used first. */
  list(): ContentBlock[] {
    return [...this.#sizes].map(([cid, bytes]) => ({ cid, bytes }));
  }

  /**
   * Keeps bytes. On return they are on disk, whole; a block that is there and damaged is written again.
   * @returns identifier, and whether it was not kept before
   * @throws ContentError tooLarge
   */
  put(bytes: Uint8Array): Promise<{ readonly cid: string; readonly isNew: boolean }> {
    const most = Math.min(this.maxBlockBytes, this.maxBytes);
    if (bytes.length > most) throw new ContentError("tooLarge", `at most ${most} bytes expected, got ${bytes.length}`);
    const cid = contentIdOf(bytes);
    return this.#inTurn(async () => {
      if ((await this.get(cid)) !== undefined) return { cid, isNew: false };
      await this.#write(cid, bytes);
      this.#note(cid, bytes.length);
      await this.#evict();
      return { cid, isNew: true };
    });
  }

  /**
   * The bytes of a block, hashed again. A damaged one is removed and reported.
   * @returns undefined when it is not kept
   * @throws ContentError badCid
   */
  async get(cid: string): Promise<Uint8Array | undefined> {
    parseContentId(cid);
    const path = this.#pathOf(cid);
    const bytes = await readBlock(path, this.maxBlockBytes);
    if (bytes === undefined) {
      this.#forget(cid);
      return undefined;
    }
    if (bytes === "too large" || contentIdOf(bytes) !== cid) {
      await this.#removeDamaged(cid, bytes === "too large" ? `more than ${this.maxBlockBytes} bytes` : "its bytes have another hash");
      return undefined;
    }
    this.#note(cid, bytes.length);
    const now = new Date();
    // Only the order of eviction after a restart depends on it.
    await utimes(path, now, now).catch(() => {});
    return bytes;
  }

  /** Whether a block is there, by its name alone. */
  has(cid: string): boolean {
    return this.#sizes.has(cid);
  }

  /** Resolves when all that was put is written. */
  async settled(): Promise<void> {
    await this.#last.catch(() => {});
  }

  async #removeDamaged(cid: string, detail: string): Promise<void> {
    await rm(this.#pathOf(cid), { force: true });
    this.#forget(cid);
    this.#report({ kind: "damaged", name: cid, detail: `${detail}; it is removed` });
  }

  /** Writes under another name and renames: a crash leaves all of the block or nothing that counts. */
  async #write(cid: string, bytes: Uint8Array): Promise<void> {
    const path = this.#pathOf(cid);
    const folder = this.#folderOf(cid);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const draft = `${path}.${process.pid}-${this.#writes++}${TEMPORARY}`;
    try {
      const file = await open(draft, "wx", 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    await syncFolder(folder);
  }

  async #evict(): Promise<void> {
    for (const [cid, bytes] of this.#sizes) {
      if (this.#bytes <= this.maxBytes) return;
      await rm(this.#pathOf(cid), { force: true });
      this.#forget(cid);
      this.#report({ kind: "evicted", name: cid, detail: `${bytes} bytes, least recently used of more than ${this.maxBytes}` });
    }
  }

  /** The blocks on disk, least recently used first. */
  async #scan(): Promise<ContentBlock[]> {
    const found: (ContentBlock & { readonly used: number })[] = [];
    for (const folder of await namesIn(this.path))
      for (const name of await namesIn(join(this.path, folder))) {
        const path = join(this.path, folder, name);
        if (name.endsWith(TEMPORARY)) await removeAbandoned(path);
        else if (isBlockName(name) && folder === name.slice(-FOLDER_CHARACTERS)) {
          const facts = await stat(path).catch(() => undefined);
          if (facts?.isFile() === true) found.push({ cid: name, bytes: facts.size, used: facts.mtimeMs });
        } else this.#report({ kind: "stray", name: join(folder, name), detail: "it is no block and stays as it is" });
      }
    return found.toSorted((a, b) => a.used - b.used || (a.cid < b.cid ? -1 : 1));
  }

  /** Counts a block as used just now. */
  #note(cid: string, bytes: number): void {
    this.#forget(cid);
    this.#sizes.set(cid, bytes);
    this.#bytes += bytes;
  }

  #forget(cid: string): void {
    this.#bytes -= this.#sizes.get(cid) ?? 0;
    this.#sizes.delete(cid);
  }

  #folderOf(cid: string): string {
    return join(this.path, cid.slice(-FOLDER_CHARACTERS));
  }

  #pathOf(cid: string): string {
    return join(this.#folderOf(cid), cid);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work);
    this.#last = turn;
    turn.catch(() => {});
    return turn;
  }
}

/** A writer that still lives may be about to rename its draft; an hour later it is not. */
const ABANDONED_MS = 3_600_000;

async function removeAbandoned(path: string): Promise<void> {
  const writer = /\.(\d+)-\d+\.tmp$/.exec(path)?.[1];
  const facts = await stat(path).catch(() => undefined);
  if (facts === undefined) return;
  const isOwn = writer === String(process.pid);
  if (isOwn || Date.now() - facts.mtimeMs > ABANDONED_MS || !isAlive(Number(writer))) await rm(path, { force: true });
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function isBlockName(name: string): boolean {
  try {
    parseContentId(name);
    return true;
  } catch {
    return false;
  }
}

/** Names in a folder; none when there is no such folder. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** A file of at most so many bytes; undefined when there is none. */
async function readBlock(path: string, most: number): Promise<Uint8Array | "too large" | undefined> {
  try {
    const file = await open(path, "r");
    try {
      if ((await file.stat()).size > most) return "too large";
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
