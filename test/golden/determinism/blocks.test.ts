// A change of these hashes is a change of consensus: renew them with `make golden-blocks`, on purpose and with the reason in the commit.
import assert from "node:assert/strict";
import { test } from "node:test";
import { findDifference } from "../../campaign/determinism/blockDigest.ts";
import { CANNOT_FAIL, CANNOT_SUCCEED, neverFailed, neverSucceeded } from "../../campaign/determinism/coverage.ts";
import { GOLDEN, readGolden } from "../../campaign/determinism/golden.ts";
import { recordBlocks } from "../../campaign/determinism/recordBlocks.ts";

/** What blocks do by themselves for votes, absences, misbehaviour, and for time that passes. */
const HAPPENINGS = [
  "coinbase",
  "rewards",
  "commission",
  "liveness",
  "slash",
  "slash for missing_signature",
  "slash for double_sign",
  "complete_unbonding",
  "complete_redelegation",
  "active_proposal",
  "inactive_proposal",
];

test("220 seeded blocks of every message of every module have the committed hashes, codes, gas, data and events", async () => {
  const recording = await recordBlocks(GOLDEN.seed, GOLDEN.blocks);
  const { digests } = readGolden();
  assert.equal(digests.length, GOLDEN.blocks);
  for (const [index, digest] of recording.digests.entries())
    assert.deepEqual({ ...digest, txs: digest.txs.map((tx) => tx.slice(0, 16)) }, digests[index], `height ${digest.height}`);
  assert.ok(recording.succeeded * 3 > recording.txs, `${recording.succeeded} of ${recording.txs} transactions succeeded`);
  assert.deepEqual(neverSucceeded(recording), [], "messages of which none succeeded");
  assert.deepEqual(neverFailed(recording), [], "messages of which none failed");
  // A message that is excused and needs no excuse any more must be held to the rule.
  for (const type of Object.keys(CANNOT_SUCCEED)) assert.ok(!recording.types.has(type), `${type} succeeded`);
  for (const type of Object.keys(CANNOT_FAIL)) assert.ok(!recording.failed.has(type), `${type} failed`);
  for (const type of HAPPENINGS) assert.ok(recording.events.has(type), `no ${type} in any block`);
});

test("a difference between two executions names height and transaction", () => {
  const right = { height: "7", appHash: "aa", block: "b", txs: ["1", "2", "3"] };
  assert.equal(findDifference(right, { ...right }), undefined);
  assert.match(findDifference(right, { ...right, appHash: "ab", txs: ["1", "9", "3"] }) ?? "", /height 7, transaction 1/);
  assert.match(findDifference(right, { ...right, appHash: "ab" }) ?? "", /height 7: app hash aa expected, got ab/);
  assert.match(findDifference(right, undefined) ?? "", /height 7 is missing/);
});
