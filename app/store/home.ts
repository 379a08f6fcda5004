// What a home was made with: settings that may not change once a chain has begun.

import { ByteReader, ByteWriter } from "./byteStream.ts";
import { seal, unseal } from "./commitRecord.ts";
import type { Database } from "./rocks.ts";
import { homeKey } from "./rocksKeys.ts";
import { StoreError } from "./storeError.ts";

const homeFormat = 1;

/**
 * Notes the format and the initial version in a new home and compares them in an old one.
 * @throws store/13 when the note is damaged, store/19 when it says something else
 */
export async function requireHome(db: Database, initialVersion: bigint): Promise<void> {
  const bytes = await db.get(homeKey);
  if (bytes === undefined) {
    const out = new ByteWriter(32);
    out.byte(homeFormat);
    out.uint64(initialVersion);
    await db.write([[homeKey, seal(out)]], true);
    return;
  }
  const input = new ByteReader(unseal(bytes, "meta/home"), "meta/home");
  const format = input.byte();
  const version = input.uint64();
  if (format === homeFormat && version === initialVersion) return;
  throw new StoreError(
    "incompatibleHome",
    `expected format ${homeFormat}, initial version ${initialVersion}; got format ${format}, initial version ${version}`,
  );
}
