// Everything that staking did on a recorded Cosmos SDK chain, done again: slashes and jails of its blocks, messages of its transactions, in the same
// order at the same times. Numbers after every height, changes of the validator set and staking's events must be the recorded ones.
import assert from "node:assert/strict";
import { it } from "node:test";
import { GenesisState } from "#proto/cosmos/staking/v1beta1/genesis";
import { QueryHistoricalInfoResponse } from "#proto/cosmos/staking/v1beta1/query";
import { createAddressCodec, moduleAddress, timestampNs, toHex } from "#sdk";
import { decodeBech32 } from "../../../app/encoding/bech32.ts";
import { fromHex, toBase64 } from "../../../app/encoding/bytes.ts";
import { parseTimestamp } from "../../../app/encoding/timeText.ts";
import { auth } from "../../../modules/auth/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import { consensus } from "../../../modules/consensus/index.ts";
import { BONDED_POOL, NOT_BONDED_POOL, staking } from "../../../modules/staking/index.ts";
import { type Bench, createBench } from "../../harness/moduleBench.ts";
import { bytesOfJson } from "../../harness/protoJson.ts";
import { initRecordedAccounts, RECORDED_CHAIN } from "../../harness/recordedChain.ts";
import { type RecordedBlock, type RecordedEvent, type RecordedTx, readSdkVectors } from "../../harness/sdkVectors.ts";
import { readStake } from "./readStake.ts";

type Message = Readonly<Record<string, unknown>> & { readonly "@type": string };

/** Types of events that staking itself emits. */
const OWN_EVENTS = new Set([
  "create_validator",
  "edit_validator",
  "delegate",
  "unbond",
  "redelegate",
  "cancel_unbonding_delegation",
  "complete_unbonding",
  "complete_redelegation",
]);
/** Accounts of stake: the bank's events about them are staking's, too. */
const POOLS = [BONDED_POOL, NOT_BONDED_POOL].map((name) => createAddressCodec("cosmos").format(moduleAddress(name)));
/** Parts of the stake that the recorded parameters of slashing take. */
const FRACTION_E18 = { missing_signature: 10n ** 16n, double_sign: 5n * 10n ** 16n } as const;
/** The recorded evidence is of this height; stake had signed it for one block less. */
const DOUBLE_SIGN_HEIGHT = 128n;

/** Atomic units. */
const PLENTY = 10n ** 12n;

const { blocks } = readSdkVectors("blocks");
const { txs } = readSdkVectors("tx");
const { heights, delegators } = readSdkVectors("staking");

it("the recorded chain's staking, done again, has the recorded numbers after every height", () => {
  let bench = beginChain();
  let known: Record<"validators" | "delegators", Readonly<Record<string, unknown>>> = { validators: {}, delegators: {} };
  for (const [i, block] of blocks.entries()) {
    bench = bench.at(BigInt(block.height), timestampNs(parseTimestamp(block.time)));
    playBlock(bench, block);
    const row = heights[i] ?? assert.fail(`no row ${i}`);
    assert.equal(row.height, block.height);
    known = { validators: merged(known.validators, row.validators), delegators: merged(known.delegators, row.delegators) };
    const { bonded, not_bonded } = row;
    assert.deepEqual(readStake(bench, delegators), { bonded, not_bonded, ...known }, `after height ${block.height}`);
    assert.deepEqual(bench.broken(), [], `after height ${block.height}`);
  }
  compareHistory(bench);
  const exported = GenesisState.encode(GenesisState.fromPartial(bench.exportGenesis("staking") as object)).finish();
  const { app_state } = readSdkVectors("genesis").exported;
  assert.deepEqual(exported, bytesOfJson("cosmos.staking.v1beta1.GenesisState", app_state["staking"]));
});

/** What the chain remembers of a past block has the recorded bytes, but for the name of the bench's chain. */
function compareHistory(bench: Bench): void {
  const path = "/cosmos.staking.v1beta1.Query/HistoricalInfo";
  const [recorded = assert.fail()] = readSdkVectors("abci").abci_query.filter((query) => query.path === path && query.code === 0);
  const answer = QueryHistoricalInfoResponse.decode(bench.queryBytes(path, fromHex(recorded.data)));
  const { hist = assert.fail() } = answer;
  const header = { ...(hist.header ?? assert.fail()), chainId: "simd-testing" };
  assert.equal(toHex(QueryHistoricalInfoResponse.encode({ hist: { ...hist, header } }).finish()), recorded.value);
}

function merged(known: Readonly<Record<string, unknown>>, changes: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries({ ...known, ...changes }).filter(([, value]) => value !== null));
}

function beginChain(): Bench {
  const { app_state } = readSdkVectors("genesis").genesis;
  const bench = createBench({ modules: [auth, bank, consensus, staking], chain: RECORDED_CHAIN, height: 0n }).at(0n, GENESIS_NS);
  initRecordedAccounts(bench, app_state);
  // Transfers and rewards are not done again; nobody shall lack what they brought.
  for (const delegator of Object.values(delegators)) bench.facet(bank, "mint").mint(bench.ctx, delegator, RECORDED_CHAIN.baseDenom, PLENTY);
  bench.init("staking", GenesisState.decode(bytesOfJson("cosmos.staking.v1beta1.GenesisState", app_state["staking"])));
  const { gen_txs } = app_state["genutil"] as { readonly gen_txs: readonly { readonly body: { readonly messages: readonly Message[] } }[] };
  for (const { body } of gen_txs) for (const message of body.messages) play(bench, message);
  bench.facet(staking, "genesis").applyValidatorSetUpdates(bench.ctx);
  return bench;
}

const GENESIS_NS = timestampNs(parseTimestamp("2026-01-01T00:00:00Z"));

function playBlock(bench: Bench, block: RecordedBlock): void {
  const { beginBlock, endBlock } = bench.module("staking");
  bench.takeEvents();
  beginBlock?.(bench.ctx, blockInfo(block));
  for (const event of block.events) playSlash(bench, event);
  compareEvents(bench, block, "BeginBlock");
  for (const tx of txs.filter(({ height, result }) => height === block.height && result.code === 0)) {
    for (const message of tx.messages) play(bench, message);
    assert.deepEqual(takeEvents(bench), recordedEvents(tx), tx.name);
  }
  const updates = endBlock?.(bench.ctx) ?? [];
  assert.deepEqual(
    updates.map(({ publicKey, power }) => [toBase64(publicKey), power.toString()]),
    block.validator_updates ?? [],
    `validator set of height ${block.height}`,
  );
  compareEvents(bench, block, "EndBlock");
}

function compareEvents(bench: Bench, { height, events }: RecordedBlock, mode: "BeginBlock" | "EndBlock"): void {
  const recorded = events.filter(([, attributes]) => attributes.some(([key, value]) => key === "mode" && value === mode));
  assert.deepEqual(takeEvents(bench), ownEvents(recorded.map((event) => without(event, "mode"))), `${mode} of height ${height}`);
}

function blockInfo(block: RecordedBlock) {
  return {
    proposer: fromHex(block.proposer_address.toLowerCase()),
    hash: new Uint8Array(32),
    nextValidatorsHash: fromHex(block.next_validators_hash.toLowerCase()),
    appHash: fromHex(block.app_hash_before.toLowerCase()),
    lastCommit: [],
    misbehavior: [],
  };
}

/** What x/slashing and x/evidence asked of staking where they told of it. */
function playSlash(bench: Bench, [type, attributes]: RecordedEvent): void {
  if (type !== "slash") return;
  const { reason, power, address, jailed, burned_coins } = Object.fromEntries(attributes);
  const { slash, jail } = bench.facet(staking, "slash");
  if (reason === "missing_signature" || reason === "double_sign") {
    // Votes tell of the block before, and that block's set was made one block earlier.
    const height = reason === "double_sign" ? DOUBLE_SIGN_HEIGHT : bench.ctx.height - 2n;
    const burned = slash(bench.ctx, decodeBech32(address ?? "").bytes, height, BigInt(power ?? ""), FRACTION_E18[reason]);
    assert.equal(burned.toString(), burned_coins);
  }
  if (jailed !== undefined) jail(bench.ctx, decodeBech32(jailed).bytes);
}

function play(bench: Bench, message: Message): void {
  const type = message["@type"];
  if (type === "/cosmos.authz.v1beta1.MsgExec") {
    for (const inner of message["msgs"] as readonly Message[]) play(bench, inner);
  } else if (type === "/cosmos.slashing.v1beta1.MsgUnjail") {
    const operator = String(message["validator_addr"]);
    const { findValidator } = bench.facet(staking, "view");
    bench.facet(staking, "slash").unjail(bench.ctx, findValidator(bench.ctx, operator)?.consAddress ?? assert.fail(operator));
  } else if (type.startsWith("/cosmos.staking.")) {
    const { "@type": _, ...fields } = message;
    const method = bench.modules.flatMap(({ msgs }) => msgs).find(({ path }) => path === type) ?? assert.fail(type);
    bench.send(type, method.request.decode(bytesOfJson(type.slice(1), fields)) as object);
  }
}

function recordedEvents({ result }: RecordedTx): readonly RecordedEvent[] {
  return ownEvents(result.events.map((event) => without(without(event, "msg_index"), "authz_msg_index")));
}

function without([type, attributes]: RecordedEvent, name: string): RecordedEvent {
  return [type, attributes.filter(([key]) => key !== name)];
}

function takeEvents(bench: Bench): readonly RecordedEvent[] {
  return ownEvents(
    bench.takeEvents().map(({ type, attributes }): RecordedEvent => [type, attributes.map(({ key, value }) => [key, value] as const)]),
  );
}

/** Staking's events, those of the bank that name a pool, and the other half where coins come out of a pool or go into one. */
function ownEvents(events: readonly RecordedEvent[]): readonly RecordedEvent[] {
  const namesPool = (event: RecordedEvent | undefined): boolean => event?.[1].some(([, value]) => POOLS.includes(value)) ?? false;
  return events.filter((event, i) => {
    const half = event[0] === "coin_spent" ? events[i + 1] : event[0] === "coin_received" ? events[i - 1] : undefined;
    return OWN_EVENTS.has(event[0]) || namesPool(event) || namesPool(half);
  });
}
