// What a home was made with: settings that may not change once a chain has begun.

import { ByteReader, ByteWriter } from "./byteStream.ts";
import { seal, unseal } from "./commitRecord.ts";
import type { Database } from "./rocks.ts";
import { homeKey } from "./rocksKeys.ts";
import { StoreError } from "./storeError.ts";

/**
 * 2 since transactions share rows of the index and a block's response may do without its results (app/runtime/txRows.ts): what is older would misread them.
 * A home of format 1 is read, and is one of format 2 from then on.
 */
const homeFormat = 2;
const formerFormat = 1;

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
    await note(db, first);
    return first;
  }
  const input = new ByteReader(unseal(bytes, "meta/home"), "meta/home");
  const format = input.byte();
  const version = input.uint64();
  const expected = typeof initialVersion === "bigint" ? initialVersion : version;
  if (format === formerFormat && version === expected) await note(db, version);
  else if (format !== homeFormat || version !== expected) throw incompatible(expected, format, version);
  return version;
}

async function note(db: Database, initialVersion: bigint): Promise<void> {
  const out = new ByteWriter(32);
  out.byte(homeFormat);
  out.uint64(initialVersion);
  await db.write([[homeKey, seal(out)]], true);
}

function incompatible(expected: bigint, format: number, version: bigint): StoreError {
  return new StoreError(
    "incompatibleHome",
    `expected format ${homeFormat}, initial version ${expected}; got format ${format}, initial version ${version}`,
  );
}
