// What submitters reveal: shards, identifiers, and proofs of rows.
import assert from "node:assert/strict";
import {
  aggregate,
  CID_BYTES,
  cidOf,
  cidText,
  compressSync,
  decompressInt16,
  decompressQ8,
  KernelError,
  merkleProof,
  openBackend,
  parseCid,
  parseShard,
  shardLeaf,
  treeRoot,
  verifyMerkle,
} from "#kernels";
import { Xorshift } from "../../../gpu-kernels/prng.ts";
import { type FuzzTarget, isAccepted } from "../target.ts";

const shape = { rows: 5, cols: 16 };
const random = new Xorshift(11);
const matrix = (amplitude: number): Int16Array => Int16Array.from({ length: shape.rows * shape.cols }, () => random.amp(amplitude));
const made = [matrix(32767), matrix(1), new Int16Array(80)].map((e) => compressSync(e, shape));
const kernels = await openBackend("wasm");

const shards: FuzzTarget = {
  name: "shards",
  share: 20,
  seeds: made.map(({ bytes }) => bytes),
  async run(bytes) {
    const given = bytes.slice();
    if (!isAccepted(() => parseShard(bytes, shape), KernelError)) return;
    const shard = parseShard(bytes, shape);
    const signs = Int16Array.from(decompressQ8(shard, shape), Math.sign);
    assert.deepEqual(compressSync(signs, shape).signs, shard.signs, "signs survive a round trip");
    const { e, noCore } = await aggregate(kernels, [bytes], Int32Array.of(1), shape);
    assert.deepEqual([e, noCore], [decompressInt16(shard, shape), shard.codes.every((code) => code === 0)], "alone it is the aggregate");
    assert.deepEqual(bytes, given, "inputs stay as they were");
  },
};

const cids: FuzzTarget = {
  name: "cids",
  share: 20,
  seeds: made.map(({ bytes }) => new TextEncoder().encode(cidText(cidOf(bytes)))),
  run(bytes) {
    const text = Buffer.from(bytes).toString("latin1");
    isAccepted(() => {
      const cid = parseCid(text);
      assert.deepEqual([cidText(cid), cid.length], [text, CID_BYTES], "one text for one identifier");
    }, KernelError);
  },
};

const leaves = Array.from({ length: shape.rows }, (_, row) => shardLeaf(made[0] as (typeof made)[0], shape, row));
const root = treeRoot(leaves);

const proofs: FuzzTarget = {
  name: "merkleProofs",
  share: 20,
  /** Index, number of leaves, leaf, path. */
  seeds: leaves.map((leaf, row) => Buffer.concat([Uint8Array.of(row, shape.rows), leaf, ...merkleProof(leaves, row)])),
  run(bytes) {
    const [index = 0, count = 0] = bytes;
    const leaf = bytes.subarray(2, 7);
    const path = Array.from({ length: Math.ceil(Math.max(0, bytes.length - 7) / 32) }, (_, i) => bytes.subarray(7 + 32 * i, 39 + 32 * i));
    if (!verifyMerkle(root, count, index, leaf, path)) return;
    // Of another number of leaves a path may stand for the same tree: then the leaf is that of its place all the same.
    assert.ok(
      leaves.some((known) => Buffer.compare(known, leaf) === 0),
      "only leaves of the tree are proven",
    );
    if (count === shape.rows) assert.deepEqual(Buffer.from(leaf), Buffer.from(leaves[index] as Uint8Array));
  },
};

/** Readers of what submitters reveal. */
export const kernelTargets: readonly FuzzTarget[] = [shards, cids, proofs];
