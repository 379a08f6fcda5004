import assert from "node:assert/strict";
import { test } from "node:test";
import { createHanzoApp, hanzoStores } from "../../../app/hanzo.ts";
import { type Ctx, coll, defineModule, type Module } from "../../../app/sdk/index.ts";
import { createMemoryCommitStore } from "../../../app/store/commitStore.ts";
import { auth } from "../../../modules/auth/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import { consensus } from "../../../modules/consensus/index.ts";
import { MsgSend } from "../../../proto/gen/cosmos/bank/v1beta1/tx.ts";
import { MsgMintCredit } from "../../../proto/gen/hanzo/hmm/v1/tx.ts";
import { Params } from "../../../proto/gen/hanzo/hmm/v1/types.ts";
import { RequestInitChain } from "../../../proto/gen/tendermint/abci/types.ts";
import { probeModule } from "../../harness/probeModule.ts";
import { message } from "../../harness/signTx.ts";
import { createTestChain, TEST_VALIDATOR, type TestChain, testConsensusParams } from "../../harness/testChain.ts";

const modules = [consensus, auth, bank, probeModule()];

async function busyChain(): Promise<TestChain> {
  const chain = await createTestChain({ app: { modules } });
  await chain.deliver();
  for (const [index, account] of chain.accounts.entries()) {
    const to = chain.accounts[(index + 1) % 4]?.address ?? "";
    const mint = message(MsgMintCredit, { sender: account.address, amount: String(index + 5) });
    const send = message(MsgSend, { fromAddress: account.address, toAddress: to, amount: [{ denom: "aai", amount: "12" }] });
    const { txResults } = await chain.deliver(await chain.sign([mint, send], [account]));
    assert.equal(txResults[0]?.code, 0, txResults[0]?.log);
  }
  return chain;
}

test("an exported state makes the same app hash wherever it is imported, and exports the same again", async () => {
  const exported = (await busyChain()).app.exportGenesis();
  const json = JSON.parse(JSON.stringify(exported)) as Readonly<Record<string, unknown>>;
  const one = await createTestChain({ app: { modules }, appState: json });
  const other = await createTestChain({ app: { modules }, appState: json });
  const { appHash } = await one.deliver();
  assert.deepEqual((await other.deliver()).appHash, appHash);
  assert.deepEqual(JSON.parse(JSON.stringify(one.app.exportGenesis())), json);
});

test("a module without a genesis format of its own exports params, maps and items by name", async () => {
  const { probe } = (await busyChain()).app.exportGenesis() as {
    readonly probe: { readonly params: { readonly burn_bps: number }; readonly numbers: readonly unknown[]; readonly last: string };
  };
  assert.equal(probe.params.burn_bps, 7);
  assert.equal(probe.numbers.length, 4);
  assert.equal(probe.last, "8");
});

test("the default genesis is a genesis", async () => {
  const app = await createHanzoApp({ store: createMemoryCommitStore({ stores: hanzoStores }) });
  const chain = await createTestChain({ appState: app.defaultGenesis() });
  await chain.deliver();
  const { balances, supply, ...settings } = JSON.parse(JSON.stringify(chain.app.exportGenesis())).bank;
  const { balances: none, supply: nothing, ...defaults } = JSON.parse(JSON.stringify(app.defaultGenesis())).bank;
  assert.deepEqual([settings, none, nothing], [defaults, [], []]);
  // The first block emits for validators and the treasury.
  assert.deepEqual([balances.length, supply.length], [2, 1]);
});

const refusals: readonly (readonly [what: string, appState: Readonly<Record<string, unknown>>, text: RegExp])[] = [
  ["an unknown module", { nope: {} }, /app_state\.nope: no such module/],
  ["an unknown field", { bank: { balancez: [] } }, /app_state\.bank.*balancez/s],
  ["an unknown collection", { probe: { digits: [] } }, /app_state\.probe.*digits/s],
  [
    "a key twice",
    {
      probe: {
        numbers: [
          ["a", "1"],
          ["a", "2"],
        ],
      },
    },
    /numbers\[1\]: key "a" occurs twice/,
  ],
  ["a map that is no list", { probe: { numbers: {} } }, /numbers: a list/],
  ["a pair that is none", { probe: { numbers: [["a"]] } }, /numbers\[0\]: \[key, value\] expected/],
  ["a list for a module", { probe: [] }, /app_state\.probe: an object expected/],
  ["params that the module refuses", { probe: { params: { burn_bps: 10_001 } } }, /app_state\.probe: .*not in this test/],
  ["a supply that is not the sum of balances", { bank: { supply: [{ denom: "aai", amount: "1" }], balances: [] } }, /app_state\.bank/],
];
for (const [what, appState, text] of refusals) {
  test(`genesis with ${what} is refused with its path`, async () => {
    await assert.rejects(createTestChain({ app: { modules }, appState }), text);
  });
}

test("genesis without any validator, with bad parameters or that is no JSON is refused", async () => {
  const app = await createHanzoApp({ store: createMemoryCommitStore({ stores: hanzoStores }) });
  const request = { chainId: "x", consensusParams: testConsensusParams(), validators: [TEST_VALIDATOR], appStateBytes: new Uint8Array(0) };
  assert.throws(() => app.initChain(RequestInitChain.fromPartial({ ...request, validators: [] })), /at least one validator/);
  assert.throws(
    () => app.initChain(RequestInitChain.fromPartial({ ...request, consensusParams: { ...testConsensusParams(), evidence: undefined } })),
    /groups expected/,
  );
  assert.throws(() => app.initChain(RequestInitChain.fromPartial({ ...request, appStateBytes: new TextEncoder().encode("{") })), {
    code: 17,
  });
  assert.throws(() => app.initChain(RequestInitChain.fromPartial({ ...request, appStateBytes: new TextEncoder().encode("[]") })), {
    code: 17,
  });
});

/** A module that names validators in genesis. */
function namer(name: string, powers: Readonly<Record<number, bigint>>) {
  return defineModule({
    name,
    version: 1,
    state: { params: coll.item(1, Params) },
    genesis: [
      Params,
      () => ({
        default: () => ({}),
        init: (_: Ctx) =>
          Object.entries(powers).map(([byte, power]) => ({ keyType: "ed25519" as const, publicKey: keyOf(Number(byte)), power })),
        export: () => Params.fromPartial({}),
      }),
    ],
  });
}
const keyOf = (byte: number) => new Uint8Array(32).fill(byte);
const listed = (powers: readonly (readonly [byte: number, power: bigint])[]) =>
  powers.map(([byte, power]) => ({ pubKey: { ed25519: keyOf(byte) }, power }));

async function begin(modules: readonly Module[], validators: ReturnType<typeof listed>) {
  const store = createMemoryCommitStore({ stores: [...hanzoStores, "stakers", "others"] });
  const app = await createHanzoApp({ store, modules: [consensus, auth, bank, ...modules] });
  return app.initChain(RequestInitChain.fromPartial({ chainId: "x", consensusParams: testConsensusParams(), validators }));
}

test("validators of modules are those of the chain: CometBFT's list is empty or the same, in any order", async () => {
  const stakers = namer("stakers", { 5: 3n, 6: 2n });
  const wanted = listed([
    [5, 3n],
    [6, 2n],
  ]);
  assert.deepEqual((await begin([stakers], [])).validators, wanted);
  assert.deepEqual((await begin([stakers], wanted.toReversed())).validators, wanted);
});

test("where no module names validators CometBFT's list counts", async () => {
  assert.deepEqual((await begin([namer("stakers", {})], listed([[7, 10n]]))).validators, []);
});

const others: readonly (readonly [what: string, list: ReturnType<typeof listed>, text: RegExp])[] = [
  ["another validator", listed([[7, 10n]]), /07 with power 10, who has power 0 there/],
  ["another power", listed([[5, 4n]]), /05 with power 4, who has power 3 there/],
  ["a validator less", listed([[5, 3n]]), /the 2 validators of app_state expected, got 1/],
];
for (const [what, list, text] of others) {
  test(`a genesis file that lists ${what} than its modules name is refused`, async () => {
    await assert.rejects(begin([namer("stakers", { 5: 3n, 6: 2n })], list), text);
  });
}

test("two modules that name validators are refused", async () => {
  await assert.rejects(
    begin([namer("stakers", { 5: 3n }), namer("others", { 6: 3n })], []),
    /app_state\.others: .*another module names some/,
  );
});

test("a chain that began with genesis transactions exports validators instead of them, and goes on from the export", async () => {
  const chain = await createTestChain({ staked: true, market: true });
  await chain.deliver();
  await chain.deliver();
  assert.deepEqual(
    [...chain.app.validators].map(([name, power]) => [name, power]),
    [[`ed25519/${"07".repeat(32)}`, 10n]],
  );
  assert.deepEqual(chain.app.brokenInvariants(), []);
  const exported = JSON.parse(JSON.stringify(chain.app.exportGenesis())) as Readonly<
    Record<string, { readonly gen_txs?: readonly unknown[] }>
  >;
  assert.deepEqual(exported["genutil"], { gen_txs: [] });
  // CometBFT's list of the harness names the same validator with the same power, as an exported genesis file does.
  const other = await createTestChain({ market: true, appState: exported, initialHeight: 3n });
  await other.deliver();
  assert.deepEqual([...other.app.validators], [...chain.app.validators]);
  assert.deepEqual(other.app.brokenInvariants(), []);
});
