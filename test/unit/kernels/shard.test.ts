import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CID_CHARACTERS,
  cidOf,
  cidText,
  compressSync,
  decompressInt16,
  decompressQ8,
  MAX_CODE,
  merkleProof,
  merkleRoot,
  parseCid,
  parseShard,
  SCALE_BOUNDS,
  SCALE_TABLE,
  SCHEMA_V1,
  scaleCode,
  shardBytes,
  shardLeaf,
  sourceLeaf,
  srcRoot,
  treeRoot,
  verifyMerkle,
} from "#kernels";
import { Xorshift } from "../../../gpu-kernels/prng.ts";

const random = new Xorshift(5);
const e = Int16Array.from({ length: 256 * 384 }, () => random.amp(3000));
const shard = compressSync(e, SCHEMA_V1);

test("a shard of schema v1 has 12,544 bytes, 31.35 times less than float32", () => {
  assert.equal(shard.bytes.length, 12_544);
  assert.equal(shardBytes(SCHEMA_V1), 12_544);
  assert.equal(((256 * 384 * 4) / shard.bytes.length).toFixed(2), "31.35");
});

test("the scale table is what its definition says", () => {
  for (let q = 1; q <= MAX_CODE; q++) {
    const t = BigInt(SCALE_TABLE[q] as number);
    const power = 1n << BigInt(q + 39);
    assert.ok((2n * t - 1n) ** 8n <= power && power < (2n * t + 1n) ** 8n, `T[${q}]`);
  }
  for (let q = 2; q <= MAX_CODE; q++) {
    const bound = BigInt(SCALE_BOUNDS[q] as number);
    const products = 9n * BigInt(SCALE_TABLE[q - 1] as number) * BigInt(SCALE_TABLE[q] as number);
    assert.ok(4n * bound * bound >= products && 4n * (bound - 1n) ** 2n < products, `B[${q}]`);
  }
  assert.deepEqual([...SCALE_TABLE.subarray(MAX_CODE + 1)], new Array(255 - MAX_CODE).fill(0));
});

test("a sum on a bound takes the upper code, one below it the lower; only nothing takes code 0", () => {
  assert.deepEqual([scaleCode(0), scaleCode(1), scaleCode(24), scaleCode(25)], [0, 1, 1, 2]);
  for (let q = 3; q <= MAX_CODE; q++) {
    const bound = SCALE_BOUNDS[q] as number;
    assert.deepEqual([scaleCode(bound - 1), scaleCode(bound)], [q - 1, q]);
  }
  for (const sum of [-1, 0.5, Number.NaN, 384 * 32767 + 1]) assert.throws(() => scaleCode(sum), { kind: "range" });
});

test("signs and scales come back; a zero is positive", () => {
  const small = Int16Array.of(0, -1, 1, 0, 0, 0, 0, -3, 0, 0, 0, 0, 0, 0, 0, 0);
  const shape = { rows: 2, cols: 8 };
  const { signs, codes, bytes } = compressSync(small, shape);
  assert.deepEqual([[...signs], codes[1]], [[0b10000010, 0], 0]);
  const scale = SCALE_TABLE[codes[0] as number] as number;
  const expected = [1, -1, 1, 1, 1, 1, 1, -1, 0, 0, 0, 0, 0, 0, 0, 0];
  assert.deepEqual(
    [...decompressQ8(parseShard(bytes, shape), shape)],
    expected.map((sign) => sign * scale),
  );
  const int16 = Math.min(32767, (scale + 128) >> 8);
  const values = decompressInt16(parseShard(bytes, shape), shape);
  assert.deepEqual(
    [...values],
    expected.map((sign) => sign * int16),
  );
  assert.ok([...decompressQ8(parseShard(bytes, shape), shape)].every((value) => !Object.is(value, -0)));
});

test("what is not canonical is refused in the order length, scale code, zero row", () => {
  const shape = { rows: 2, cols: 8 };
  const refused = (bytes: number[], kind: string): void => assert.throws(() => parseShard(Uint8Array.from(bytes), shape), { kind });
  refused([0, 0, 154], "length");
  refused([1, 0, 0, 154], "scale code");
  refused([1, 0, 0, 9], "zero row");
  refused([0, 128, 9, 0], "zero row");
  assert.equal(parseShard(Uint8Array.of(1, 0, 153, 0), shape).codes[0], 153);
});

test("every row of shard and source is provable, and no changed leaf, index, count, path or root", () => {
  for (const rows of [1, 2, 3, 7, 256]) {
    const shape = { rows, cols: 8 };
    const source = Int16Array.from({ length: rows * 8 }, () => random.amp(100));
    const made = compressSync(source, shape);
    for (const [root, leaves] of [
      [merkleRoot(made, shape), Array.from({ length: rows }, (_, row) => shardLeaf(made, shape, row))],
      [srcRoot(source, shape), Array.from({ length: rows }, (_, row) => sourceLeaf(source, shape, row))],
    ] as const)
      for (const row of [0, rows >> 1, rows - 1]) {
        const leaf = leaves[row] as Uint8Array;
        const path = merkleProof(leaves, row);
        assert.ok(verifyMerkle(root, rows, row, leaf, path));
        assert.ok(!verifyMerkle(root, rows, row, leaf.with(0, 1), path), "another leaf");
        assert.ok(!verifyMerkle(root.with(0, (root[0] as number) ^ 1), rows, row, leaf, path), "another root");
        assert.ok(!verifyMerkle(root, rows, row, leaf, [...path, root]), "a longer path");
        assert.ok(!verifyMerkle(root, rows, rows, leaf, path), "an index behind the end");
        for (const index of [-1, 0.5, Number.NaN, 2 ** 53]) assert.ok(!verifyMerkle(root, rows, index, leaf, path));
        if (rows === 1) continue;
        assert.ok(!verifyMerkle(root, rows, row, leaf, path.slice(1)), "a shorter path");
        assert.ok(!verifyMerkle(root, rows, row ^ 1, leaf, path), "another index");
        assert.ok(!verifyMerkle(root, rows, row, leaf, path.with(0, new Uint8Array(31))), "a hash of 31 bytes");
      }
  }
});

test("an inner node does not pass for the root of a larger tree", () => {
  const leaves = [1, 2, 3, 4].map((byte) => Uint8Array.of(byte));
  const half = leaves.slice(0, 2);
  const path = merkleProof(half, 0);
  assert.ok(verifyMerkle(treeRoot(half), 2, 0, Uint8Array.of(1), path));
  for (const count of [1, 3, 4, 256]) assert.ok(!verifyMerkle(treeRoot(half), count, 0, Uint8Array.of(1), path), `of ${count} leaves`);
});

test("a leaf of one tree is no leaf of the other", () => {
  assert.equal(shardLeaf(shard, SCHEMA_V1, 255).length, 51);
  assert.equal(sourceLeaf(e, SCHEMA_V1, 255).length, 770);
});

test("only the one form of an identifier is read", () => {
  const cid = cidOf(shard.bytes);
  const text = cidText(cid);
  assert.equal(text.length, CID_CHARACTERS);
  assert.match(text, /^bafkrei/);
  assert.deepEqual(parseCid(text), cid);
  const others = [
    text.toUpperCase(),
    `z${text.slice(1)}`,
    text.slice(0, -1),
    `${text}a`,
    `${text.slice(0, -1)}=`,
    `${text.slice(0, -1)}z`,
    `bafybei${text.slice(7)}`,
    ` ${text.slice(1)}`,
    "",
  ];
  for (const other of others) if (other !== text) assert.throws(() => parseCid(other), { kind: "cid" }, other);
  assert.throws(() => cidText(cid.subarray(1)), { kind: "cid" });
  assert.throws(() => cidText(cid.with(1, 0x70)), { kind: "cid" });
});
