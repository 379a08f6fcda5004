// Everything that distribution did on a recorded Cosmos SDK chain, done again: what the fee collector held, votes, slashes, and messages of staking and
// distribution in the same order. Numbers after every height, events and the exported genesis must be the recorded ones.
import assert from "node:assert/strict";
import { it } from "node:test";
import { GenesisState } from "#proto/cosmos/distribution/v1beta1/genesis";
import { GenesisState as StakingGenesis } from "#proto/cosmos/staking/v1beta1/genesis";
import { type BlockInfo, type ChainEvent, parseCoins, timestampNs } from "#sdk";
import { decodeBech32 } from "../../../app/encoding/bech32.ts";
import { fromHex } from "../../../app/encoding/bytes.ts";
import { parseTimestamp } from "../../../app/encoding/timeText.ts";
import { auth } from "../../../modules/auth/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import { consensus } from "../../../modules/consensus/index.ts";
import { distribution } from "../../../modules/distribution/index.ts";
import { staking } from "../../../modules/staking/index.ts";
import { type Bench, createBench } from "../../harness/moduleBench.ts";
import { bytesOfJson } from "../../harness/protoJson.ts";
import { initRecordedAccounts, RECORDED_CHAIN } from "../../harness/recordedChain.ts";
import { attributeOf, type RecordedBlock, type RecordedEvent, readSdkVectors } from "../../harness/sdkVectors.ts";
import { readRewards } from "./readRewards.ts";

type Message = Readonly<Record<string, unknown>> & { readonly "@type": string };

/** Types of events that distribution itself emits. */
const OWN_EVENTS = new Set(["commission", "rewards", "withdraw_rewards", "withdraw_commission", "set_withdraw_address"]);
const FEE_COLLECTOR = "cosmos17xpfvakm2amg962yls6f84z3kell8c5lserqta";
/** Parts of the stake that the recorded parameters of slashing take. */
const FRACTION_E18 = { missing_signature: 10n ** 16n, double_sign: 5n * 10n ** 16n } as const;
/** The recorded evidence is of this height. */
const DOUBLE_SIGN_HEIGHT = 128n;
/** Atomic units. */
const PLENTY = 10n ** 12n;
const GENESIS_NS = timestampNs(parseTimestamp("2026-01-01T00:00:00Z"));

const { blocks } = readSdkVectors("blocks");
const { txs } = readSdkVectors("tx");
const { heights, delegators } = readSdkVectors("distribution");
const { genesis, exported } = readSdkVectors("genesis");

it("the recorded chain's distribution, done again, has the recorded numbers after every height", () => {
  let bench = beginChain();
  let known: Record<"validators" | "pending_rewards", Readonly<Record<string, unknown>>> = { validators: {}, pending_rewards: {} };
  for (const [i, block] of blocks.entries()) {
    bench = bench.at(BigInt(block.height), timestampNs(parseTimestamp(block.time)));
    playBlock(bench, block);
    const row = heights[i] ?? assert.fail(`no row ${i}`);
    known = {
      validators: merged(known.validators, row.validators),
      pending_rewards: merged(known.pending_rewards, row.pending_rewards),
    };
    const { community_pool } = row;
    assert.deepEqual(readRewards(bench, delegators), { community_pool, ...known }, `after height ${block.height}`);
    assert.deepEqual(bench.broken(), [], `after height ${block.height}`);
  }
  const bytes = GenesisState.encode(GenesisState.fromPartial(bench.exportGenesis("distribution") as object)).finish();
  assert.deepEqual(bytes, bytesOfJson("cosmos.distribution.v1beta1.GenesisState", exported.app_state["distribution"]));
});

it("the recorded genesis files of distribution come back as they were, a fraction in the pool included", () => {
  for (const { app_state } of [genesis, exported]) {
    const bench = createBench({ modules: [auth, bank, consensus, staking, distribution], chain: RECORDED_CHAIN });
    initRecordedAccounts(bench, app_state);
    const recorded = bytesOfJson("cosmos.distribution.v1beta1.GenesisState", app_state["distribution"]);
    bench.init("distribution", GenesisState.decode(recorded));
    const bytes = GenesisState.encode(GenesisState.fromPartial(bench.exportGenesis("distribution") as object)).finish();
    assert.deepEqual(bytes, recorded);
  }
});

function merged(known: Readonly<Record<string, unknown>>, changes: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries({ ...known, ...changes }).filter(([, value]) => value !== null));
}

function beginChain(): Bench {
  const { app_state } = genesis;
  const modules = [auth, bank, consensus, staking, distribution];
  const bench = createBench({ modules, chain: RECORDED_CHAIN, height: 0n }).at(0n, GENESIS_NS);
  initRecordedAccounts(bench, app_state);
  bench.init("distribution", GenesisState.decode(bytesOfJson("cosmos.distribution.v1beta1.GenesisState", app_state["distribution"])));
  // Transfers are not done again; nobody shall lack what they brought.
  for (const delegator of Object.values(delegators))
    for (const denom of ["stake", "photon"]) bench.facet(bank, "mint").mint(bench.ctx, delegator, denom, PLENTY);
  bench.init("staking", StakingGenesis.decode(bytesOfJson("cosmos.staking.v1beta1.GenesisState", app_state["staking"])));
  const { gen_txs } = app_state["genutil"] as { readonly gen_txs: readonly { readonly body: { readonly messages: readonly Message[] } }[] };
  for (const { body } of gen_txs) for (const message of body.messages) play(bench, message);
  bench.facet(staking, "genesis").applyValidatorSetUpdates(bench.ctx);
  return bench;
}

function playBlock(bench: Bench, block: RecordedBlock): void {
  bench.takeEvents();
  fillFeeCollector(bench, block);
  bench.module("distribution").beginBlock?.(bench.ctx, blockInfo(block));
  for (const event of block.events) playSlash(bench, event);
  assert.deepEqual(ownEvents(bench.takeEvents()), recordedEvents(block.events, "BeginBlock"), `beginning of height ${block.height}`);
  for (const tx of txs.filter(({ height, result }) => height === block.height && result.code === 0)) {
    for (const message of tx.messages) play(bench, message);
    assert.deepEqual(ownEvents(bench.takeEvents()), recordedEvents(tx.result.events), tx.name);
  }
  for (const event of block.events) if (event[0] === "active_proposal") playProposal(bench, event);
  bench.module("staking").endBlock?.(bench.ctx);
  assert.deepEqual(ownEvents(bench.takeEvents()), recordedEvents(block.events, "EndBlock"), `end of height ${block.height}`);
}

/** The fee collector has what it had on the recorded chain: what left it at the beginning of the block. */
function fillFeeCollector(bench: Bench, { events }: RecordedBlock): void {
  const spent = events.find((event) => event[0] === "coin_spent" && attributeOf(event, "spender") === FEE_COLLECTOR);
  if (spent === undefined) return;
  for (const { denom, amount } of parseCoins(attributeOf(spent, "amount")))
    bench.facet(bank, "mint").mint(bench.ctx, FEE_COLLECTOR, denom, amount);
}

function blockInfo(block: RecordedBlock): BlockInfo {
  return {
    proposer: fromHex(block.proposer_address.toLowerCase()),
    hash: new Uint8Array(32),
    nextValidatorsHash: fromHex(block.next_validators_hash.toLowerCase()),
    appHash: fromHex(block.app_hash_before.toLowerCase()),
    lastCommit: block.votes.map(([address, power, flag]) => ({ address: fromHex(address.toLowerCase()), power: BigInt(power), flag })),
    misbehavior: [],
  };
}

/** What x/slashing and x/evidence asked of staking where they told of it. */
function playSlash(bench: Bench, [type, attributes]: RecordedEvent): void {
  if (type !== "slash") return;
  const { reason, power, address, jailed } = Object.fromEntries(attributes);
  const { slash, jail } = bench.facet(staking, "slash");
  if (reason === "missing_signature" || reason === "double_sign") {
    // Votes tell of the block before, and that block's set was made one block earlier.
    const height = reason === "double_sign" ? DOUBLE_SIGN_HEIGHT : bench.ctx.height - 2n;
    slash(bench.ctx, decodeBech32(address ?? "").bytes, height, BigInt(power ?? ""), FRACTION_E18[reason]);
  }
  if (jailed !== undefined) jail(bench.ctx, decodeBech32(jailed).bytes);
}

function play(bench: Bench, message: Message): void {
  const type = message["@type"];
  if (type === "/cosmos.authz.v1beta1.MsgExec") {
    for (const inner of message["msgs"] as readonly Message[]) play(bench, inner);
  } else if (type === "/cosmos.slashing.v1beta1.MsgUnjail") {
    const { findValidator } = bench.facet(staking, "view");
    const validator = findValidator(bench.ctx, String(message["validator_addr"])) ?? assert.fail(type);
    bench.facet(staking, "slash").unjail(bench.ctx, validator.consAddress);
  } else if (type.startsWith("/cosmos.staking.") || type.startsWith("/cosmos.distribution.")) {
    const { "@type": _, ...fields } = message;
    const method = bench.modules.flatMap(({ msgs }) => msgs).find(({ path }) => path === type) ?? assert.fail(type);
    bench.send(type, method.request.decode(bytesOfJson(type.slice(1), fields)) as object);
  }
}

/** Messages of distribution that x/gov executed where it told of it. */
function playProposal(bench: Bench, event: RecordedEvent): void {
  const outcome = attributeOf(event, "proposal_result");
  if (outcome === "proposal_rejected") return;
  const id = attributeOf(event, "proposal_id");
  const isSubmitted = (one: RecordedEvent): boolean =>
    one[0] === "submit_proposal" && one[1].some((pair) => pair.join("=") === `proposal_id=${id}`);
  const { messages } = txs.find(({ result }) => result.events.some(isSubmitted)) ?? assert.fail(`proposal ${id}`);
  for (const message of messages.flatMap((one) => (one["messages"] ?? []) as readonly Message[])) {
    if (outcome === "proposal_passed") play(bench, message);
    else assert.throws(() => play(bench, message), /community pool does not have sufficient coins to distribute/);
  }
}

/** Distribution's events of a recorded list, without what the runtime adds. */
function recordedEvents(events: readonly RecordedEvent[], mode?: string): readonly RecordedEvent[] {
  const added = new Set(["mode", "msg_index", "authz_msg_index"]);
  return events
    .filter((event) => OWN_EVENTS.has(event[0]) && (mode === undefined || attributeOf(event, "mode") === mode))
    .map(([type, attributes]) => [type, attributes.filter(([key]) => !added.has(key))]);
}

function ownEvents(events: readonly ChainEvent[]): readonly RecordedEvent[] {
  return events
    .filter(({ type }) => OWN_EVENTS.has(type))
    .map(({ type, attributes }) => [type, attributes.map(({ key, value }) => [key, value] as const)] as const);
}
