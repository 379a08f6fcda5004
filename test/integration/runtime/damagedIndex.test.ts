// Damaged rows of the transaction index: a commit never depends on them, a query says that they are damaged.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sha256 } from "#sha256";
import { hanzoStores } from "../../../app/hanzo.ts";
import { findBlockTime } from "../../../app/runtime/txIndex.ts";
import { type CommitStore, createMemoryCommitStore } from "../../../app/store/commitStore.ts";
import { MsgSend } from "../../../proto/gen/cosmos/bank/v1beta1/tx.ts";
import { GetTxRequest } from "../../../proto/gen/cosmos/tx/v1beta1/service.ts";
import { message } from "../../harness/signTx.ts";
import { createTestChain, type TestChain } from "../../harness/testChain.ts";

type Damage = (bytes: Uint8Array) => Uint8Array;

const damages: Readonly<Record<string, Damage>> = {
  "cut off": (bytes) => bytes.subarray(0, 3),
  "a bit of the transaction": (bytes) => bytes.map((byte, at) => (at === 20 ? byte ^ 4 : byte)),
  zeros: (bytes) => bytes.map(() => 0),
};

/** A store whose index rows are read damaged once `damage.now` is set. */
function damagedStore(damage: { now?: Damage }): CommitStore {
  const store = createMemoryCommitStore({ stores: hanzoStores });
  const row: CommitStore["row"] = async (key) => {
    const bytes = await store.row(key);
    return bytes === undefined || damage.now === undefined ? bytes : damage.now(bytes);
  };
  return new Proxy(store, {
    get(target, name) {
      if (name === "row") return row;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

async function transfer(chain: TestChain): Promise<Uint8Array> {
  const [from, to] = chain.accounts;
  assert.ok(from && to);
  const value = { fromAddress: from.address, toAddress: to.address, amount: [{ denom: "aai", amount: "1" }] };
  return chain.sign([message(MsgSend, value)], [from]);
}

for (const [name, damaged] of Object.entries(damages))
  test(`rows that are damaged (${name}) stop no commit, neither when their transaction comes again nor when they are forgotten`, async () => {
    const damage: { now?: Damage } = {};
    const store = damagedStore(damage);
    const txIndex = { events: true, names: new Set<string>(), keepRecent: 3n };
    const chain = await createTestChain({ app: { store, txIndex } });
    await chain.deliver();
    const tx = await transfer(chain);
    assert.equal((await chain.deliver(tx)).txResults[0]?.code, 0);
    damage.now = damaged;
    const { code, codespace, log } = await chain.query(
      "/cosmos.tx.v1beta1.Service/GetTx",
      GetTxRequest.encode({ hash: Buffer.from(sha256(tx)).toString("hex") }).finish(),
    );
    assert.deepEqual([codespace, code], ["store", 13], log);
    assert.match(log, /idx\/tx\/[0-9a-f]{64}: expected the result of a transaction of that hash/);
    assert.equal((await chain.deliver(tx)).txResults[0]?.code, 32, "it comes again and fails");
    for (let block = 0; block < 5; block++) await chain.deliver();
    assert.equal(chain.app.height, 8n);
  });

test("the time of a block whose row is damaged is not known", async () => {
  const damage: { now?: Damage } = {};
  const store = damagedStore(damage);
  const chain = await createTestChain({ app: { store } });
  await chain.deliver();
  assert.ok(((await findBlockTime(store, 1n)) ?? 0n) > 0n);
  damage.now = (bytes) => bytes.subarray(1);
  assert.equal(await findBlockTime(store, 1n), undefined);
});
