// A recording of a chain with another prefix, other denominations and parameters: nothing may fit the first recording alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { TxBody } from "#proto/cosmos/tx/v1beta1/tx";
import { MisbehaviorType } from "#proto/tendermint/abci/types";
import { fromHex } from "../../../app/encoding/bytes.ts";
import { sameButAddresses, sameFrame } from "../../../cmd/hanzod/selftest/recording/errorText.ts";
import { type RecordedEvidence, readRecording } from "../../../cmd/hanzod/selftest/recording/recording.ts";
import { countVerdicts, failuresOf } from "../../../cmd/hanzod/selftest/recording/report.ts";
import { blockRequest } from "../../../cmd/hanzod/selftest/replay/blockRequest.ts";
import { replayRecording } from "../../../cmd/hanzod/selftest/replay/replaySelftest.ts";
import { formatReplay } from "../../../cmd/hanzod/selftest/replay/replayText.ts";

const read = (name: string) => readRecording(fileURLToPath(new URL(`../../../../test/golden/replay/${name}`, import.meta.url)));
/** Made by `make record-chain SEED=310 BLOCKS=100`, before lives proposed what can only fail. */
const stranger = read("stranger-310");

/** What must come out, by section: as recorded, differing by design, not part of this build. */
const COUNTS = {
  InitChain: [1, 0, 0],
  transactions: [186, 28, 0],
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

test("proposals that can only fail are taken, and fail for the reasons of the SDK", async () => {
  // Made by `make record-chain SEED=322 BLOCKS=100`, before messages were spoilt.
  const doomed = read("stranger-322");
  assert.deepEqual(failuresOf((await replayRecording(doomed)).sections), []);
  const reasons = JSON.stringify(doomed.blocks).match(/failed on execution: [^"]*/g) ?? [];
  assert.ok(new Set(reasons).size >= 7, reasons.join("\n"));
});

test("a chain that begins with another's export, with spoilt messages, answers every question as the SDK's node does", async () => {
  // Made by `make record-chain SEED=424 BLOCKS=70`.
  const reborn = read("stranger-424");
  assert.equal((reborn.genesis?.genesis.app_state.staking as { readonly exported?: boolean } | undefined)?.exported, true);
  const { sections } = await replayRecording(reborn);
  assert.deepEqual(failuresOf(sections), []);
  const spoilt = (reborn.tx?.txs ?? []).filter(({ name }) => name.includes("odd-"));
  assert.ok(spoilt.length >= 20, `${spoilt.length}`);
  const failed = new Set((reborn.tx?.txs ?? []).map(({ result }) => `${result.codespace}/${result.code}`));
  assert.ok(failed.size >= 20, [...failed].join(" "));
  const asked = Object.fromEntries(sections.map((section) => [section.title, section.verdicts.length]));
  assert.ok((asked["ABCI"] ?? 0) > 1500 && (asked["gRPC"] ?? 0) > 700 && (asked["REST"] ?? 0) > 700, JSON.stringify(asked));
});

test("the recording has what a life may have: all ways to sign, unordered transactions, both kinds of evidence", () => {
  const { txs } = stranger.tx ?? { txs: [] };
  const succeeded = txs.filter(({ result }) => result.code === 0);
  const ways = new Set(
    succeeded.map(({ signed, signatures }) => `${signed[0]?.mode} ${(signatures[0]?.length ?? 0) > 128 ? "several" : "one"}`),
  );
  assert.deepEqual([...ways].sort(), [
    "SIGN_MODE_DIRECT one",
    "SIGN_MODE_DIRECT several",
    "SIGN_MODE_LEGACY_AMINO_JSON one",
    "SIGN_MODE_LEGACY_AMINO_JSON several",
  ]);
  assert.ok(succeeded.some(({ body_bytes }) => TxBody.decode(fromHex(body_bytes)).unordered));
  assert.ok(txs.some(({ result }) => result.log.includes("has already used timeout")));
  const kinds = (stranger.blocks?.blocks ?? []).flatMap((block) => blockRequest(block, []).misbehavior.map(({ type }) => type));
  assert.deepEqual([...new Set(kinds)].sort(), [MisbehaviorType.DUPLICATE_VOTE, MisbehaviorType.LIGHT_CLIENT_ATTACK]);
});

test("an attack on light clients accuses each of its validators, with its type around it or without", () => {
  const value = {
    ByzantineValidators: [
      { address: "01", voting_power: "5" },
      { address: "02", voting_power: "7" },
    ],
    CommonHeight: "9",
    TotalVotingPower: "30",
    Timestamp: "2027-03-01T12:00:00Z",
  };
  const [block] = stranger.blocks?.blocks ?? [];
  assert.ok(block !== undefined);
  const accused = (evidence: RecordedEvidence) =>
    blockRequest({ ...block, misbehavior: [evidence] }, []).misbehavior.map(({ type, height, validator, totalVotingPower }) => [
      type,
      height,
      validator?.power,
      totalVotingPower,
    ]);
  const expected = [
    [MisbehaviorType.LIGHT_CLIENT_ATTACK, 9n, 5n, 30n],
    [MisbehaviorType.LIGHT_CLIENT_ATTACK, 9n, 7n, 30n],
  ];
  assert.deepEqual(accused(value), expected);
  assert.deepEqual(accused({ type: "tendermint/LightClientAttackEvidence", value }), expected);
  assert.deepEqual(accused({ ...value, ByzantineValidators: null }), []);
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
