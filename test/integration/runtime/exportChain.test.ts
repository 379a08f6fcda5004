import assert from "node:assert/strict";
import { test } from "node:test";
import { createHanzoApp, hanzoStores } from "../../../app/hanzo.ts";
import { createAddressCodec, moduleAddress } from "../../../app/sdk/index.ts";
import { toTimestamp } from "../../../app/sdk/time.ts";
import { createMemoryCommitStore } from "../../../app/store/commitStore.ts";
import { exportedGenesis } from "../../../cmd/hanzod/genesis/exportedGenesis.ts";
import { type GenesisDocument, initChainRequest } from "../../../cmd/hanzod/genesis/initChainRequest.ts";
import { toJson } from "../../../cmd/shared/output.ts";
import {
  MsgAddLiquidity,
  MsgAllowRouter,
  MsgCommitCapacity,
  MsgCommitOrder,
  MsgMintCredit,
  MsgPlaceOrder,
  MsgSwap,
} from "../../../proto/gen/hanzo/hmm/v1/tx.ts";
import { Side } from "../../../proto/gen/hanzo/hmm/v1/types.ts";
import type { RequestFinalizeBlock } from "../../../proto/gen/tendermint/abci/types.ts";
import { message, type TestMessage } from "../../harness/signTx.ts";
import { createTestChain, type TestChain } from "../../harness/testChain.ts";
import { unorderedTx } from "../../harness/unorderedTx.ts";

const CREDIT = 10n ** 18n;
/** A deposit that sealed orders may have. */
const TIER = 1000n * CREDIT;

/** A chain with trades, liquidity, a waiting order, some history and a used unordered nonce. */
async function busyMarket(): Promise<TestChain> {
  const chain = await createTestChain({ market: true });
  const [alice, bob] = chain.accounts;
  assert.ok(alice && bob);
  await chain.deliver();
  const sent = async (who: typeof alice, ...messages: readonly TestMessage[]): Promise<void> => {
    const { txResults } = await chain.deliver(await chain.sign(messages, [who], { gas: 2_000_000n }));
    assert.equal(txResults[0]?.code, 0, txResults[0]?.log);
  };
  for (const who of [alice, bob]) {
    await sent(who, message(MsgMintCredit, { sender: who.address, amount: String(100n * CREDIT) }));
    await sent(who, message(MsgSwap, { sender: who.address, poolId: "gpu", creditIn: String(CREDIT), minOut: "1" }));
  }
  await sent(
    alice,
    message(MsgAddLiquidity, { sender: alice.address, poolId: "gpu", maxResource: "1000000000", maxCredit: String(10n * CREDIT) }),
    // A price far below the pool's: the order waits.
    message(MsgPlaceOrder, { sender: alice.address, poolId: "gpu", side: Side.SIDE_BUY, resource: "1000000000", limitE18: "1000000000" }),
  );
  // Capacity that is sold at once and must be bought back when the commitment expires, and an allowance that ends.
  await sent(
    bob,
    message(MsgCommitCapacity, {
      sender: bob.address,
      poolId: "gpu",
      resource: "1000000000",
      bond: String(10n * CREDIT),
      blocks: 5n,
      askE18: "1",
    }),
    message(MsgAllowRouter, { sender: bob.address, router: alice.address, credit: "5", expiresHeight: chain.app.height + 5n }),
  );
  await chain.deliver(await unorderedTx(chain, [bob], timeNs(chain) + 300n * 10n ** 9n));
  await chain.deliver();
  return chain;
}

function timeNs(chain: TestChain): bigint {
  const { seconds, nanos } = chain.nextBlock().time ?? { seconds: 0n, nanos: 0 };
  return seconds * 10n ** 9n + BigInt(nanos);
}

async function importInto(document: string): Promise<TestChain["app"]> {
  const genesis = JSON.parse(document) as GenesisDocument;
  const store = createMemoryCommitStore({ stores: hanzoStores, initialVersion: BigInt(genesis.initial_height) });
  const app = await createHanzoApp({ store, minGasPrices: "" });
  app.initChain(initChainRequest(genesis));
  return app;
}

async function commit(app: TestChain["app"], block: RequestFinalizeBlock): Promise<Uint8Array> {
  const { appHash } = await app.finalizeBlock(block);
  await app.commit();
  return appHash;
}

test("a chain that begins from an export goes on exactly as the exported one does, wherever it is imported", async () => {
  const chain = await busyMarket();
  const document = toJson(exportedGenesis(await chain.app.exportChain()));
  const [one, other] = [await importInto(document), await importInto(document)];
  const block = chain.nextBlock();
  assert.deepEqual(await commit(one, block), await commit(other, block));
  await commit(chain.app, block);
  assert.equal(toJson(exportedGenesis(await one.exportChain())), toJson(exportedGenesis(await chain.app.exportChain())));
  assert.deepEqual(one.brokenInvariants(), []);
  const next = { ...chain.nextBlock(), time: toTimestamp(timeNs(chain) + 5n) };
  assert.deepEqual(await commit(one, next), await commit(other, next));
});

test("an export of a past height is what an export at that height was", async () => {
  const chain = await busyMarket();
  const then = chain.app.height;
  const before = toJson(exportedGenesis(await chain.app.exportChain()));
  await chain.deliver();
  await chain.deliver();
  assert.equal(toJson(exportedGenesis(await chain.app.exportChain({ height: then }))), before);
  assert.notEqual(toJson(exportedGenesis(await chain.app.exportChain())), before);
  await assert.rejects(chain.app.exportChain({ height: then + 100n }), /not kept|version/i);
});

interface Balance {
  readonly address: string;
  readonly coins: readonly { readonly denom: string; readonly amount: string }[];
}

/** What fees and new coins pass through. */
const SHARED = ["fee_collector", "distribution"].map((name) => createAddressCodec("hanzo").format(moduleAddress(name)));

/**
 * The state of a chain with every height counted from its last block; rounds of sealed orders have a beat of their own. The first block of a chain
 * shares nothing out, so what waits at the fee collector and what the community has are one sum.
 */
async function restarted(app: TestChain["app"]): Promise<unknown> {
  const { appState } = await app.exportChain({ forZeroHeight: true });
  const { balances, ...bank } = appState["bank"] as { readonly balances: readonly Balance[] };
  const shared = balances.filter(({ address }) => SHARED.includes(address)).flatMap(({ coins }) => coins);
  return {
    ...appState,
    hmm: { ...(appState["hmm"] as object), round: undefined },
    bank: { ...bank, balances: balances.filter(({ address }) => !SHARED.includes(address)) },
    distribution: shared.reduce((sum, { amount }) => sum + BigInt(amount), 0n),
  };
}

test("a chain that begins at height 1 from an export does so many blocks later what the exported one does", async () => {
  const chain = await busyMarket();
  const [alice, bob] = chain.accounts;
  assert.ok(alice && bob);
  const last = chain.app.height;
  const plain = (await chain.app.exportChain()).appState;
  const exported = await chain.app.exportChain({ forZeroHeight: true });
  assert.deepEqual(exported.appState["bank"], plain["bank"], "balances and supply stay");
  assert.deepEqual(exported.appState["auth"], plain["auth"], "accounts and sequences stay");
  assert.deepEqual((await chain.app.exportChain()).appState, plain, "the exported chain itself stays as it was");
  type Heights = {
    readonly positions: readonly { readonly unlock_height: string }[];
    readonly router_allowances: readonly { readonly expires_height: string }[];
  };
  const [before, after] = [plain["hmm"] as Heights, exported.appState["hmm"] as Heights];
  const blocksLeft = (height: string): string => String(BigInt(height) > last ? BigInt(height) - last : 0n);
  const unlocks = ({ positions }: Heights): string[] => positions.map(({ unlock_height }) => unlock_height);
  const ends = ({ router_allowances: all }: Heights): string[] => all.map(({ expires_height }) => expires_height);
  assert.ok(unlocks(after).some((height) => height !== "0") && ends(after).length === 1);
  assert.deepEqual([unlocks(after), ends(after)], [unlocks(before).map(blocksLeft), ends(before).map(blocksLeft)]);
  const document = exportedGenesis(exported) as { initial_height: string };
  assert.equal(document.initial_height, "1");
  const app = await importInto(toJson(document));

  // An order that waits, locked liquidity and a trade: both chains get the same transactions in as many blocks.
  const swap = message(MsgSwap, { sender: bob.address, poolId: "gpu", creditIn: String(CREDIT), minOut: "1" });
  const place = message(MsgPlaceOrder, {
    sender: bob.address,
    poolId: "gpu",
    side: Side.SIDE_BUY,
    resource: "7",
    limitE18: "1000",
    blocks: 3n,
  });
  const blocks = [[await chain.sign([swap, place], [bob], { gas: 2_000_000n })], [], [], [], []];
  for (const [index, txs] of blocks.entries()) {
    const block = chain.nextBlock(...txs);
    const [here, there] = [await chain.deliver(...txs), await app.finalizeBlock({ ...block, height: BigInt(index + 1) })];
    await app.commit();
    assert.deepEqual(
      there.txResults.map(({ code }) => code),
      here.txResults.map(({ code }) => code),
    );
    assert.deepEqual(app.brokenInvariants(), []);
    assert.deepEqual(await restarted(app), await restarted(chain.app), `${index + 1} blocks later`);
  }
  assert.equal(chain.app.height, last + 5n);
});

test("a height that has come while something waits for it is the first one of the chain that begins at height 1", async () => {
  const chain = await busyMarket();
  type Hmm = { readonly pools: { readonly id: string; status: string; resume_height: string }[] };
  const document = JSON.parse(toJson(exportedGenesis(await chain.app.exportChain()))) as { app_state: { hmm: Hmm } };
  const [first, second] = document.app_state.hmm.pools;
  assert.ok(first && second);
  Object.assign(first, { status: "POOL_STATUS_PAUSED", resume_height: String(chain.app.height + 4n) });
  Object.assign(second, { status: "POOL_STATUS_PAUSED", resume_height: "0" });
  const app = await importInto(JSON.stringify(document));
  await commit(app, chain.nextBlock());
  const heights = async (): Promise<readonly unknown[]> =>
    ((await app.exportChain({ forZeroHeight: true })).appState["hmm"] as Hmm).pools
      .slice(0, 2)
      .map(({ status, resume_height }) => [status, resume_height]);
  const paused = "POOL_STATUS_PAUSED";
  assert.deepEqual(await heights(), [
    [paused, "3"],
    [paused, "0"],
  ]);
});

test("sealed orders go back to their senders when a chain is to begin at height 1, and their round does not come again", async () => {
  const chain = await busyMarket();
  const [alice] = chain.accounts;
  assert.ok(alice);
  const commit = message(MsgCommitOrder, { sender: alice.address, poolId: "gpu", hash: new Uint8Array(32).fill(1), deposit: String(TIER) });
  type Hmm = {
    readonly round: { readonly id: string; readonly start_height: string; readonly sealed: number };
    readonly sealed_orders: unknown[];
  };
  type Bank = { readonly balances: readonly { readonly address: string; readonly coins: readonly { denom: string; amount: string }[] }[] };
  const creditOf = (state: Readonly<Record<string, unknown>>): bigint => {
    const own = (state["bank"] as Bank).balances.find(({ address }) => address === alice.address);
    return BigInt(own?.coins.find(({ denom }) => denom === "credit")?.amount ?? 0);
  };
  await chain.deliver(
    await chain.sign([message(MsgMintCredit, { sender: alice.address, amount: String(TIER) })], [alice], { gas: 2_000_000n }),
  );
  // Whatever phase the chain is in: the next commit phase begins within one round.
  for (let tries = 0; ; tries++) {
    const { txResults } = await chain.deliver(await chain.sign([commit], [alice], { gas: 2_000_000n }));
    if (txResults[0]?.code === 0) break;
    assert.ok(tries < 20, txResults[0]?.log);
  }
  const plain = (await chain.app.exportChain()).appState;
  const zero = (await chain.app.exportChain({ forZeroHeight: true })).appState;
  const [before, after] = [plain["hmm"] as Hmm, zero["hmm"] as Hmm];
  assert.deepEqual([before.sealed_orders.length, after.sealed_orders.length, after.round.sealed], [1, 0, 0]);
  assert.deepEqual([BigInt(after.round.id), after.round.start_height], [BigInt(before.round.id) + 1n, "1"]);
  assert.equal(creditOf(zero) - creditOf(plain), TIER);
});

test("an unordered transaction that was executed before the export is refused after it", async () => {
  const chain = await createTestChain();
  const [alice] = chain.accounts;
  assert.ok(alice);
  await chain.deliver();
  const tx = await unorderedTx(chain, [alice], timeNs(chain) + 300n * 10n ** 9n);
  assert.equal((await chain.deliver(tx)).txResults[0]?.code, 0);
  const exported = exportedGenesis(await chain.app.exportChain()) as { app_state: { runtime?: { unordered_nonces: unknown[] } } };
  assert.equal(exported.app_state.runtime?.unordered_nonces.length, 1);
  const again = await importInto(toJson(exported));
  const { txResults } = await again.finalizeBlock(chain.nextBlock(tx));
  assert.deepEqual([txResults[0]?.code, txResults[0]?.codespace], [18, "sdk"], txResults[0]?.log);
  const { runtime: _, ...without } = exported.app_state;
  const forgetful = await importInto(toJson({ ...exported, app_state: without }));
  assert.equal((await forgetful.finalizeBlock(chain.nextBlock(tx))).txResults[0]?.code, 0, "the nonce alone keeps it out");
});

test("nonces that are none are refused by name", async () => {
  const good = exportedGenesis(await (await busyMarket()).app.exportChain()) as { app_state: Record<string, unknown> };
  const cases: readonly (readonly [unknown, RegExp])[] = [
    [[], /app_state\.runtime: an object expected/],
    [{ colour: 1 }, /colour: no such field/],
    [{ unordered_nonces: {} }, /a list of \[address, timeout\] expected/],
    [{ unordered_nonces: [["x"]] }, /unordered_nonces\[0\]/],
    [{ unordered_nonces: [["hanzo1nobody", "5"]] }, /invalid/],
  ];
  for (const [runtime, expected] of cases)
    await assert.rejects(importInto(toJson({ ...good, app_state: { ...good.app_state, runtime } })), expected);
});
