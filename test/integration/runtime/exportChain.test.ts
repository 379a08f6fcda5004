import assert from "node:assert/strict";
import { test } from "node:test";
import { createHanzoApp, hanzoStores } from "../../../app/hanzo.ts";
import { toTimestamp } from "../../../app/runtime/time.ts";
import { createMemoryCommitStore } from "../../../app/store/commitStore.ts";
import { exportedGenesis } from "../../../cmd/hanzod/genesis/exportedGenesis.ts";
import { type GenesisDocument, initChainRequest } from "../../../cmd/hanzod/genesis/initChainRequest.ts";
import { toJson } from "../../../cmd/shared/output.ts";
import { MsgAddLiquidity, MsgMintCredit, MsgPlaceOrder, MsgSwap } from "../../../proto/gen/hanzo/hmm/v1/tx.ts";
import { Side } from "../../../proto/gen/hanzo/hmm/v1/types.ts";
import type { RequestFinalizeBlock } from "../../../proto/gen/tendermint/abci/types.ts";
import { message, type TestMessage } from "../../harness/signTx.ts";
import { createTestChain, type TestChain } from "../../harness/testChain.ts";
import { unorderedTx } from "../../harness/unorderedTx.ts";

const CREDIT = 10n ** 18n;

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
  assert.equal(toJson(exportedGenesis(await chain.app.exportChain(then))), before);
  assert.notEqual(toJson(exportedGenesis(await chain.app.exportChain())), before);
  await assert.rejects(chain.app.exportChain(then + 100n), /not kept|version/i);
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
