// Everything that governance did on a recorded Cosmos SDK chain, done again on the recorded stake: the messages of its transactions in the same order
// at the same times, and the end of every block. Events, refusals and the state in the end must be the recorded ones.
import assert from "node:assert/strict";
import { it } from "node:test";
import { MsgDefinition as DistributionMsg } from "#proto/cosmos/distribution/v1beta1/tx";
import { GenesisState } from "#proto/cosmos/gov/v1/genesis";
import { type ChainEvent, defineModule, type Module, ModuleError, timestampNs } from "#sdk";
import { descriptors } from "../../../app/descriptorImage.ts";
import { parseTimestamp } from "../../../app/encoding/timeText.ts";
import { createWire } from "../../../app/runtime/createWire.ts";
import { createMessageService } from "../../../app/runtime/messageService.ts";
import { createRouter, type Router } from "../../../app/runtime/router.ts";
import { createAddressCodec } from "../../../app/sdk/index.ts";
import { auth } from "../../../modules/auth/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import { consensus } from "../../../modules/consensus/index.ts";
import { gov } from "../../../modules/gov/index.ts";
import { type Bench, createBench } from "../../harness/moduleBench.ts";
import { bytesOfJson } from "../../harness/protoJson.ts";
import { initRecordedAccounts, RECORDED_CHAIN } from "../../harness/recordedChain.ts";
import { atomicsOf, type RecordedEvent, type RecordedTx, readSdkVectors } from "../../harness/sdkVectors.ts";

const { blocks } = readSdkVectors("blocks");
const { txs } = readSdkVectors("tx");
const { heights, delegators } = readSdkVectors("staking");
const { genesis, exported } = readSdkVectors("genesis");
const OWN = /^\/cosmos\.gov\./;
const CLOSED = new Set(["active_proposal", "inactive_proposal"]);
/** Atomic units: transfers and rewards are not done again, and nobody shall lack what they brought. */
const PLENTY = 10n ** 12n;

interface Stake {
  bonded: bigint;
  readonly validators: Map<string, { readonly tokens: string; readonly shares: string; readonly status: number }>;
  readonly delegators: Map<string, readonly (readonly [operator: string, shares: string])[]>;
}

/** The recorded stake after a height. */
function followStake(): { readonly stake: Stake; to(height: number): void } {
  const stake: Stake = { bonded: 0n, validators: new Map(), delegators: new Map() };
  let next = 0;
  return {
    stake,
    to(height) {
      for (let row = heights[next]; row !== undefined && row.height <= height; row = heights[++next]) {
        stake.bonded = BigInt(row.bonded);
        apply(stake.validators, row.validators);
        for (const [name, value] of Object.entries(row.delegators)) {
          const { delegations = [] } = (value ?? {}) as { readonly delegations?: readonly (readonly [string, string])[] };
          stake.delegators.set(delegators[name] ?? "", delegations);
        }
      }
    },
  };
}

function apply(known: Map<string, unknown>, changes: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) known.delete(name);
    else known.set(name, value);
  }
}

/** Modules that govern nothing here: the recorded stake, and a community pool that has what one proposal spends and not what the other wants. */
function neighbours(stake: Stake): readonly Module[] {
  const view = {
    *bondedByPower() {
      for (const [operator, { tokens, shares, status }] of stake.validators)
        yield { operator, status, tokens: BigInt(tokens), sharesE18: atomicsOf(shares) };
    },
    *delegationsOf(_ctx: unknown, delegator: string) {
      for (const [operator, shares] of stake.delegators.get(delegator) ?? []) yield { operator, sharesE18: atomicsOf(shares) };
    },
    totalBonded: () => stake.bonded,
  };
  const refuse = (): never => assert.fail("a message of the pool expected");
  return [
    defineModule({ name: "staking", version: 1, state: {}, api: () => ({ view }) }),
    defineModule({
      name: "distribution",
      version: 1,
      needs: { bank: bank.facet("transfer") },
      state: {},
      errors: { insufficientPool: [9, "community pool does not have sufficient coins to distribute"] },
      api: () => ({ pool: { fundCommunityPool: () => {} } }),
      msgs: [
        DistributionMsg,
        ({ needs, err, account }) => ({
          setWithdrawAddress: refuse,
          withdrawDelegatorReward: refuse,
          withdrawValidatorCommission: refuse,
          fundCommunityPool: refuse,
          depositValidatorRewardsPool: refuse,
          updateParams: refuse,
          communityPoolSpend(ctx, { recipient, amount }) {
            const coins = amount.map(({ denom, amount: text }) => ({ denom, amount: BigInt(text) }));
            if (coins.some((coin) => coin.amount > 1_000n)) throw err.insufficientPool();
            needs.bank.sendCoins(ctx, account, recipient, coins);
            return {};
          },
        }),
      ],
    }),
  ];
}

function beginChain(stake: Stake): Bench {
  const modules: readonly Module[] = [auth, bank, consensus, ...neighbours(stake), gov];
  const late: Router = { findMessage: (url) => router.findMessage(url), findQuery: (path) => router.findQuery(path) };
  const address = createAddressCodec(RECORDED_CHAIN.bech32Prefix);
  const messages = createMessageService({ router: late, wire: createWire(descriptors(), modules), address });
  const bench = createBench({ modules, chain: RECORDED_CHAIN, height: 0n, ports: { gov: { messages } } });
  const router = createRouter(bench.modules);
  initRecordedAccounts(bench, genesis.app_state);
  bench.init("gov", GenesisState.decode(bytesOfJson("cosmos.gov.v1.GenesisState", genesis.app_state["gov"])));
  const { mint } = bench.facet(bank, "mint");
  const senders = new Set(txs.flatMap(({ messages: sent }) => sent.map((one) => String(one["proposer"] ?? one["depositor"] ?? ""))));
  for (const sender of senders) if (sender !== "") mint(bench.ctx, sender, "stake", PLENTY);
  for (const denom of ["photon", "stake"]) mint(bench.ctx, bench.module("distribution").account, denom, 1_000n);
  return bench;
}

it("the recorded chain's governance, done again, has the recorded events, refusals and proposals", () => {
  const { stake, to } = followStake();
  let bench = beginChain(stake);
  let sent = 0;
  let closed = 0;
  for (const block of blocks) {
    bench = bench.at(BigInt(block.height), timestampNs(parseTimestamp(block.time)));
    bench.takeEvents();
    for (const tx of txs.filter(({ height, messages }) => height === block.height && messages.every((one) => OWN.test(one["@type"])))) {
      playTx(bench, tx);
      sent++;
    }
    bench.module("gov").endBlock?.(bench.ctx);
    const events = shown(bench.takeEvents());
    assert.deepEqual(events, governed(block.events), `end of block ${block.height}`);
    closed += events.filter(([type]) => CLOSED.has(type)).length;
    assert.deepEqual(
      bench.broken().filter((text) => text.startsWith("gov")),
      [],
      `after height ${block.height}`,
    );
    to(block.height);
  }
  assert.deepEqual([sent, closed], [23, 7]);
  const state = GenesisState.encode(GenesisState.fromPartial(bench.exportGenesis("gov") as object)).finish();
  assert.deepEqual(state, bytesOfJson("cosmos.gov.v1.GenesisState", exported.app_state["gov"]));
});

function playTx(bench: Bench, { name, messages, result }: RecordedTx): void {
  for (const [index, message] of messages.entries()) {
    const { "@type": type, ...fields } = message;
    const method = bench.modules.flatMap(({ msgs }) => msgs).find(({ path }) => path === type) ?? assert.fail(type);
    const send = (): object => bench.send(type, method.request.decode(bytesOfJson(type.slice(1), fields)) as object);
    if (result.code !== 0) {
      const log = (error: ModuleError): string => `failed to execute message; message index: ${index}: ${error.message}`;
      assert.throws(
        send,
        (error) =>
          error instanceof ModuleError && error.codespace === result.codespace && error.code === result.code && log(error) === result.log,
        name,
      );
      return;
    }
    send();
  }
  // The first seven events are those of the fee, then comes the message's own.
  const recorded = result.events.slice(8).map((event) => without(event, "msg_index"));
  assert.deepEqual(shown(bench.takeEvents()), recorded, name);
}

/** Events of a block's end up to the last one of governance, which ends its block first. */
function governed(events: readonly RecordedEvent[]): readonly RecordedEvent[] {
  const ended = events.filter(([, attributes]) => attributes.some(([key, value]) => key === "mode" && value === "EndBlock"));
  const last = ended.findLastIndex(([type]) => CLOSED.has(type));
  return ended.slice(0, last + 1).map((event) => without(event, "mode"));
}

function without([type, attributes]: RecordedEvent, name: string): RecordedEvent {
  return [type, attributes.filter(([key]) => key !== name)];
}

function shown(events: readonly ChainEvent[]): readonly RecordedEvent[] {
  return events.map(({ type, attributes }) => [type, attributes.map(({ key, value }) => [key, value] as const)]);
}
