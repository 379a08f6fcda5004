import assert from "node:assert/strict";
import { test } from "node:test";
import { joinThreeLimbs, joinTwoLimbs, threeLimbs } from "../../../gpu-kernels/backends/tensorflow/limbs.ts";
import { alignRows, boundsOf, byteWords, largest, pairWords } from "../../../gpu-kernels/backends/words.ts";
import { fc } from "../../harness/fastCheck.ts";

test("votes of 24 bits are factors of 8 bits and come together again", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 24 - 1 }), { minLength: 1, maxLength: 40 }), (votes) => {
      const limbs = threeLimbs(Int32Array.from(votes), 1, votes.length);
      assert.ok(limbs.every((limb) => Number.isInteger(limb) && limb >= 0 && limb <= 255));
      // One contributor with a clear bit in each column of its own: the sums are the limbs.
      assert.deepEqual([...joinThreeLimbs(limbs, 1, votes.length)], votes);
    }),
  );
});

test("dot products of both halves of int16 come together, negative ones included", () => {
  fc.assert(
    fc.property(fc.integer({ min: -32_767, max: 32_767 }), fc.integer({ min: -32, max: 32 }), (x, u) => {
      const high = Math.floor(x / 256);
      const low = x - 256 * high;
      assert.equal(joinTwoLimbs(Float32Array.of(high * u), Float32Array.of(low * u))[0], Math.fround(0) + x * u);
    }),
  );
});

test("rows that do not fill words begin on words of their own", () => {
  assert.deepEqual([...alignRows(Uint8Array.of(1, 2, 3, 4, 5, 6), 3)], [0x030201, 0x060504]);
  assert.deepEqual([...byteWords(Uint8Array.of(1, 0, 0, 0, 2))], [1, 2]);
  assert.deepEqual([...pairWords(Int16Array.of(1, -1, 2), 2)], [0xffff0001, 2]);
});

test("bytes that do not lie on whole words are copied, others are not", () => {
  const bytes = new Uint8Array(12).fill(7);
  assert.equal(byteWords(bytes.subarray(4)).buffer, bytes.buffer);
  assert.notEqual(byteWords(bytes.subarray(1, 5)).buffer, bytes.buffer);
  assert.deepEqual([...byteWords(bytes.subarray(1, 5))], [0x07070707]);
});

test("bounds of values that bisection begins with", () => {
  assert.deepEqual(boundsOf(Int32Array.of(3, -5, 9)), [-5, 9]);
  assert.deepEqual(boundsOf(new Int32Array(0)), [0, 0]);
  assert.equal(largest(Int32Array.of(0, 4, 2)), 4);
});
