import assert from "node:assert/strict";
import { test } from "node:test";
import { TxResult } from "#proto/tendermint/abci/types";
import { txAtKey, txKey } from "../../../app/runtime/txIndex.ts";
import { TxRowWriter } from "../../../app/runtime/txRows.ts";

const bytes = (length: number, seed: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 7 + seed) & 255);

test("rows of transactions are the encoded messages under the keys that are read", () => {
  const heights = [1n, 127n, 128n, 2n ** 63n - 1n];
  const indices = [0, 1, 127, 128, 20_000];
  const lengths = [0, 1, 127, 128, 20_000];
  for (const height of heights) {
    const txs = indices.map((index, i) => bytes(lengths[i] ?? 0, index));
    const results = indices.map((index, i) => bytes(lengths.at(-1 - i) ?? 0, index + 1));
    const writer = new TxRowWriter(height, txs, results);
    const rows = indices.map((index, i) => {
      const hash = bytes(32, index);
      const row = writer.result(index, hash, txs[i] as Uint8Array, results[i] as Uint8Array);
      return { index, i, hash, row, place: writer.place(index, hash) };
    });
    for (const { index, i, hash, row, place } of rows) {
      const found = TxResult.encode({ height, index, tx: txs[i] as Uint8Array, result: undefined }).uint32((4 << 3) | 2);
      assert.deepEqual(row, [txKey(hash), found.bytes(results[i] as Uint8Array).finish()], `height ${height}, index ${index}`);
      assert.deepEqual(place, [txAtKey(height, index), hash], `height ${height}, index ${index}`);
    }
  }
});
