import assert from "node:assert/strict";
import { test } from "node:test";
import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "../../../app/encoding/bytes.ts";
import { hanzoStores } from "../../../app/hanzo.ts";
import { storeNames } from "../../../app/runtime/app.ts";
import type { ValidatorUpdate } from "../../../app/sdk/index.ts";
import { type CommitStore, createMemoryCommitStore } from "../../../app/store/commitStore.ts";
import { auth } from "../../../modules/auth/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import { consensus } from "../../../modules/consensus/index.ts";
import { MsgSend } from "../../../proto/gen/cosmos/bank/v1beta1/tx.ts";
import { GetTxRequest, GetTxResponse } from "../../../proto/gen/cosmos/tx/v1beta1/service.ts";
import { QueryVaultResponse } from "../../../proto/gen/hanzo/hmm/v1/query.ts";
import { ResponseFinalizeBlock } from "../../../proto/gen/tendermint/abci/types.ts";
import { type ProbeBehaviour, probeModule } from "../../harness/probeModule.ts";
import { message, signTx } from "../../harness/signTx.ts";
import { createTestChain, type TestChain } from "../../harness/testChain.ts";

const probeChain = (behaviour: ProbeBehaviour, options: Parameters<typeof createTestChain>[0] = {}): Promise<TestChain> =>
  createTestChain({ ...options, app: { modules: [consensus, auth, bank, probeModule(behaviour)], ...options.app } });

async function transfer(chain: TestChain, from = 0, to = 1, amount = "5"): Promise<Uint8Array> {
  const [a, b] = [chain.accounts[from], chain.accounts[to]];
  assert.ok(a && b);
  return chain.sign([message(MsgSend, { fromAddress: a.address, toAddress: b.address, amount: [{ denom: "aai", amount }] })], [a]);
}

test("events of block hooks come in module order and carry their mode last", async () => {
  const chain = await probeChain({});
  const { events } = await chain.deliver();
  const named = events
    .filter(({ type }) => type.startsWith("probe"))
    .map(({ type, attributes }) => [type, attributes.map(({ key, value, index }) => [key, value, index])]);
  assert.deepEqual(named, [
    [
      "probe_begin",
      [
        ["height", "1", true],
        ["mode", "BeginBlock", true],
      ],
    ],
    [
      "probe_end",
      [
        ["height", "1", true],
        ["mode", "EndBlock", true],
      ],
    ],
  ]);
});

test("a block that is executed again before its commit starts over, the first one on genesis", async () => {
  const chain = await createTestChain();
  const [a] = chain.accounts;
  assert.ok(a);
  for (let block = 0; block < 3; block++) {
    const signers = [{ account: a, accountNumber: 0n, sequence: BigInt(block) }];
    const request = chain.nextBlock(
      await signTx([message(MsgSend, { fromAddress: a.address, toAddress: a.address, amount: [{ denom: "aai", amount: "5" }] })], {
        chainId: chain.chainId,
        signers,
      }),
    );
    const first = ResponseFinalizeBlock.encode(await chain.app.finalizeBlock(request)).finish();
    await chain.app.finalizeBlock(chain.nextBlock(Uint8Array.of(1)));
    assert.equal((await chain.app.finalizeBlock(request)).txResults[0]?.code, 0);
    const again = ResponseFinalizeBlock.encode(await chain.app.finalizeBlock(request)).finish();
    assert.deepEqual(again, first);
    await chain.app.commit();
  }
  assert.equal(chain.app.height, 3n);
});

test("a commit that was prepared keeps what one does that was not, also of a block that is executed again in between", async () => {
  const stores = [0, 1].map(() => createMemoryCommitStore({ stores: hanzoStores }));
  const chains = await Promise.all(stores.map((store) => createTestChain({ app: { store } })));
  for (const chain of chains) await chain.deliver();
  for (let block = 0; block < 3; block++) {
    for (const [prepared, chain] of chains.entries()) {
      const tx = await transfer(chain);
      if (prepared === 1) {
        await chain.app.finalizeBlock(chain.nextBlock(tx, tx));
        chain.app.prepareCommit?.();
      }
      await chain.app.finalizeBlock(chain.nextBlock(tx, Uint8Array.of(1)));
      if (prepared === 1) for (const _ of [1, 2]) chain.app.prepareCommit?.();
      await chain.app.commit();
    }
  }
  const rowsOf = async (store: CommitStore): Promise<string[][]> => {
    const rows: string[][] = [];
    for await (const row of store.rows({})) rows.push(row.map(toHex));
    return rows;
  };
  const [plain, prepared] = await Promise.all(stores.map(async (store) => ({ rows: await rowsOf(store), hash: toHex(store.appHash) })));
  assert.deepEqual(prepared, plain);
  assert.equal(stores[1]?.version, 4n);
});

test("what Commit writes is made ready before it, once", async () => {
  const store = createMemoryCommitStore({ stores: hanzoStores });
  const { prepare } = store;
  let prepared = 0;
  store.prepare = (...written) => {
    prepared++;
    return prepare.apply(store, written);
  };
  const chain = await createTestChain({ app: { store } });
  await chain.app.finalizeBlock(chain.nextBlock());
  for (const _ of [1, 2]) chain.app.prepareCommit?.();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([prepared, store.version], [1, 0n]);
  await chain.app.commit();
  assert.deepEqual([prepared, store.version], [1, 1n]);
});

test("what fails while a commit is prepared comes out of it", async () => {
  const store = createMemoryCommitStore({ stores: hanzoStores });
  const chain = await createTestChain({ app: { store } });
  await chain.app.finalizeBlock(chain.nextBlock());
  await store.close();
  chain.app.prepareCommit?.();
  // Nobody waits for it yet.
  await new Promise((resolve) => setImmediate(resolve));
  await assert.rejects(chain.app.commit(), { codespace: "store", code: 17 });
});

test("genesis and the first block are one change set: InitChain alone leaves nothing, and may be called again", async () => {
  const store = createMemoryCommitStore({ stores: storeNames([consensus, auth, bank]) });
  const modules = [consensus, auth, bank];
  const interrupted = await createTestChain({ app: { store, modules } });
  assert.equal(interrupted.app.info({} as never).lastBlockHeight, 0n);
  const chain = await createTestChain({ app: { store, modules } });
  const { appHash } = await chain.deliver();
  const fresh = await createTestChain({ app: { modules } });
  assert.deepEqual((await fresh.deliver()).appHash, appHash);
  const { lastBlockHeight, lastBlockAppHash } = chain.app.info({} as never);
  assert.equal(lastBlockHeight, 1n);
  assert.deepEqual(lastBlockAppHash, appHash);
});

test("a committed block is answered from the log byte for byte, and its commit writes nothing", async () => {
  const chain = await createTestChain();
  await chain.deliver();
  const tx = await transfer(chain);
  const request = chain.nextBlock(tx);
  const response = await chain.app.finalizeBlock(request);
  await chain.app.commit();
  const replayed = await chain.app.finalizeBlock(request);
  assert.deepEqual(ResponseFinalizeBlock.encode(replayed).finish(), ResponseFinalizeBlock.encode(response).finish());
  await chain.app.commit();
  assert.equal(chain.app.height, 2n);
});

test("a block of another height than the next, and a commit without a block, stop the node", async () => {
  const chain = await createTestChain();
  await chain.deliver();
  assert.throws(() => chain.app.finalizeBlock({ ...chain.nextBlock(), height: 3n }), { code: 26 });
  await assert.rejects(chain.app.commit(), /an executed block/);
});

test("errors in block hooks are not swallowed", async () => {
  for (const behaviour of [
    {
      onBegin: () => {
        throw new TypeError("begin");
      },
    },
    {
      onEnd: () => {
        throw new TypeError("end");
      },
    },
  ]) {
    const chain = await probeChain(behaviour);
    assert.throws(() => chain.app.finalizeBlock(chain.nextBlock()), TypeError);
  }
});

test("a node that starts again goes on with the same state, chain id and hashes", async () => {
  const modules = [consensus, auth, bank, probeModule()];
  const store = createMemoryCommitStore({ stores: storeNames(modules) });
  const chain = await createTestChain({ app: { store, modules } });
  const twin = await createTestChain({ app: { modules } });
  for (let block = 0; block < 3; block++) {
    const tx = block === 0 ? [] : [await transfer(chain)];
    assert.deepEqual((await chain.deliver(...tx)).appHash, (await twin.deliver(...tx)).appHash);
  }
  const restarted = await createTestChain({ app: { store, modules } });
  assert.equal(restarted.app.chainId, chain.chainId);
  assert.equal(restarted.app.height, 3n);
  const tx = await transfer(twin);
  assert.equal(restarted.check(tx).code, 0);
  assert.deepEqual((await restarted.deliver(tx)).appHash, (await twin.deliver(tx)).appHash);
});

test("queries read the height and time they ask for", async () => {
  const chain = await probeChain({ onEnd: () => undefined });
  for (let block = 0; block < 3; block++) await chain.deliver();
  const seen = async (height: bigint) =>
    QueryVaultResponse.decode((await chain.query("/hanzo.hmm.v1.Query/Vault", undefined, { height })).value).creditDenom;
  assert.equal(await seen(0n), "3/1790000002000000000");
  assert.equal(await seen(2n), "2/1790000001000000000");
  assert.equal(await seen(1n), "1/1790000000000000000");
});

test("validator updates are checked, returned and remembered over a restart", async () => {
  const wanted: ValidatorUpdate[] = [];
  const behaviour: ProbeBehaviour = { onEnd: () => wanted.splice(0) };
  const modules = [consensus, auth, bank, probeModule(behaviour)];
  const store = createMemoryCommitStore({ stores: storeNames(modules) });
  const chain = await createTestChain({ app: { store, modules } });
  await chain.deliver();
  const key = new Uint8Array(32).fill(9);
  wanted.push({ keyType: "ed25519", publicKey: key, power: 4n });
  assert.deepEqual((await chain.deliver()).validatorUpdates, [{ pubKey: { ed25519: key }, power: 4n }]);
  wanted.push({ keyType: "ed25519", publicKey: key, power: 4n });
  assert.deepEqual((await chain.deliver()).validatorUpdates, []);
  const restarted = await createTestChain({ app: { store, modules } });
  wanted.push({ keyType: "ed25519", publicKey: key, power: 0n }, { keyType: "ed25519", publicKey: new Uint8Array(32).fill(7), power: 0n });
  assert.throws(() => restarted.app.finalizeBlock(restarted.nextBlock()), /at least one validator/);
});

test("transactions are found by hash as soon as their block is committed, failed ones too, and a repeat does not hide a success", async () => {
  const chain = await createTestChain();
  await chain.deliver();
  const good = await transfer(chain);
  const bad = await transfer(chain, 2, 1, "9".repeat(40));
  await chain.deliver(good, bad);
  const find = async (tx: Uint8Array) => {
    const { value, code } = await chain.query(
      "/cosmos.tx.v1beta1.Service/GetTx",
      GetTxRequest.encode({ hash: Buffer.from(sha256(tx)).toString("hex") }).finish(),
    );
    return code === 0 ? GetTxResponse.decode(value).txResponse : undefined;
  };
  assert.equal((await find(good))?.code, 0);
  assert.equal((await find(good))?.height, 2n);
  assert.equal((await find(good))?.timestamp, "2026-09-21T14:13:21Z");
  assert.equal((await find(bad))?.code, 5);
  const { txResults } = await chain.deliver(good);
  assert.equal(txResults[0]?.code, 32);
  assert.deepEqual([(await find(good))?.code, (await find(good))?.height], [0, 2n]);
  assert.equal(await find(Uint8Array.of(1)), undefined);
});

test("old blocks are released to CometBFT only as far as configured", async () => {
  const chain = await createTestChain({ app: { retainBlocks: 2n } });
  const retained: bigint[] = [];
  for (let block = 0; block < 4; block++) {
    await chain.app.finalizeBlock(chain.nextBlock());
    retained.push((await chain.app.commit()).retainHeight);
  }
  assert.deepEqual(retained, [0n, 0n, 2n, 3n]);
});

test("the gas of a block is limited: what does not fit fails and pays, what comes behind is not run", async () => {
  const chain = await createTestChain({ maxGas: 190_000n });
  await chain.deliver();
  const one = (from: number) => transfer(chain, from, (from + 1) % 4);
  const sign = async (from: number) => {
    const account = chain.accounts[from];
    assert.ok(account);
    return chain.sign(
      [message(MsgSend, { fromAddress: account.address, toAddress: account.address, amount: [{ denom: "aai", amount: "1" }] })],
      [account],
      { gas: 190_000n },
    );
  };
  assert.equal(chain.check(await one(0)).code, 41);
  const txs = [await sign(0), await sign(1), await sign(2), await sign(3)];
  assert.equal(chain.app.prepareProposal({ txs, maxTxBytes: 100_000n } as never).txs.length, 1);
  assert.equal(chain.app.processProposal({ txs } as never).status, 2);
  const many = await chain.deliver(...txs);
  const codes = many.txResults.map(({ code }) => code);
  assert.deepEqual(codes.slice(0, 3), [0, 0, 0]);
  assert.equal(codes[3], 11);
  assert.equal(
    many.txResults[3]?.log,
    `out of gas in location: block gas meter; gasWanted: 190000, gasUsed: ${many.txResults[3]?.gasUsed}: out of gas`,
  );
  const paid = chain.accounts[3];
  assert.ok(paid);
  assert.equal((await chain.signer(paid)).sequence, 1n);
});

test("broken invariants stop the chain at the interval, and can be asked for at any time", async () => {
  let broken: string | undefined;
  const chain = await probeChain({ broken: () => broken }, { app: { invariantInterval: 2n } });
  await chain.deliver();
  broken = "one coin too many";
  assert.deepEqual(chain.app.brokenInvariants(), [{ name: "probe/holds", detail: "one coin too many" }]);
  assert.throws(() => chain.app.finalizeBlock(chain.nextBlock()), /probe\/holds: one coin too many/);
});

test("a newer module migrates its state in the first block, once; an older one refuses to start a block", async () => {
  let migrated = 0;
  const onMigrate = (): void => {
    migrated += 1;
  };
  const modulesOf = (version: number) => [consensus, auth, bank, probeModule({ version, onMigrate })];
  const store = createMemoryCommitStore({ stores: storeNames(modulesOf(1)) });
  await (await createTestChain({ app: { store, modules: modulesOf(1) } })).deliver();
  const upgraded = await createTestChain({ app: { store, modules: modulesOf(2) } });
  await upgraded.deliver();
  await upgraded.deliver();
  assert.equal(migrated, 1);
  const old = await createTestChain({ app: { store, modules: modulesOf(1) } });
  assert.throws(() => old.app.finalizeBlock(old.nextBlock()), { code: 27 });
  const without = await createTestChain({ app: { store, modules: [consensus, auth, bank] } });
  assert.throws(() => without.app.finalizeBlock(without.nextBlock()), { code: 27 });
});
