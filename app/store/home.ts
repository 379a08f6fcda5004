// What a home was made with: settings that may not change once a chain has begun.

import { ByteReader, ByteWriter } from "./byteStream.ts";
import { seal, unseal } from "./commitRecord.ts";
import type { Database } from "./rocks.ts";
import { homeKey } from "./rocksKeys.ts";
import { StoreError } from "./storeError.ts";

const homeFormat = 1;

/**
 * Notes the format and the initial version in a new home and compares them in an old one.
 * @param initialVersion a number, or who finds it for a new home; an old one then has its own
 * @returns the home's initial version
 * @throws store/13 when the note is damaged, store/19 when it says something else
 */
export async function requireHome(db: Database, initialVersion: bigint | (() => Promise<bigint>)): Promise<bigint> {
  const bytes = await db.get(homeKey);
  if (bytes === undefined) {
    const first = typeof initialVersion === "bigint" ? initialVersion : await initialVersion();
    const out = new ByteWriter(32);
    out.byte(homeFormat);
    out.uint64(first);
    await db.write([[homeKey, seal(out)]], true);
    return first;
  }
  const input = new ByteReader(unseal(bytes, "meta/home"), "meta/home");
  const format = input.byte();
  const version = input.uint64();
  const expected = typeof initialVersion === "bigint" ? initialVersion : version;
  if (format === homeFormat && version === expected) return version;
  throw new StoreError(
    "incompatibleHome",
    `expected format ${homeFormat}, initial version ${expected}; got format ${format}, initial version ${version}`,
  );
}
