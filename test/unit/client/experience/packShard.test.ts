// A prior becomes a shard: the same bytes from every kind of number, refusals that name the place, rows that open against their roots.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { SCHEMA_V1, type Shape } from "#kernels";
import { findRowFault, openShardRow, openSourceRow, verifyShardRow, verifySourceRow } from "../../../../app/client/experience/openRow.ts";
import { type Matrix, packRatioMilli, packShard, quantiseMatrix } from "../../../../app/client/experience/packShard.ts";
import { toHex } from "../../../../app/encoding/bytes.ts";
import { PINNED_SHARD, pinnedMatrix } from "./pinnedMatrix.ts";

const SMALL: Shape = { rows: 3, cols: 8 };
const small = (first: number): number[] => [first, ...Array.from({ length: 23 }, (_, at) => (at % 5) - 2)];

describe("packing a prior", () => {
  it("gives the bytes that are written down here", () => {
    const packed = packShard(pinnedMatrix());
    assert.equal(packed.shard.length, 12_544);
    assert.deepEqual({ cid: packed.cidText, merkleRoot: toHex(packed.merkleRoot), sourceRoot: toHex(packed.sourceRoot) }, PINNED_SHARD);
    assert.equal(toHex(packed.cid), `01551220${createHash("sha256").update(packed.shard).digest("hex")}`);
  });

  it("gives the same from float32, float64, numbers and the int16 that they become", () => {
    const matrix = pinnedMatrix();
    const { source, cidText, sourceRoot } = packShard(matrix);
    const forms: Matrix[] = [Float64Array.from(matrix), Array.from(matrix), source];
    for (const form of forms) assert.deepEqual([packShard(form).cidText, packShard(form).sourceRoot], [cidText, sourceRoot]);
  });

  it("is 31.347 times smaller than the float32 matrix, and more than 30.8 times with all that is submitted", () => {
    assert.equal(packRatioMilli(SCHEMA_V1), 31_346);
    // CID, two roots, submitter and ids of the two messages: less than 300 bytes.
    assert.ok((256 * 384 * 4) / (12_544 + 200) > 30.8);
  });

  const QUANTISED: readonly (readonly [x: number, expected: number])[] = [
    [0, 0],
    [-0, 0],
    [Number.MIN_VALUE, 0],
    [-Number.MIN_VALUE, 0],
    [2 ** -149, 0],
    [1, 4096],
    [-1, -4096],
    [0.5 / 4096, 0],
    [1.5 / 4096, 2],
    [2.5 / 4096, 2],
    [-0.5 / 4096, 0],
    [-1.5 / 4096, -2],
    [-2.5 / 4096, -2],
    [0.500001 / 4096, 1],
    [32_766.5 / 4096, 32_766],
    [32_767.4 / 4096, 32_767],
    [8, 32_767],
    [-8, -32_767],
    [Number.MAX_VALUE, 32_767],
    [-Number.MAX_VALUE, -32_767],
  ];
  for (const [x, expected] of QUANTISED)
    it(`makes ${x} to ${expected}`, () => {
      const [first] = quantiseMatrix(small(x), SMALL);
      assert.ok(Object.is(first, expected), `got ${first}`);
    });

  const REFUSED: readonly (readonly [name: string, matrix: Matrix, says: RegExp])[] = [
    ["NaN", small(0).with(17, Number.NaN), /row 2, column 1: a finite number expected, got NaN/],
    ["an infinity", Float32Array.from(small(0).with(8, Number.POSITIVE_INFINITY)), /row 1, column 0: .* got Infinity/],
    ["a negative infinity", Float64Array.from(small(Number.NEGATIVE_INFINITY)), /row 0, column 0: .* got -Infinity/],
    ["−32768", Int16Array.from(small(0).with(23, -32_768)), /row 2, column 7: -32767 to 32767 expected, got -32768/],
    ["too few numbers", small(0).slice(1), /3 × 8 = 24 numbers expected, got 23/],
    ["too many numbers", [...small(0), 0], /24 numbers expected, got 25/],
    ["no numbers", [], /got 0/],
    ["a hole in a list", Object.assign(new Array<number>(24), { 0: 1 }), /row 0, column 1: .* got undefined/],
  ];
  for (const [name, matrix, says] of REFUSED)
    it(`refuses ${name} with the place`, () =>
      assert.throws(() => packShard(matrix, SMALL), { codespace: "client", code: 1, message: says }));

  for (const shape of [
    { rows: 0, cols: 8 },
    { rows: 257, cols: 8 },
    { rows: 1, cols: 7 },
    { rows: 1, cols: 392 },
    { rows: 1.5, cols: 8 },
  ])
    it(`refuses a shape of ${shape.rows} × ${shape.cols}`, () =>
      assert.throws(() => packShard([], shape), { codespace: "client", code: 1 }));

  it("keeps no hold on the matrix that it was given", () => {
    const matrix = Int16Array.from(small(5));
    const { source } = packShard(matrix, SMALL);
    matrix[0] = 9;
    assert.equal(source[0], 5);
  });
});

describe("opening rows", () => {
  const packed = packShard(pinnedMatrix());
  const { shape, shard, source, merkleRoot, sourceRoot } = packed;

  it("of shard and source verifies against the roots, in every row", () => {
    for (const row of [0, 1, 2, 127, 128, 254, 255]) {
      const ofSource = openSourceRow(packed, row);
      const ofShard = openShardRow(shard, shape, row);
      assert.deepEqual([ofSource.values.length, ofSource.path.length, ofShard.path.length], [768, 8, 8]);
      assert.ok(verifySourceRow(sourceRoot, shape, ofSource));
      assert.ok(verifyShardRow(merkleRoot, shape, ofShard));
      const numbers = new DataView(ofSource.values.buffer, ofSource.values.byteOffset);
      assert.deepEqual(
        [0, 1, 383].map((column) => numbers.getInt16(2 * column, true)),
        [0, 1, 383].map((column) => source[row * 384 + column]),
      );
    }
  });

  const row = openSourceRow(packed, 6);
  const flipped = (bytes: Uint8Array, at = 0): Uint8Array => bytes.with(at, (bytes[at] ?? 0) ^ 1);
  const FALSE: readonly (readonly [name: string, row: ReturnType<typeof openSourceRow>])[] = [
    ["another row's number", { ...row, row: 7 }],
    ["a row that there is not", { ...row, row: 256 }],
    ["a negative row", { ...row, row: -1 }],
    ["half a row", { ...row, row: 6.5 }],
    ["a changed number", { ...row, values: flipped(row.values, 100) }],
    ["too few numbers", { ...row, values: row.values.slice(2) }],
    ["a path that is too short", { ...row, path: row.path.slice(1) }],
    ["a path that is too long", { ...row, path: [...row.path, new Uint8Array(32)] }],
    ["a changed path", { ...row, path: row.path.with(3, flipped(row.path[3] ?? new Uint8Array(32))) }],
    ["a path of short hashes", { ...row, path: row.path.with(0, new Uint8Array(31)) }],
    ["no path", { ...row, path: [] }],
  ];
  for (const [name, proof] of FALSE)
    it(`with ${name} does not verify`, () => assert.equal(verifySourceRow(sourceRoot, shape, proof), false));

  it("of one tree does not verify in the other", () => {
    const { signs, path, code } = openShardRow(shard, shape, 6);
    assert.equal(verifyShardRow(sourceRoot, shape, { row: 6, signs, code, path }), false);
    assert.equal(verifySourceRow(merkleRoot, shape, row), false);
    assert.equal(verifyShardRow(merkleRoot, shape, { row: 6, signs, code: code + 1, path }), false);
    assert.equal(verifyShardRow(merkleRoot, shape, { row: 6, signs: flipped(signs, 5), code, path }), false);
  });

  it("refuses a row that there is not", () => {
    for (const bad of [-1, 256, 1.5, Number.NaN]) {
      assert.throws(() => openSourceRow(packed, bad), { codespace: "client", code: 1 });
      assert.throws(() => openShardRow(shard, shape, bad), { codespace: "client", code: 1 });
    }
  });

  it("finds the row that proves a fault: another scale, another sign", () => {
    assert.equal(findRowFault(shard, source, shape), undefined);
    const codes = 256 * 48;
    assert.deepEqual(findRowFault(shard.with(codes + 9, (shard[codes + 9] ?? 0) + 1), source, shape), { row: 9, fault: "scale" });
    assert.deepEqual(findRowFault(flipped(shard, 48 * 200 + 7), source, shape), { row: 200, fault: "sign" });
  });
});
