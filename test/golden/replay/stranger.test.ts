// A recording of a chain with another prefix, other denominations and parameters: nothing may fit the first recording alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { sameButAddresses, sameFrame } from "../../../cmd/hanzod/selftest/recording/errorText.ts";
import { readRecording } from "../../../cmd/hanzod/selftest/recording/recording.ts";
import { countVerdicts, failuresOf } from "../../../cmd/hanzod/selftest/recording/report.ts";
import { replayRecording } from "../../../cmd/hanzod/selftest/replay/replaySelftest.ts";
import { formatReplay } from "../../../cmd/hanzod/selftest/replay/replayText.ts";

/** Made by `make record-chain SEED=201 BLOCKS=100`. */
const stranger = readRecording(fileURLToPath(new URL("../../../../test/golden/replay/stranger-201", import.meta.url)));

/** What must come out, by section: as recorded, differing by design, not part of this build. */
const COUNTS = {
  InitChain: [1, 0, 0],
  transactions: [279, 35, 0],
  "block events": [100, 0, 0],
  "validator updates": [100, 0, 0],
  "consensus parameters": [100, 0, 0],
  staking: [500, 0, 0],
  distribution: [700, 0, 0],
  "exported genesis": [43, 0, 0],
} as const;

test("a chain with genesis transactions that begins above height 1 comes to the same at every height", async () => {
  const report = await replayRecording(stranger);
  assert.deepEqual(failuresOf(report.sections), []);
  const counts = report.sections.map((section) => {
    const { same, design, outside } = countVerdicts([section]);
    return [section.title, [same, design, outside]];
  });
  assert.deepEqual(Object.fromEntries(counts), COUNTS);
  assert.equal(report.blocks, 100);
  // A transaction that is refused before gas is counted does not spoil the figures of gas.
  const text = formatReplay(report, false);
  assert.ok(text.includes("not in this recording, hence not compared: checktx.json, abci.json, rest.json"));
});

test("raw addresses in recorded texts may hold blanks and signs", () => {
  const mine =
    "cosmos1rzlvw67z7nu5ewexwgw8ds6jjdtnc0thyn2dha does not allow to pay fees for cosmos16tkuu6chwwjyzdnwaakunmkcv9an9zc4avmdhh: not found";
  assert.ok(sameButAddresses("t \ufffd vk\ufffd g does not allow to pay fees for \u0345T%(*: not found", mine));
  assert.ok(!sameButAddresses("t \ufffd vk\ufffd g does not allow to pay fees for \u0345T%(*: expired", mine));
});

test("a granted message that fails may be named by place and type", () => {
  const recorded = "message index: 0: failed to execute message; message proposal_id:27 option:VOTE_OPTION_YES : 27: inactive proposal";
  const mine = "message index: 0: failed to execute message; message 0 /cosmos.gov.v1.MsgVote: 27: inactive proposal";
  assert.ok(sameFrame(`failed to execute message; ${recorded}`, `failed to execute message; ${mine}`));
  assert.ok(!sameFrame(`failed to execute message; ${recorded}`, `failed to execute message; ${mine} of another`));
});
