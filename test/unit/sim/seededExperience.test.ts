import assert from "node:assert/strict";
import { it } from "node:test";
import { merkleRoot, parseShard, srcRoot, treeRoot } from "#kernels";
import { rootOf, seededShard, TINY } from "../../../cmd/hanzod/sim/operations/seededExperience.ts";

it("roots of a simulation's shards are those of the kernels, for any number of rows", () => {
  for (const count of [1, 2, 3, 5, 8, 13, 255, 256]) {
    const leaves = Array.from({ length: count }, (_, i) => new Uint8Array(i % 70).fill(i));
    assert.deepEqual(rootOf(leaves), treeRoot(leaves), String(count));
  }
  for (const shape of [TINY, { rows: 9, cols: 16 }]) {
    const made = seededShard(shape, "somebody", 4n);
    assert.deepEqual(made.merkleRoot, merkleRoot(parseShard(made.shard, shape), shape));
    assert.deepEqual(made.sourceRoot, srcRoot(made.matrix, shape));
  }
});
