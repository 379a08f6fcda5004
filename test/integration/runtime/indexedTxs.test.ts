// What a chain remembers of its transactions: in rows that they share, in rows of former times, and in both on one chain.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sha256 } from "#sha256";
import { hanzoStores } from "../../../app/hanzo.ts";
import { txsKey } from "../../../app/runtime/txIndex.ts";
import { type CommitStore, createMemoryCommitStore } from "../../../app/store/commitStore.ts";
import { MsgSend } from "../../../proto/gen/cosmos/bank/v1beta1/tx.ts";
import { GetTxRequest, GetTxResponse, GetTxsEventRequest, GetTxsEventResponse } from "../../../proto/gen/cosmos/tx/v1beta1/service.ts";
import { type RequestFinalizeBlock, ResponseFinalizeBlock } from "../../../proto/gen/tendermint/abci/types.ts";
import { formerIndex } from "../../harness/formerIndex.ts";
import { message } from "../../harness/signTx.ts";
import { createTestChain, type TestChain } from "../../harness/testChain.ts";

interface Made {
  readonly request: RequestFinalizeBlock;
  readonly response: Uint8Array;
}

const hashText = (tx: Uint8Array): string => Buffer.from(sha256(tx)).toString("hex").toUpperCase();

async function transfer(chain: TestChain, from: number): Promise<Uint8Array> {
  const [account, to] = [chain.accounts[from], chain.accounts[0]];
  assert.ok(account && to);
  const value = { fromAddress: account.address, toAddress: to.address, amount: [{ denom: "aai", amount: "1" }] };
  return chain.sign([message(MsgSend, value)], [account]);
}

/** More than share one row, most of them no transactions at all. */
async function mixedTxs(chain: TestChain, seed: number): Promise<readonly Uint8Array[]> {
  const junk = Array.from({ length: 19 }, (_, i) => Uint8Array.of(seed, i));
  return [await transfer(chain, 0), new Uint8Array(0), ...junk, await transfer(chain, 1)];
}

async function make(chain: TestChain, ...txs: readonly Uint8Array[]): Promise<Made> {
  const request = chain.nextBlock(...txs);
  const response = ResponseFinalizeBlock.encode(await chain.app.finalizeBlock(request)).finish();
  await chain.app.commit();
  return { request, response };
}

async function getTx(chain: TestChain, tx: Uint8Array): Promise<GetTxResponse["txResponse"]> {
  const { code, log, value } = await chain.query("/cosmos.tx.v1beta1.Service/GetTx", GetTxRequest.encode({ hash: hashText(tx) }).finish());
  assert.equal(code, 0, log);
  return GetTxResponse.decode(value).txResponse;
}

async function search(chain: TestChain, query: string): Promise<readonly string[]> {
  const request = GetTxsEventRequest.fromPartial({ query, limit: 100n });
  const { code, log, value } = await chain.query("/cosmos.tx.v1beta1.Service/GetTxsEvent", GetTxsEventRequest.encode(request).finish());
  assert.equal(code, 0, log);
  return GetTxsEventResponse.decode(value).txResponses.map(({ height, txhash }) => `${height}:${txhash}`);
}

async function requireReplayed(chain: TestChain, made: readonly Made[]): Promise<void> {
  for (const { request, response } of made) {
    const again = ResponseFinalizeBlock.encode(await chain.app.finalizeBlock(request)).finish();
    assert.deepEqual(Buffer.from(again), Buffer.from(response), `height ${request.height}`);
    await chain.app.commit();
  }
}

const EMPTY = new Uint8Array(0);

for (const [name, formerBlocks] of Object.entries({ "rows that they share": 0, "rows of former times, then shared ones": 3 }))
  test(`transactions in ${name} are found by hash, place and event, and their blocks are answered again as they were`, async () => {
    const former = { now: formerBlocks > 0 };
    const chain = await createTestChain({ app: { store: formerIndex(createMemoryCommitStore({ stores: hanzoStores }), former) } });
    const made: Made[] = [await make(chain)];
    const blocks: (readonly Uint8Array[])[] = [];
    for (let height = 2; height <= 5; height++) {
      former.now = height <= formerBlocks;
      const again = blocks.flatMap((txs) => txs.slice(0, 1));
      blocks.push([...(await mixedTxs(chain, height)), ...again]);
      made.push(await make(chain, ...(blocks.at(-1) ?? [])));
    }
    // The empty transaction stands where it failed last, transfers where they succeeded, although they came again.
    const expected = blocks.map((txs, i) => txs.slice(0, 22).filter((tx) => tx.length > 0 || i === 3));
    for (const [i, txs] of expected.entries()) {
      const height = BigInt(i + 2);
      const shown = txs.map((tx) => `${height}:${hashText(tx)}`);
      assert.deepEqual(await search(chain, `tx.height=${height}`), shown);
      for (const tx of txs) assert.equal((await getTx(chain, tx))?.height, height);
      const [first = EMPTY, last = EMPTY] = [txs[0], txs.at(-1)];
      assert.deepEqual([(await getTx(chain, first))?.code, (await getTx(chain, last))?.code], [0, 0]);
      const sender = chain.accounts[1]?.address;
      assert.deepEqual(await search(chain, `message.sender='${sender}' AND tx.height=${height}`), shown.slice(-1));
    }
    assert.equal((await search(chain, "tx.height>=1")).length, expected.flat().length);
    await requireReplayed(chain, made);
  });

for (const formerBlocks of [0, 4])
  test(`forgotten transactions leave nothing behind, and their blocks are answered again: ${formerBlocks} of former times`, async () => {
    const former = { now: true };
    const store = formerIndex(createMemoryCommitStore({ stores: hanzoStores }), former);
    const chain = await createTestChain({ app: { store, txIndex: { events: true, names: new Set(), keepRecent: 2n } } });
    const made: Made[] = [await make(chain)];
    for (let height = 2; height <= 8; height++) {
      former.now = height <= formerBlocks;
      made.push(await make(chain, ...(height > 7 ? [] : await mixedTxs(chain, height))));
      // It fails in every block: what is forgotten of the ones before is not its last result.
      assert.equal((await getTx(chain, EMPTY))?.height, BigInt(Math.min(height, 7)), `height ${height}`);
    }
    made.push(await make(chain));
    const left: string[] = [];
    for await (const [key] of store.rows({})) left.push(Buffer.from(key).toString("latin1").split("/")[0] ?? "");
    assert.deepEqual(new Set(left), new Set(["block", "hashes"]));
    await requireReplayed(chain, made);
  });

test("a block whose results are no longer there is not answered with others", async () => {
  const store = createMemoryCommitStore({ stores: hanzoStores });
  const chain = await createTestChain({ app: { store } });
  await make(chain);
  const { request } = await make(chain, ...(await mixedTxs(chain, 1)));
  store.apply(3n, new Map());
  await store.commit([[txsKey(2n, 16), undefined]]);
  await assert.rejects(async () => chain.app.finalizeBlock(request), { codespace: "sdk", code: 26 });
});

test("a damaged row that transactions share stops neither their block's pruning nor a commit, and is named", async () => {
  const damage = { now: false };
  const memory = createMemoryCommitStore({ stores: hanzoStores });
  const spoilt = (key: Uint8Array, row: Uint8Array): Uint8Array =>
    damage.now && Buffer.from(key).toString("latin1").startsWith("txs/") ? row.map((byte, at) => (at === 40 ? byte ^ 1 : byte)) : row;
  const store = new Proxy(memory, {
    get(target, name) {
      if (name === "row")
        return async (key: Uint8Array) => {
          const row = await target.row(key);
          return row && spoilt(key, row);
        };
      if (name === "rows")
        return async function* (range: Parameters<CommitStore["rows"]>[0]) {
          for await (const [key, row] of target.rows(range)) yield [key, spoilt(key, row)];
        };
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const chain = await createTestChain({ app: { store, txIndex: { events: true, names: new Set(), keepRecent: 3n } } });
  await make(chain);
  const tx = await transfer(chain, 0);
  await make(chain, tx);
  damage.now = true;
  const found = await chain.query(
    "/cosmos.tx.v1beta1.Service/GetTxsEvent",
    GetTxsEventRequest.encode(GetTxsEventRequest.fromPartial({ query: "tx.height=2" })).finish(),
  );
  assert.deepEqual([found.codespace, found.code], ["store", 13], found.log);
  assert.match(found.log, /idx\/txs\/2\/0: expected crc32c/);
  await make(chain, tx);
  for (let block = 0; block < 4; block++) await make(chain);
  const left: string[] = [];
  for await (const [key] of memory.rows({})) left.push(Buffer.from(key).toString("latin1").split("/")[0] ?? "");
  assert.ok(!left.includes("txs"), left.join(" "));
});
