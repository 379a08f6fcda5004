import assert from "node:assert/strict";
import { test } from "node:test";
import { partOf } from "../../../app/encoding/bytes.ts";
import { getUint64, putUint32, putUint64, uint64Bytes } from "../../../app/encoding/uint64.ts";

test("numbers of 64 bits are written and read as a DataView does", () => {
  const edges = [
    0n,
    1n,
    0x7fn,
    0x80n,
    0xffn,
    0x100n,
    0x7fffffffn,
    0x80000000n,
    0xffffffffn,
    1n << 32n,
    0x0123456789abcdefn,
    2n ** 63n,
    2n ** 64n - 1n,
  ];
  for (const value of edges) {
    const expected = new Uint8Array(11).fill(0xaa);
    new DataView(expected.buffer).setBigUint64(2, value);
    const bytes = new Uint8Array(11).fill(0xaa);
    putUint64(bytes, 2, value);
    assert.deepEqual(bytes, expected, `${value}`);
    assert.equal(getUint64(bytes, 2), value);
    assert.equal(getUint64(uint64Bytes(value)), value);
  }
  const word = new Uint8Array(6);
  putUint32(word, 1, 0x80ff0102);
  assert.deepEqual([...word], [0, 0x80, 0xff, 1, 2, 0]);
  assert.throws(() => getUint64(new Uint8Array(7)), RangeError);
  assert.throws(() => getUint64(new Uint8Array(9), 2), RangeError);
});

test("a part of bytes is the same whether it is a copy or a view", () => {
  for (const length of [0, 1, 40, 64, 65, 200]) {
    const bytes = Uint8Array.from({ length }, (_, i) => i);
    for (const [from, to] of [
      [0, undefined],
      [1, undefined],
      [1, 30],
      [length, undefined],
    ] as const)
      assert.deepEqual(partOf(bytes, from, to), bytes.subarray(from, to), `${length}: ${from}, ${to}`);
  }
});
