// A snapshot in one file, to be carried elsewhere: a tape archive of the description (`_snapshot`) and the chunks (`0`, `1`, …) in that order, packed
// with gzip, as the Cosmos SDK's `snapshots dump` writes and its `snapshots load` reads it.
import { createHash } from "node:crypto";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { equalBytes } from "../encoding/bytes.ts";
import { snapshotFormat } from "../store/snapshotFormat.ts";
import { StoreError } from "../store/storeError.ts";
import { INFO_FILE, type SnapshotDraft, type SnapshotFolder } from "./snapshotFolder.ts";
import { decodeSnapshotInfo, encodeSnapshotInfo, MAX_INFO_BYTES, type SnapshotInfo } from "./snapshotInfo.ts";
import { decodeTarHeader, encodeTarHeader, TAR_BLOCK, type TarEntry } from "./tarHeader.ts";

/** CometBFT hands out no larger chunk. */
const MAX_CHUNK_BYTES = 16_000_000;
/** Programs fill archives up with zeros: to 10 KiB usually, with some settings to more. */
const MAX_FILL_BYTES = 1 << 20;

/** Told after each chunk. @param done of all */
type OnChunk = (done: number, all: number) => void;

/**
 * The archive of a snapshot, before gzip. Equal snapshots make equal archives.
 * @throws store/21 when a chunk is missing or not the one that the description names
 */
export async function* archiveSnapshot(
  folder: SnapshotFolder,
  info: SnapshotInfo,
  onChunk: OnChunk = () => {},
): AsyncGenerator<Uint8Array> {
  yield* file(INFO_FILE, encodeSnapshotInfo(info));
  for (const [index, hash] of info.chunkHashes.entries()) {
    const chunk = await folder.chunk(info.height, info.format, index);
    if (chunk === undefined) throw bad(`chunk ${index} of ${info.chunkHashes.length} is missing`);
    requireHash(chunk, hash, index);
    yield* file(String(index), chunk);
    onChunk(index + 1, info.chunkHashes.length);
  }
  yield new Uint8Array(2 * TAR_BLOCK);
}

/** What an archive is judged by. */
export interface ArchiveLimits {
  /** Most bytes of all chunks together. */
  readonly maxBytes: number;
  readonly onChunk?: OnChunk;
}

/**
 * Puts the snapshot of an archive among those of a folder; nothing of one that is refused stays. Each chunk is compared with the hash that the
 * description names. What state it holds, `readSnapshot` judges.
 * @param source the archive, packed with gzip, in pieces of any size
 * @throws store/21 for what is no whole archive of one snapshot of format 3, for more of it than the limits, and where there is a snapshot of its height
 */
export async function loadSnapshotArchive(
  source: AsyncIterable<Uint8Array>,
  folder: SnapshotFolder,
  limits: ArchiveLimits,
): Promise<SnapshotInfo> {
  const gunzip = createGunzip();
  // Whatever ends the feeding ends what is read of it, too, with the reason.
  const fed = pipeline(source, gunzip).catch(() => {});
  try {
    return await load(new ArchiveReader(gunzip), folder, limits);
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && String(cause.code).startsWith("Z_"))) throw cause;
    throw bad(`expected a whole file of gzip, got ${cause.message}`);
  } finally {
    gunzip.destroy();
    await fed;
  }
}

async function load(archive: ArchiveReader, folder: SnapshotFolder, { maxBytes, onChunk }: ArchiveLimits): Promise<SnapshotInfo> {
  const info = decodeSnapshotInfo(await archive.file(INFO_FILE, MAX_INFO_BYTES));
  const all = info.chunkHashes.length;
  if (info.format !== snapshotFormat) throw bad(`expected format ${snapshotFormat}, got ${info.format}`);
  if (folder.find(info.height) !== undefined) throw bad(`there is a snapshot of height ${info.height} already`);
  const draft = folder.draft(info.height);
  try {
    await loadChunks(archive, info, draft, maxBytes, (done) => onChunk?.(done, all));
    await archive.end(all);
    draft.complete(info);
  } catch (cause) {
    draft.discard();
    throw cause;
  }
  return info;
}

async function loadChunks(
  archive: ArchiveReader,
  { chunkHashes, hash }: SnapshotInfo,
  draft: SnapshotDraft,
  maxBytes: number,
  onChunk: (done: number) => void,
): Promise<void> {
  const whole = createHash("sha256");
  let bytes = 0;
  for (const [index, expected] of chunkHashes.entries()) {
    const chunk = await archive.file(String(index), MAX_CHUNK_BYTES);
    bytes += chunk.length;
    if (bytes > maxBytes) throw bad(`expected at most ${maxBytes} bytes in all chunks, got more`);
    requireHash(chunk, expected, index);
    whole.update(chunk);
    draft.put(index, chunk);
    onChunk(index + 1);
  }
  if (!equalBytes(whole.digest(), hash)) throw bad("expected chunks of the snapshot's hash, got others");
}

/** The files of an archive, one behind the other. */
class ArchiveReader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** The bytes of the next file. @throws store/21 for one of another name or of more bytes, or when there is none */
  async file(name: string, most: number): Promise<Uint8Array> {
    const entry = await this.#entry(name);
    if (entry === undefined) throw bad(`expected ${told(name)}, got the end`);
    if (entry.name !== name) throw bad(`expected ${told(name)}, got a file named ${JSON.stringify(entry.name)}`);
    if (entry.size > most) throw bad(`expected at most ${most} bytes in ${told(name)}, got ${entry.size}`);
    const bytes = await this.#take(entry.size, told(name));
    await this.#take(fillOf(entry.size), told(name));
    return bytes;
  }

  /** @throws store/21 when something follows the last chunk */
  async end(chunks: number): Promise<void> {
    const entry = await this.#entry("the end");
    if (entry !== undefined) throw bad(`expected the end behind ${chunks} chunks, got a file named ${JSON.stringify(entry.name)}`);
    let fill = 0;
    for (let piece: Uint8Array | undefined = this.#rest; piece !== undefined; piece = await this.#next()) {
      fill += piece.length;
      if (piece.some((byte) => byte !== 0)) throw bad("expected zeros behind the end, got other bytes");
      if (fill > MAX_FILL_BYTES) throw bad(`expected at most ${MAX_FILL_BYTES} zeros behind the end, got more`);
    }
  }

  async #entry(expected: string): Promise<TarEntry | undefined> {
    return decodeTarHeader(await this.#take(TAR_BLOCK, told(expected)));
  }

  async #take(count: number, what: string): Promise<Uint8Array> {
    const bytes = new Uint8Array(count);
    for (let filled = 0; filled < count; ) {
      if (this.#rest.length === 0) this.#rest = (await this.#next()) ?? bail(`expected ${what}, got the end of the file`);
      const part = this.#rest.subarray(0, count - filled);
      bytes.set(part, filled);
      filled += part.length;
      this.#rest = this.#rest.subarray(part.length);
    }
    return bytes;
  }

  async #next(): Promise<Uint8Array | undefined> {
    const { done, value } = await this.#pieces.next();
    return done === true ? undefined : value;
  }
}

function* file(name: string, bytes: Uint8Array): Generator<Uint8Array> {
  yield encodeTarHeader({ name, size: bytes.length });
  yield bytes;
  yield new Uint8Array(fillOf(bytes.length));
}

function fillOf(size: number): number {
  return (TAR_BLOCK - (size % TAR_BLOCK)) % TAR_BLOCK;
}

function told(name: string): string {
  return /^\d+$/.test(name) ? `chunk ${name}` : name;
}

function requireHash(chunk: Uint8Array, hash: Uint8Array, index: number): void {
  if (!equalBytes(createHash("sha256").update(chunk).digest(), hash)) throw bad(`chunk ${index} is not the one that the description names`);
}

function bail(detail: string): never {
  throw bad(detail);
}

function bad(detail: string): StoreError {
  return new StoreError("badSnapshot", `archive: ${detail}`);
}
