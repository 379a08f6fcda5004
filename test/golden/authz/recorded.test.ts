// What was granted, used and revoked on a recorded Cosmos SDK chain, done again on the modules: codes, events, and the state that is left.
import assert from "node:assert/strict";
import { it } from "node:test";
import { GenesisState as AuthzGenesis } from "#proto/cosmos/authz/v1beta1/genesis";
import { GenesisState as FeegrantGenesis } from "#proto/cosmos/feegrant/v1beta1/genesis";
import { GenesisState as StakingGenesis } from "#proto/cosmos/staking/v1beta1/genesis";
import { type ChainEvent, ModuleError, timestampNs } from "#sdk";
import { parseTimestamp } from "../../../app/encoding/timeText.ts";
import { auth } from "../../../modules/auth/index.ts";
import { authz } from "../../../modules/authz/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import { consensus } from "../../../modules/consensus/index.ts";
import { feegrant } from "../../../modules/feegrant/index.ts";
import { staking } from "../../../modules/staking/index.ts";
import { createMessageBench } from "../../harness/messageBench.ts";
import type { Bench } from "../../harness/moduleBench.ts";
import { bytesOfJson } from "../../harness/protoJson.ts";
import { initRecordedAccounts, RECORDED_CHAIN } from "../../harness/recordedChain.ts";
import { type RecordedTx, readSdkVectors } from "../../harness/sdkVectors.ts";

const { app_state: begun } = readSdkVectors("genesis").genesis;
const { app_state: ended } = readSdkVectors("genesis").exported;
const times = new Map(readSdkVectors("blocks").blocks.map(({ height, time }) => [height, timestampNs(parseTimestamp(time))]));
/** Atomic units: earlier transfers are not done again. */
const PLENTY = 10n ** 12n;

type Json = Readonly<Record<string, unknown>> & { readonly "@type": string };

function begin(): Bench {
  const bench = createMessageBench([auth, bank, consensus, staking, authz, feegrant], ["authz"], { chain: RECORDED_CHAIN }).at(0n, 0n);
  initRecordedAccounts(bench, begun);
  bench.init("staking", StakingGenesis.decode(bytesOfJson(StakingGenesis.$type, begun["staking"])));
  const { gen_txs } = begun["genutil"] as { readonly gen_txs: readonly { readonly body: { readonly messages: readonly Json[] } }[] };
  for (const { body } of gen_txs) for (const message of body.messages) send(bench, message);
  bench.facet(staking, "genesis").applyValidatorSetUpdates(bench.ctx);
  const { accounts } = begun["auth"] as { readonly accounts: readonly { readonly address?: string }[] };
  for (const { address } of accounts) if (address !== undefined) bench.facet(bank, "mint").mint(bench.ctx, address, "stake", PLENTY);
  return bench;
}

function send(bench: Bench, { "@type": type, ...fields }: Json): void {
  const { grant, ...pair } = fields as { readonly grant?: object };
  // Nobody handles votes here, which a genesis file may allow nevertheless.
  if (JSON.stringify(grant ?? "").includes("/cosmos.gov.v1.MsgVote")) {
    bench.init("authz", AuthzGenesis.decode(bytesOfJson(AuthzGenesis.$type, { authorization: [{ ...pair, ...grant }] })));
    return;
  }
  const method = bench.modules.flatMap(({ msgs }) => msgs).find(({ path }) => path === type) ?? assert.fail(type);
  bench.send(type, method.request.decode(bytesOfJson(type.slice(1), fields)) as object);
}

/** Events that are written as text; those of types are compared by their type. */
const shown = (events: readonly ChainEvent[]): unknown[] =>
  events.map(({ type, attributes }) => [type, type.includes(".") ? [] : attributes.map(({ key, value }) => [key, value])]);

/** Recorded events of the only message, without those before it and what distribution does at a delegation. */
function recordedEvents({ result }: RecordedTx): unknown[] {
  const at = result.events.findIndex(([type, attributes]) => type === "message" && attributes[0]?.[0] === "action");
  const own = result.events.slice(at + 1);
  const reward = own.findIndex(([type]) => type === "withdraw_rewards");
  return own
    .slice(reward + 1)
    .map(([type, attributes]) => [
      type,
      type.includes(".") ? [] : attributes.filter(([key]) => key !== "msg_index").map((pair) => [...pair]),
    ]);
}

/** The fee of a transaction that somebody else pays. */
function payFee(bench: Bench, tx: RecordedTx): void {
  const granter = (tx.fee as { readonly granter?: string }).granter ?? "";
  if (granter === "") return;
  const payer = String(tx.messages[0]?.["from_address"]);
  const types = tx.messages.map(({ "@type": type }) => type);
  bench.facet(feegrant, "fees").useGrantedFees(bench.ctx, granter, payer, tx.fee.amount, types);
  assert.deepEqual(
    shown(bench.takeEvents()),
    tx.result.events.slice(0, 2).map(([type, pairs]) => [type, pairs.map((pair) => [...pair])]),
  );
}

it("recorded grants and allowances do again what they did, and leave the recorded state", () => {
  let bench = begin();
  const txs = readSdkVectors("tx").txs.filter(({ name }) => /^(authz|feegrant)-/.test(name));
  assert.equal(txs.length, 27);
  for (const tx of txs) {
    bench = bench.at(BigInt(tx.height), times.get(tx.height));
    bench.module("authz").beginBlock?.(bench.ctx, {} as never);
    bench.takeEvents();
    payFee(bench, tx);
    try {
      for (const message of tx.messages) send(bench, message);
      assert.equal(tx.result.code, 0, `${tx.name}: ${tx.result.log} expected`);
      assert.deepEqual(shown(bench.takeEvents()), recordedEvents(tx), tx.name);
    } catch (error) {
      if (!(error instanceof ModuleError)) throw error;
      assert.deepEqual([error.codespace, error.code], [tx.result.codespace, tx.result.code], `${tx.name}: ${error.message}`);
      // The SDK puts the raw bytes of addresses into a text.
      if (!tx.result.log.includes("\ufffd")) assert.equal(`failed to execute message; message index: 0: ${error.message}`, tx.result.log);
    }
    bench.module("feegrant").endBlock?.(bench.ctx);
  }
  const end = bench.at(176n, times.get(176));
  end.module("authz").beginBlock?.(end.ctx, {} as never);
  const left = (codec: typeof AuthzGenesis | typeof FeegrantGenesis, name: string): Uint8Array =>
    codec.encode(codec.fromPartial(end.exportGenesis(name) as never) as never).finish();
  assert.deepEqual(left(AuthzGenesis, "authz"), bytesOfJson(AuthzGenesis.$type, ended["authz"]));
  assert.deepEqual(left(FeegrantGenesis, "feegrant"), bytesOfJson(FeegrantGenesis.$type, ended["feegrant"]));
  assert.deepEqual(end.broken(), []);
});
