import assert from "node:assert/strict";
import { test } from "node:test";
import { cutBytes } from "../../../app/encoding/slab.ts";

test("arrays are zeros of their length, and none of them is part of another", () => {
  const lengths = [0, 1, 64, 65, 159, 300, 1024, 1025, 100_000];
  const made = Array.from({ length: 20 }, () => lengths.map((length) => cutBytes(length))).flat();
  for (const [index, bytes] of made.entries()) {
    assert.equal(bytes.length, lengths[index % lengths.length]);
    assert.ok(bytes.every((byte) => byte === 0));
    bytes.fill(index + 1);
  }
  for (const [index, bytes] of made.entries()) assert.ok(bytes.every((byte) => byte === index + 1));
});

test("short arrays share buffers of bounded size, long ones have their own", () => {
  const buffers = new Set(Array.from({ length: 500 }, () => cutBytes(160).buffer));
  assert.ok(buffers.size < 20, `${buffers.size} buffers`);
  for (const { byteLength } of buffers) assert.ok(byteLength <= 8192);
  assert.equal(cutBytes(1025).buffer.byteLength, 1025);
});
