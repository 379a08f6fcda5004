import { asyncIterableReader, createDecoder } from "@ipld/car/decoder";
import { CarWriter } from "@ipld/car/writer";
import { ContentError } from "./contentError.ts";
import { contentIdOf, isContentId, parseContentId } from "./contentId.ts";
import type { ContentStore } from "./contentStore.ts";

/** Roots that an archive may name: its header is read at once. */
const MAX_ROOTS = 1024;
const CID_BYTES = 36;
const HEADER_BYTES = 64;
/** CBOR writes a root as a tag, a length and a zero byte before the identifier. */
const ROOT_BYTES = CID_BYTES + 5;

/** What an import brought. */
export interface ImportedCar {
  /** Blocks of the archive. */
  readonly blocks: number;
  /** Those of them that were not kept before. */
  readonly added: number;
  /** Bytes of the blocks. */
  readonly bytes: number;
  /** Identifiers that the archive names as its contents. */
  readonly roots: readonly string[];
}

/**
 * Blocks as a content archive (CARv1), each hashed again before it is written. The identifiers are its roots, the first 1024 of them.
 * @throws ContentError missing when a block is not kept (any more), badCid
 */
export async function* exportCar(store: ContentStore, cids: readonly string[]): AsyncGenerator<Uint8Array> {
  const parsed = cids.map(parseContentId);
  const { writer, out } = CarWriter.create(parsed.slice(0, MAX_ROOTS));
  const written = (async () => {
    try {
      for (const cid of parsed) {
        const bytes = await store.get(cid.toString());
        if (bytes === undefined) throw new ContentError("missing", `${cid} is not in ${store.path}`);
        await writer.put({ cid, bytes });
      }
    } finally {
      await writer.close();
    }
  })();
  // Who reads hears of a failure where the archive would go on.
  written.catch(() => {});
  yield* out;
  await written;
}

/**
 * Keeps the blocks of a content archive, CARv1 or CARv2. Each is hashed; the first one that is not what it says ends the import, and those before it stay.
 * @param source the archive, in pieces of any size
 * @param progress told the blocks so far
 * @throws ContentError badArchive with the number of the block, tooLarge
 */
export async function importCar(
  store: ContentStore,
  source: AsyncIterable<Uint8Array>,
  progress: (blocks: number) => void = () => {},
): Promise<ImportedCar> {
  const most = Math.max(store.maxBlockBytes, HEADER_BYTES + MAX_ROOTS * ROOT_BYTES);
  const decoder = createDecoder(boundedReader(source, most));
  let [blocks, added, bytes] = [0, 0, 0];
  try {
    const { roots } = await decoder.header();
    for await (const block of decoder.blocks()) {
      blocks++;
      if (!isContentId(block.cid)) throw new ContentError("badCid", `raw bytes by their SHA-256 expected, got ${block.cid}`);
      if (contentIdOf(block.bytes) !== block.cid.toString()) throw new ContentError("mismatch", `${block.cid} expected`);
      if ((await store.put(block.bytes)).isNew) added++;
      bytes += block.bytes.length;
      progress(blocks);
    }
    return { blocks, added, bytes, roots: roots.map(String) };
  } catch (cause) {
    if (cause instanceof Error && "syscall" in cause) throw cause;
    const reason =
      cause instanceof ContentError ? `${cause.message}: ${cause.detail}` : cause instanceof Error ? cause.message : String(cause);
    throw new ContentError("badArchive", `${blocks === 0 ? "its beginning" : `block ${blocks}`}: ${reason}`, { cause });
  }
}

type BytesReader = ReturnType<typeof asyncIterableReader>;

/** The library reads as many bytes as an archive says: a wrong length would fill the memory, a negative one go back for ever. */
function boundedReader(source: AsyncIterable<Uint8Array>, most: number): BytesReader {
  const reader = asyncIterableReader(source);
  const check = (length: number): number => {
    if (!(length >= 0 && length <= most)) throw new ContentError("tooLarge", `a part of 0 to ${most} bytes expected, got ${length}`);
    return length;
  };
  return {
    upTo: (length) => reader.upTo(check(length)),
    exactly: (length, seek) => reader.exactly(check(length), seek),
    seek: (length) => reader.seek(check(length)),
    get pos() {
      return reader.pos;
    },
  };
}
