// What must not reach a kernel, at each of its inputs: refused with a kind and a reason, on every backend alike.
import assert from "node:assert/strict";
import { test } from "node:test";
import { guardKernels, KernelError, type Kernels, openBackend, quantise, requireWeights } from "#kernels";
import { openReference } from "../../../gpu-kernels/backends/reference/open.ts";

const shape = { rows: 2, cols: 16 };
const matrix = (): Int16Array => new Int16Array(32);
const signs = (n = 1): Uint8Array => new Uint8Array(4 * n);
const ints = (...values: number[]): Int32Array => Int32Array.from(values);

type Call = (kernels: Kernels) => Promise<unknown>;

const REFUSED: readonly (readonly [what: string, kind: string, call: Call])[] = [
  ["a matrix that is too short", "length", (k) => k.signsAndSums(new Int16Array(31), shape)],
  ["an element of -32768", "range", (k) => k.signsAndSums(matrix().fill(-32768, 31), shape)],
  ["columns that are no multiple of 8", "shape", (k) => k.signsAndSums(new Int16Array(24), { rows: 2, cols: 12 })],
  ["more than 384 columns", "shape", (k) => k.signsAndSums(new Int16Array(392), { rows: 1, cols: 392 })],
  ["no row", "shape", (k) => k.signsAndSums(new Int16Array(0), { rows: 0, cols: 8 })],
  ["rows that are not a number", "shape", (k) => k.signsAndSums(matrix(), { rows: Number.NaN, cols: 16 })],
  ["infinitely many rows", "shape", (k) => k.spread(signs(), ints(1, 1), { rows: Number.POSITIVE_INFINITY, cols: 16 })],
  ["a fraction of a row", "shape", (k) => k.spread(signs(), ints(1, 1), { rows: 1.5, cols: 16 })],
  ["257 rows", "shape", (k) => k.spread(new Uint8Array(257), new Int32Array(257), { rows: 257, cols: 8 })],
  ["too few signs", "length", (k) => k.spread(new Uint8Array(3), ints(1, 1), shape)],
  ["too many magnitudes", "length", (k) => k.spread(signs(), ints(1, 1, 1), shape)],
  ["a magnitude above 2^23", "range", (k) => k.spread(signs(), ints(1, 2 ** 23 + 1), shape)],
  ["a magnitude below 0", "range", (k) => k.spread(signs(), ints(-1, 1), shape)],
  ["a value of 2^24", "range", (k) => k.medianQ(ints(2 ** 24), 1, 1, ints(1), 1)],
  ["a value of -2^24", "range", (k) => k.medianQ(ints(-(2 ** 24)), 1, 1, ints(1), 1)],
  ["the least int32", "range", (k) => k.medianQ(ints(-(2 ** 31)), 1, 1, ints(1), 1)],
  ["weights that sum to 2^24", "weights", (k) => k.medianQ(ints(1, 2), 2, 1, ints(2 ** 23, 2 ** 23), 1)],
  ["a weight below 0", "weights", (k) => k.medianQ(ints(1, 2), 2, 1, ints(-1, 1), 1)],
  ["a weight for nobody", "length", (k) => k.medianQ(ints(1, 2), 2, 1, ints(1), 1)],
  ["a threshold of 0", "params", (k) => k.medianQ(ints(1), 1, 1, ints(1), 0)],
  ["a threshold above all weight", "params", (k) => k.medianQ(ints(1), 1, 1, ints(1), 2)],
  ["a threshold that is not a number", "params", (k) => k.medianQ(ints(1), 1, 1, ints(1), Number.NaN)],
  ["no contributor", "count", (k) => k.medianQ(ints(), 0, 1, ints(), 1)],
  ["257 contributors", "count", (k) => k.pairDistances(new Uint8Array(257), 257, { rows: 1, cols: 8 })],
  ["no column", "count", (k) => k.medianQ(ints(), 1, 0, ints(1), 1)],
  ["one-bit weights of 2^24", "weights", (k) => k.medianQ1bit(signs(), ints(1, 1), 1, shape, ints(2 ** 24), 1)],
  ["one-bit magnitudes above 2^23", "range", (k) => k.medianQ1bit(signs(), ints(1, 2 ** 30), 1, shape, ints(1), 1)],
  ["signs of another number of contributors", "length", (k) => k.pairDistances(signs(2), 3, shape)],
  ["votes of 2^24 in a row", "weights", (k) => k.vote(signs(2), ints(1, 1, 2 ** 23, 2 ** 23), 2, shape)],
  ["a vote below 0", "weights", (k) => k.vote(signs(1), ints(-1, 1), 1, shape)],
  ["too few votes", "length", (k) => k.vote(signs(2), ints(1, 1, 1), 2, shape)],
  ["a query of another length", "length", (k) => k.distances(new Uint8Array(3), new Uint8Array(8), 4)],
  ["codes that end in the middle", "length", (k) => k.distances(new Uint8Array(4), new Uint8Array(7), 4)],
  ["codes of no byte", "length", (k) => k.distances(new Uint8Array(0), new Uint8Array(0), 0)],
  ["codes whose distances do not fit 16 bits", "length", (k) => k.distances(new Uint8Array(8192), new Uint8Array(0), 8192)],
  ["a feature of 33", "range", (k) => k.dots(matrix(), new Int8Array(16).fill(33), shape)],
  ["a feature of -128", "range", (k) => k.dots(matrix(), new Int8Array(16).fill(-128, 15), shape)],
  ["a row of -32768 in a dot product", "range", (k) => k.dots(matrix().fill(-32768, 0, 1), new Int8Array(16), shape)],
  ["a base without headroom", "range", (k) => k.applyPriors(new Int32Array(32).fill(2 ** 23), signs(), ints(2 ** 23, 0), 1, shape)],
  ["a base of another shape", "length", (k) => k.applyPriors(new Int32Array(31), signs(), ints(1, 1), 1, shape)],
  ["no tenant", "count", (k) => k.applyPriors(new Int32Array(32), signs(0), ints(), 0, shape)],
];

test("a kernel refuses what it could not compute exactly, and says what it expected", async () => {
  const untouched = new Proxy(await openReference(), {
    get: (target, name) =>
      typeof Reflect.get(target, name) === "function" ? () => assert.fail("a kernel was asked") : Reflect.get(target, name),
  });
  const kernels = guardKernels(untouched);
  for (const [what, kind, call] of REFUSED)
    await assert.rejects(
      call(kernels),
      (cause) => cause instanceof KernelError && cause.kind === kind && /expected/.test(cause.message),
      what,
    );
});

test("the largest inputs that are allowed are computed exactly, and inputs stay as they were", async () => {
  for (const name of ["reference", "wasm"] as const) {
    const kernels = await openBackend(name);
    const wide = { rows: 1, cols: 384 };
    const e = new Int16Array(384).fill(-32767);
    assert.deepEqual((await kernels.signsAndSums(e, wide)).sums, ints(12_582_528));
    assert.deepEqual(await kernels.dots(e, new Int8Array(384).fill(-32), wide), ints(384 * 32767 * 32));
    const votes = ints(2 ** 24 - 2, 1);
    const ones = new Uint8Array(96).fill(255);
    assert.equal(
      (await kernels.vote(ones, votes, 2, wide)).every((sum) => sum === -(2 ** 24) + 1),
      true,
    );
    const most = ints(2 ** 24 - 1, -(2 ** 24) + 1, 0);
    assert.deepEqual(await kernels.medianQ(most, 3, 1, ints(1, 2 ** 24 - 3, 1), 2 ** 24 - 1), ints(2 ** 24 - 1));
    assert.deepEqual([votes, most], [ints(2 ** 24 - 2, 1), ints(2 ** 24 - 1, -(2 ** 24) + 1, 0)]);
  }
});

test("floating point is clamped, rounded half to even, without negative zeros; what is not a number is refused", () => {
  const units = (...x: number[]): number[] => [...quantise(x.map((value) => value / 4096))];
  assert.deepEqual(units(0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.49999999, -0.50000001), [0, 2, 2, 0, -2, -2, 0, -1]);
  assert.deepEqual(
    [...quantise([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.MAX_VALUE, -Number.MAX_VALUE, 8, -8, 7.999755859375])],
    [32767, -32767, 32767, -32767, 32767, -32767, 32767],
  );
  const tiny = quantise(Float32Array.of(-0, 1.4e-45, -1.4e-45, 1.17e-38));
  assert.ok(tiny.every((value) => Object.is(value, 0)));
  assert.deepEqual([...quantise(Float64Array.of(Number.MIN_VALUE, -Number.MIN_VALUE))], [0, 0]);
  assert.throws(() => quantise([1, Number.NaN]), { name: "KernelError", kind: "range", message: /element 1: expected a number, got NaN/ });
});

test("weights that are no numbers are refused before they become integers", () => {
  for (const weight of [Number.NaN, Number.POSITIVE_INFINITY, 0.5, -1, 2 ** 24])
    assert.throws(() => requireWeights([weight]), { name: "KernelError", kind: "weights" }, String(weight));
  assert.equal(requireWeights([2 ** 24 - 1]), 2 ** 24 - 1);
});
