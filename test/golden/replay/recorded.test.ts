// The recorded Cosmos SDK chain, lived through again: every block, every number, every answer at its end.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { RecordedTx, Recording } from "../../../cmd/hanzod/selftest/recording/recording.ts";
import { countVerdicts, failuresOf } from "../../../cmd/hanzod/selftest/recording/report.ts";
import { replayRecording } from "../../../cmd/hanzod/selftest/replay/replaySelftest.ts";
import { recording } from "../../harness/recordedCases.ts";

const { blocks, tx, staking, distribution, genesis } = recording;
assert.ok(blocks && tx && staking && distribution && genesis);

/** What must come out, by section: as recorded, differing by design, not part of this build. */
const COUNTS = {
  InitChain: [1, 0, 0],
  transactions: [152, 8, 0],
  "block events": [176, 0, 0],
  "validator updates": [176, 0, 0],
  "consensus parameters": [176, 0, 0],
  staking: [880, 0, 0],
  distribution: [1232, 0, 0],
  "exported genesis": [43, 0, 0],
  CheckTx: [81, 64, 4],
  ABCI: [192, 47, 0],
  gRPC: [175, 27, 0],
  REST: [264, 60, 0],
  "REST with CORS": [4, 3, 0],
} as const;

test("the recorded chain comes to the same at every height and answers alike at its end", async () => {
  const { sections, blocks: executed } = await replayRecording(recording);
  assert.deepEqual(failuresOf(sections), []);
  assert.equal(executed, recording.final_height);
  const counts = sections.map((section) => {
    const { same, design, outside } = countVerdicts([section]);
    return [section.title, [same, design, outside]];
  });
  assert.deepEqual(Object.fromEntries(counts), COUNTS);
});

test("before what a stricter implementation may refuse, nothing but gas and sign mode TEXTUAL differs", async () => {
  const odd = tx.txs.find(({ name }) => name.startsWith("odd-"))?.height ?? 0;
  const { sections } = await replayRecording(recording, { only: ["transactions"], until: odd - 1 });
  const differing = sections.flatMap(({ verdicts }) =>
    verdicts.flatMap(({ verdict }) => ("difference" in verdict ? [verdict.difference] : [])),
  );
  assert.deepEqual(new Set(differing), new Set(["textualMode", "ownFigures", "addressText"]));
});

/** A recording with one thing changed at a height. */
function changedAt(height: number): Recording {
  assert.ok(blocks && tx && staking && distribution);
  const other = (one: RecordedTx): RecordedTx => ({
    ...one,
    result: {
      ...one.result,
      events: one.result.events.map(([type, attributes], at) => (at === 3 ? ["message", [["sender", "nobody"]]] : [type, attributes])),
    },
  });
  return {
    ...recording,
    tx: { ...tx, txs: tx.txs.map((one) => (one.height === height ? other(one) : one)) },
    blocks: {
      ...blocks,
      blocks: blocks.blocks.map((block) =>
        block.height === height ? { ...block, events: block.events.slice(1), validator_updates: [["", "1"]] } : block,
      ),
    },
    staking: { ...staking, heights: staking.heights.map((row) => (row.height === height ? { ...row, bonded: "1" } : row)) },
    distribution: {
      ...distribution,
      heights: distribution.heights.map((row) => (row.height === height ? { ...row, community_pool: "1stake" } : row)),
    },
  };
}

test("whatever is not as recorded fails, with its height and place", async () => {
  const { sections } = await replayRecording(changedAt(16), { until: 16 });
  const expected = [
    /^transactions: height 16 tx 0 \(delegate\): event 3 \(message\) attribute 0: expected \["sender","nobody"\], got \["sender","cosmos/,
    /^block events: height 16: event 0/,
    /^validator updates: height 16: updates: expected/,
    /^staking: height 16 bonded: .*expected "1", got "\d+"/,
    /^distribution: height 16 community_pool: .*expected "1stake", got/,
  ];
  const failures = failuresOf(sections);
  assert.equal(failures.length, expected.length, failures.join("\n"));
  for (const [at, pattern] of expected.entries()) assert.match(failures[at] ?? "", pattern);
});

test("evidence, votes and times are part of what is replayed", async () => {
  const without = (change: Partial<(typeof blocks.blocks)[number]>, at: number): Recording => ({
    ...recording,
    blocks: { ...blocks, blocks: blocks.blocks.map((block) => (block.height === at ? { ...block, ...change } : block)) },
  });
  const evidence = blocks.blocks.find(({ misbehavior }) => misbehavior.length > 0);
  assert.ok(evidence);
  const only = ["staking", "distribution"];
  for (const [changed, until] of [
    [without({ misbehavior: [] }, evidence.height), evidence.height],
    [without({ votes: [] }, 10), 10],
  ] as const) {
    const { sections } = await replayRecording(changed, { only, until });
    assert.ok(failuresOf(sections).length > 0);
  }
});
