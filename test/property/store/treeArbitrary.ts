// Random change sets for trees: few and similar keys, so that updates, deletes of present keys, prefixes and rotations are common.

import { fromHex } from "../../../app/encoding/bytes.ts";
import type { Change } from "../../../app/store/kv.ts";
import { fc } from "../../harness/fastCheck.ts";
import type { ModelChange } from "./avlModel.ts";

/** Keys of 1 to 7 bytes, many of them prefixes of one another. */
export const modelKey = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 47 }).map((i) => `0a${i.toString(16).padStart(2, "0")}`) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 15 }).map((i) => `0a0b0c0d0e${i.toString(16).padStart(4, "0")}`) },
  { weight: 1, arbitrary: fc.constantFrom("00", "0000", "000000", "00000000", "ff", "ffff", "0a", "0a00", "0a0000", "80", "7f") },
);

/** Values of 1 to 40 bytes. */
export const modelValue = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString("hex"));

/** One version's changes, keys unique. */
export const modelChanges = fc.uniqueArray(
  fc.tuple(modelKey, fc.option(modelValue, { nil: undefined, freq: 2 })) as fc.Arbitrary<ModelChange>,
  { maxLength: 24, selector: ([key]) => key },
);

/** The same changes as the tree takes them, in ascending order. */
export function treeChanges(changes: readonly ModelChange[]): readonly Change[] {
  const sorted = [...changes].sort(([a], [b]) => Buffer.compare(Buffer.from(a, "hex"), Buffer.from(b, "hex")));
  return sorted.map(([key, value]): Change => [fromHex(key), value === undefined ? undefined : fromHex(value)]);
}
