// A change of these hashes is a change of consensus: renew them with `make golden-blocks`, on purpose and with the reason in the commit.
import assert from "node:assert/strict";
import { test } from "node:test";
import { findDifference } from "../../campaign/determinism/blockDigest.ts";
import { GOLDEN, readGolden } from "../../campaign/determinism/golden.ts";
import { neverFailed, neverSucceeded, recordBlocks } from "../../campaign/determinism/recordBlocks.ts";

test("100 seeded blocks of every message of every module have the committed hashes, codes, gas, data and events", async () => {
  const recording = await recordBlocks(GOLDEN.seed, GOLDEN.blocks);
  const { digests } = readGolden();
  assert.equal(digests.length, GOLDEN.blocks);
  for (const [index, digest] of recording.digests.entries())
    assert.deepEqual({ ...digest, txs: digest.txs.map((tx) => tx.slice(0, 16)) }, digests[index], `height ${digest.height}`);
  assert.ok(recording.succeeded * 3 > recording.txs, `${recording.succeeded} of ${recording.txs} transactions succeeded`);
  assert.deepEqual(neverSucceeded(recording), [], "messages of which none succeeded");
  assert.deepEqual(neverFailed(recording), [], "messages of which none failed");
});

test("a difference between two executions names height and transaction", () => {
  const right = { height: "7", appHash: "aa", block: "b", txs: ["1", "2", "3"] };
  assert.equal(findDifference(right, { ...right }), undefined);
  assert.match(findDifference(right, { ...right, appHash: "ab", txs: ["1", "9", "3"] }) ?? "", /height 7, transaction 1/);
  assert.match(findDifference(right, { ...right, appHash: "ab" }) ?? "", /height 7: app hash aa expected, got ab/);
  assert.match(findDifference(right, undefined) ?? "", /height 7 is missing/);
});
