import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type BatchOrder, clearBatch } from "../../../modules/hmm/curve/batch.ts";
import type { QuotePool } from "../../../modules/hmm/curve/fees.ts";
import { clearPlainly } from "../../property/hmm/definitions/referenceBatch.ts";

interface Vector {
  readonly op: string;
  readonly pool: QuotePool;
  readonly args: { readonly orders: readonly BatchOrder[] };
  readonly result: object;
}

const file = new URL("../../../../test/vectors/hmm.json", import.meta.url);
/** Integers are decimal strings in the file; only sides and operations are words. */
const document = JSON.parse(readFileSync(file, "utf8"), (_key, value: unknown) =>
  typeof value === "string" && /^-?[0-9]+$/.test(value) ? BigInt(value) : value,
) as { readonly vectors: readonly Vector[] };
const batches = document.vectors.filter(({ op }) => op === "batch");

test("all 34 recorded batches clear to the last integer, with every whole-pool option named", () => {
  assert.equal(batches.length, 34);
  for (const { pool, args, result } of batches) {
    assert.deepEqual(clearBatch(pool, args.orders), result);
    const options = { etaE18: 10n ** 18n, maxOut: pool.psi - 1n, maxIn: (1n << 128n) - 1n };
    assert.deepEqual(clearBatch(pool, args.orders, options), result);
  }
});

test("the recorded batches clear alike by the plain rule, and in any sequence of their orders", () => {
  for (const { pool, args, result } of batches) {
    assert.deepEqual(clearPlainly(pool, args.orders), result);
    assert.deepEqual(clearBatch(pool, [...args.orders].reverse()), result);
  }
});
