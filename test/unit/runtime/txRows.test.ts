import assert from "node:assert/strict";
import { test } from "node:test";
import { putUvarint } from "../../../app/encoding/varint.ts";
import { txKey, txsKey } from "../../../app/runtime/txIndex.ts";
import { TxRowWriter } from "../../../app/runtime/txRows.ts";
import { crc32c } from "../../../app/store/crc32c.ts";

const bytes = (length: number, seed: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 7 + seed) & 255);

function sized(content: Uint8Array): Uint8Array {
  const length = new Uint8Array(5);
  return Buffer.concat([length.subarray(0, putUvarint(length, 0, content.length)), content]);
}

function sealed(content: Uint8Array): Uint8Array {
  const crc = Buffer.alloc(4);
  crc.writeUInt32LE(crc32c(content));
  return Buffer.concat([content, crc]);
}

test("rows of a block hold sixteen transactions and their results, the row of a hash holds the place", () => {
  const lengths = [0, 1, 127, 128, 20_000];
  for (const height of [1n, 127n, 128n, 2n ** 63n - 1n]) {
    for (const count of [0, 1, 15, 16, 17, 33]) {
      const txs = Array.from({ length: count }, (_, i) => bytes(lengths[i % 5] ?? 0, i));
      const results = Array.from({ length: count }, (_, i) => bytes(lengths[(i + 2) % 5] ?? 0, i + 1));
      const writer = new TxRowWriter(height, txs, results);
      const rows = writer.contents();
      const places = txs.map((_, i) => writer.place(i, bytes(32, i)));
      const expected = Array.from({ length: Math.ceil(count / 16) }, (_, row) => {
        const both = txs.map((tx, i) => Buffer.concat([sized(tx), sized(results[i] as Uint8Array)]));
        return [txsKey(height, row * 16), sealed(Buffer.concat(both.slice(row * 16, row * 16 + 16)))];
      });
      const shown = (all: readonly (readonly unknown[])[]): readonly Buffer[][] =>
        all.map((row) => row.map((part) => Buffer.from(part as Uint8Array)));
      assert.deepEqual(shown(rows), shown(expected), `height ${height}, ${count} transactions`);
      for (const [i, [key, value]] of places.entries()) {
        const place = Buffer.alloc(12);
        place.writeBigInt64BE(height);
        place.writeUInt32BE(i, 8);
        assert.deepEqual([Buffer.from(key), Buffer.from(value ?? [])], [Buffer.from(txKey(bytes(32, i))), place]);
      }
    }
  }
});

test("every place of a row has its key", () => {
  assert.deepEqual(txsKey(7n, 31), txsKey(7n, 16));
  assert.notDeepEqual(txsKey(7n, 32), txsKey(7n, 16));
});
