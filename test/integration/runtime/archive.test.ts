// With pruning = "nothing" every height is answered, over ABCI and over REST, also after a restart; otherwise heights that are gone say so.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createRestServer } from "../../../app/api/rest.ts";
import { descriptors } from "../../../app/descriptorImage.ts";
import { hanzoStores } from "../../../app/hanzo.ts";
import { hanzoServices } from "../../../app/hanzoServices.ts";
import { type DurableCommitStore, openCommitStore } from "../../../app/store/commitStore.ts";
import { keptVersions } from "../../../cmd/hanzod/app/openApp.ts";
import { DEFAULT_APP_CONFIG } from "../../../cmd/hanzod/config/appConfig.ts";
import type { AppConfig } from "../../../cmd/hanzod/config/settings.ts";
import { MsgSend } from "../../../proto/gen/cosmos/bank/v1beta1/tx.ts";
import { TEST_FACTS } from "../../harness/chainFacts.ts";
import { message } from "../../harness/signTx.ts";
import { createTestChain, type TestChain } from "../../harness/testChain.ts";

const BLOCKS = 24;

/** Opens a home again and again with a setting of `pruning`. */
async function withHome(pruning: AppConfig["pruning"], task: (open: () => Promise<DurableCommitStore>) => Promise<void>): Promise<void> {
  const path = await mkdtemp(join(tmpdir(), "hz-archive-"));
  const keepVersions = keptVersions({ ...DEFAULT_APP_CONFIG, pruning });
  try {
    await task(() => openCommitStore({ path, stores: hanzoStores, keepVersions, checkpointInterval: 5n }));
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

/** Sends 1aai in every block. @returns what the receiver had after each height */
async function fill(store: DurableCommitStore): Promise<{ readonly chain: TestChain; readonly owned: ReadonlyMap<number, string> }> {
  const chain = await createTestChain({ app: { store } });
  const [alice, bob] = chain.accounts;
  assert.ok(alice && bob);
  const owned = new Map<number, string>();
  for (let height = 1; height <= BLOCKS; height++) {
    const send = message(MsgSend, { fromAddress: alice.address, toAddress: bob.address, amount: [{ denom: "aai", amount: "1" }] });
    await chain.deliver(...(height === 1 ? [] : [await chain.sign([send], [alice])]));
    owned.set(height, String(await chain.balance(bob.address)));
  }
  return { chain, owned };
}

async function restBalance(chain: TestChain, height: number): Promise<{ readonly status: number; readonly body: string }> {
  const server = await createRestServer({
    descriptors: descriptors(),
    services: hanzoServices,
    query: (request) => chain.app.query(request),
    allowAnyOrigin: false,
    openApi: () => "{}",
    chain: TEST_FACTS,
  });
  try {
    const { statusCode: status, body } = await server.inject({
      url: `/cosmos/bank/v1beta1/balances/${chain.accounts[1]?.address}/by_denom?denom=aai`,
      headers: { "x-cosmos-block-height": String(height) },
    });
    return { status, body };
  } finally {
    await server.close();
  }
}

test("pruning = nothing answers every height after a restart, with proofs", async () => {
  await withHome("nothing", async (open) => {
    const first = await open();
    const { owned } = await fill(first);
    await first.settle();
    await first.close();
    const store = await open();
    const chain = await createTestChain({ app: { store } });
    for (const [height, amount] of owned) {
      const { status, body } = await restBalance(chain, height);
      assert.deepEqual([status, JSON.parse(body)], [200, { balance: { denom: "aai", amount } }], `height ${height}`);
    }
    const { code, proofOps } = await chain.query("/store/bank/key", Uint8Array.of(0), { height: 2n, prove: true });
    assert.deepEqual([code, proofOps?.ops.length], [0, 2]);
    await store.close();
  });
});

test("pruning = everything answers the last two heights, and says of others that they are gone", async () => {
  await withHome("everything", async (open) => {
    const store = await open();
    const { chain, owned } = await fill(store);
    for (const height of [BLOCKS - 1, BLOCKS])
      assert.equal(JSON.parse((await restBalance(chain, height)).body).balance.amount, owned.get(height));
    const { status, body } = await restBalance(chain, BLOCKS - 2);
    assert.notEqual(status, 200);
    assert.match(body, /version|height/);
    await store.settle();
    await store.close();
  });
});
