import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable, type Transform } from "node:stream";
import { pipeline } from "node:stream/promises";

/**
 * Writes a file under a temporary name beside it until it is whole and on disk; one that is there is replaced, and stays when this fails.
 * @param through what the parts are packed with
 * @throws what the parts, or the file system, throw
 */
export async function writeWholeFile(path: string, parts: AsyncIterable<Uint8Array>, ...through: readonly Transform[]): Promise<void> {
  const draft = `${path}.tmp`;
  try {
    await pipeline([Readable.from(parts), ...through, createWriteStream(draft, { flush: true })]);
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true });
    throw cause;
  }
}
