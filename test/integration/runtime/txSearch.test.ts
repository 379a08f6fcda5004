import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { before, test } from "node:test";
import { hanzoStores } from "../../../app/hanzo.ts";
import type { QueryError } from "../../../app/sdk/index.ts";
import { createMemoryCommitStore } from "../../../app/store/commitStore.ts";
import { MsgSend } from "../../../proto/gen/cosmos/bank/v1beta1/tx.ts";
import { GetTxsEventRequest, GetTxsEventResponse } from "../../../proto/gen/cosmos/tx/v1beta1/service.ts";
import { message } from "../../harness/signTx.ts";
import { createTestChain, type TestChain } from "../../harness/testChain.ts";

const SEARCH = "/cosmos.tx.v1beta1.Service/GetTxsEvent";

async function search(chain: TestChain, query: string, more: Partial<GetTxsEventRequest> = {}): Promise<GetTxsEventResponse> {
  const { code, log, value } = await chain.query(
    SEARCH,
    GetTxsEventRequest.encode(GetTxsEventRequest.fromPartial({ query, ...more })).finish(),
  );
  if (code !== 0) throw new Error(log);
  return GetTxsEventResponse.decode(value);
}

const places = ({ txResponses }: GetTxsEventResponse): string[] =>
  txResponses.map(({ height, txhash }) => `${height}:${txhash.slice(0, 8)}`);

interface Sent {
  readonly height: bigint;
  readonly hash: string;
  readonly from: string;
  readonly to: string;
  readonly amount: number;
}

/** Transfers over several blocks, one of them refused, and what was sent. */
async function makeTransfers(
  options: Parameters<typeof createTestChain>[0] = {},
): Promise<{ readonly chain: TestChain; readonly sent: readonly Sent[] }> {
  const chain = await createTestChain({ accounts: 4, ...options });
  const sent: Sent[] = [];
  await chain.deliver();
  for (let round = 0; round < 6; round++) {
    const txs: Uint8Array[] = [];
    for (const [i, account] of chain.accounts.entries()) {
      if ((i + round) % 3 === 0) continue;
      const to = chain.accounts[(i + round) % chain.accounts.length];
      if (to === undefined) throw new Error("accounts expected");
      const amount = 100 * round + i;
      const value = {
        fromAddress: account.address,
        toAddress: to.address,
        amount: [{ denom: "aai", amount: String(amount + 1) }],
      };
      const tx = await chain.sign([message(MsgSend, value)], [account]);
      txs.push(tx);
      sent.push({
        height: BigInt(round + 2),
        hash: createHash("sha256").update(tx).digest("hex").toUpperCase(),
        from: account.address,
        to: to.address,
        amount: amount + 1,
      });
    }
    await chain.deliver(...txs);
  }
  return { chain, sent };
}

let chain: TestChain;
let sent: readonly Sent[];
before(async () => {
  ({ chain, sent } = await makeTransfers());
});

const shown = (list: readonly Sent[]): string[] => list.map(({ height, hash }) => `${height}:${hash.slice(0, 8)}`);

test("searches find what a look through all transfers finds, in the order of height and index", async () => {
  const [a, b] = chain.accounts.map(({ address }) => address);
  const one = sent[3];
  assert.ok(a !== undefined && b !== undefined && one !== undefined);
  const rows: readonly (readonly [string, (tx: Sent) => boolean])[] = [
    [`message.sender='${a}'`, (tx) => tx.from === a],
    [`transfer.recipient='${b}'`, (tx) => tx.to === b],
    [`transfer.recipient='${b}' AND transfer.sender='${a}'`, (tx) => tx.to === b && tx.from === a],
    [`message.sender='${a}' AND tx.height>2 AND tx.height<=5`, (tx) => tx.from === a && tx.height > 2n && tx.height <= 5n],
    [`message.sender='${a}' AND tx.height='3'`, (tx) => tx.from === a && tx.height === 3n],
    ["tx.height=4", (tx) => tx.height === 4n],
    ["tx.height>=5", (tx) => tx.height >= 5n],
    ["tm.event='Tx' AND message.action='/cosmos.bank.v1beta1.MsgSend'", () => true],
    [`transfer.amount='${one.amount}aai'`, (tx) => tx.amount === one.amount],
    [`transfer.sender='${a}' AND transfer.amount CONTAINS '01aai'`, (tx) => tx.from === a && `${tx.amount}aai`.includes("01aai")],
    [`tx.hash='${one.hash}'`, (tx) => tx.hash === one.hash],
    [`tx.hash='${one.hash.toLowerCase()}' AND message.sender='${one.from}'`, (tx) => tx.hash === one.hash],
    [`tx.hash='${one.hash}' AND tx.height>${one.height}`, () => false],
    ["transfer.recipient EXISTS AND tx.height EXISTS", () => true],
    ["message.msg_index=0", () => true],
    ["message.msg_index>0", () => false],
    ["nothing.here EXISTS", () => false],
    [`message.sender='${a}' AND message.sender='${b}'`, () => false],
    ["tx.height>9 AND tx.height<3", () => false],
  ];
  for (const [query, meets] of rows) {
    const found = await search(chain, query);
    const expected = sent.filter(meets);
    assert.deepEqual(places(found), shown(expected), query);
    assert.equal(found.total, BigInt(expected.length), query);
    assert.deepEqual(places(await search(chain, query, { orderBy: 2 })), shown(expected.toReversed()), `${query}, newest first`);
  }
});

test("pages cut the same list", async () => {
  const all = places(await search(chain, "transfer.sender EXISTS"));
  const second = await search(chain, "transfer.sender EXISTS", { page: 2n, limit: 5n });
  assert.deepEqual(places(second), all.slice(5, 10));
  assert.equal(second.total, BigInt(all.length));
});

test("what nobody understands is refused with the place", async () => {
  const rows: readonly (readonly [string, RegExp])[] = [
    ["message.sender", /=, <, <=, >, >=, CONTAINS or EXISTS expected at character 14 of the query, got its end/],
    ["message.sender=", /text in quotes, a number, TIME or DATE expected at character 15/],
    ["message.sender='a' OR tx.height=1", /AND or the end expected at character 19 of the query, got "OR tx.height=1"/],
    ["message.sender='a", /expected at character 15/],
    ["message.sender>'a'", /a number or a time behind > expected/],
    ["message.sender CONTAINS 5", /text in quotes expected/],
    ["a.b>TIME 2026-13-01T00:00:00Z", /a time such as/],
    ["tx.hash='12'", /64 hexadecimal digits expected/],
    ["tx.height='x'", /a height expected behind tx\.height=, got "x"/],
    [" AND ", /the name of an attribute|expected/],
    [`a.b='${"x".repeat(2050)}'`, /at most 2048 characters expected, got 2056/],
    [Array.from({ length: 17 }, () => "a.b=1").join(" AND "), /at most 16 conditions expected/],
  ];
  for (const [query, text] of rows) await assert.rejects(search(chain, query), (error: QueryError) => text.test(error.message), query);
});

test("an index of chosen attributes finds by those, and one without events only by place", async () => {
  const chosen = await makeTransfers({ app: { txIndex: { events: true, names: new Set(["transfer.recipient"]), keepRecent: 0n } } });
  const [a] = chosen.chain.accounts;
  assert.ok(a !== undefined);
  assert.deepEqual(
    places(await search(chosen.chain, `transfer.recipient='${a.address}'`)),
    shown(chosen.sent.filter(({ to }) => to === a.address)),
  );
  const none = await makeTransfers({ app: { txIndex: { events: false, names: new Set(), keepRecent: 0n } } });
  await assert.rejects(search(none.chain, `transfer.recipient='${a.address}'`), /keeps no index of events/);
  assert.deepEqual(
    places(await search(none.chain, `transfer.recipient='${a.address}' AND tx.height=3`)),
    shown(none.sent.filter(({ to, height }) => to === a.address && height === 3n)),
  );
});

test("old transactions are forgotten with everything that was indexed of them", async () => {
  const store = createMemoryCommitStore({ stores: hanzoStores, initialVersion: 1n });
  const kept = await makeTransfers({ app: { store, txIndex: { events: true, names: new Set(), keepRecent: 2n } } });
  const recent = kept.sent.filter(({ height }) => height > 5n);
  assert.deepEqual(places(await search(kept.chain, "transfer.sender EXISTS")), shown(recent));
  assert.deepEqual(places(await search(kept.chain, "tx.height>=1")), shown(recent));
  assert.deepEqual(places(await search(kept.chain, `tx.hash='${kept.sent[0]?.hash}'`)), []);
  for (let i = 0; i < 3; i++) await kept.chain.deliver();
  const left: string[] = [];
  for await (const [key] of store.rows({})) left.push(Buffer.from(key).toString("latin1").split("/")[0] ?? "");
  assert.deepEqual(new Set(left), new Set(["block", "hashes"]), "nothing but the times and hashes of the last blocks is left");
});
