import { closeSync, fstatSync, openSync, readFileSync, statSync } from "node:fs";

/** Largest file of settings or of a key, in bytes: hundreds of times what they need. */
const MAX_SMALL_FILE_BYTES = 1024 * 1024;

/**
 * The text of a small file. Links are followed: secrets and settings are often mounted as such.
 * @throws Error when it is missing, no file (a folder, a pipe, a device), larger than {@link MAX_SMALL_FILE_BYTES} or no text
 */
export function readSmallFile(path: string): string {
  // Before it is opened: opening a pipe waits for its other end.
  requireSmall(statSync(path));
  const handle = openSync(path, "r");
  try {
    requireSmall(fstatSync(handle));
    const bytes = readFileSync(handle);
    if (bytes.includes(0)) throw new Error("a text expected, got bytes that are none");
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    if (cause instanceof TypeError) throw new Error("a text in UTF-8 expected, got bytes that are none", { cause });
    throw cause;
  } finally {
    closeSync(handle);
  }
}

function requireSmall(found: { isFile(): boolean; isDirectory(): boolean; readonly size: number }): void {
  if (!found.isFile()) throw new Error(`a file expected, got ${found.isDirectory() ? "a folder" : "a pipe, socket or device"}`);
  if (found.size > MAX_SMALL_FILE_BYTES) throw new Error(`a file of at most ${MAX_SMALL_FILE_BYTES} bytes expected, got ${found.size}`);
}
