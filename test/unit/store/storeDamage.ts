import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import type { StoreError } from "../../../app/store/storeError.ts";
import type { Home } from "../../conformance/storeHome.ts";

/** What `assert.rejects` is given: a refusal of the store with this code and these words. */
export const refusal =
  (code: number, ...details: RegExp[]) =>
  (error: StoreError) => {
    assert.equal(error.codespace, "store");
    assert.equal(error.code, code, error.detail);
    for (const detail of details) assert.match(error.detail, detail);
    return true;
  };

/** Key of the first flat value. */
export async function firstFlatKey(home: Home): Promise<Uint8Array> {
  const store = await home.open();
  const [first] = store.latest().store("bank").iterate();
  const key = first?.[0].slice() ?? assert.fail("no key");
  await store.close();
  return key;
}

/** Flips one bit of a file. @param at place of the byte, from the end when negative */
export async function flipFile(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[at < 0 ? bytes.length + at : at] = (bytes.at(at) ?? 0) ^ 0x40;
  await writeFile(path, bytes);
}
