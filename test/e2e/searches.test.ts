// Searches for transactions, put to CometBFT's own index (`kv`) over RPC and to this chain's over REST: both find the same.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { MsgMultiSend, MsgSend } from "../../proto/gen/cosmos/bank/v1beta1/tx.ts";
import { message, type TestMessage } from "../harness/signTx.ts";
import { type ChainHome, createChainHome } from "./harness/chainHome.ts";
import { type InProcessNode, startInProcess } from "./harness/inProcessNode.ts";
import { broadcast, callRpc, RpcError, waitForHeight, waitForTx } from "./harness/rpc.ts";
import { devAccounts, signAs } from "./harness/wallet.ts";

let home: ChainHome;
let running: InProcessNode | undefined;
const heights: number[] = [];
const hashes: string[] = [];
let [A, B, C] = ["", "", ""];

before(async () => {
  home = await createChainHome(100);
  running = await startInProcess(home);
  await waitForHeight(home.rpc, 2);
  const [a, b, c] = await devAccounts();
  assert.ok(a && b && c);
  [A, B, C] = [a.address, b.address, c.address];
  const coins = (amount: number): { denom: string; amount: string }[] => [{ denom: "aai", amount: String(amount) }];
  const send = (from: string, to: string, amount: number): TestMessage =>
    message(MsgSend, { fromAddress: from, toAddress: to, amount: coins(amount) });
  const many = message(MsgMultiSend, {
    inputs: [{ address: A, coins: coins(30) }],
    outputs: [
      { address: B, coins: coins(10) },
      { address: C, coins: coins(20) },
    ],
  });
  const lives: readonly (readonly [typeof a, readonly TestMessage[]])[] = [
    [a, [send(A, B, 10)]],
    [a, [send(A, C, 11), send(A, B, 9)]],
    [b, [send(B, C, 10)]],
    [a, [many]],
    [c, [send(C, A, 5)]],
    // Fails in its block: more than there is.
    [c, [send(C, A, 5), message(MsgSend, { fromAddress: C, toAddress: A, amount: [{ denom: "credit", amount: "1" }] })]],
  ];
  for (const [from, messages] of lives) {
    const { code, log, hash } = await broadcast(home.rpc, await signAs(home, from, messages));
    assert.equal(code, 0, log);
    const tx = await waitForTx(home.rpc, hash);
    hashes.push(hash);
    heights.push(tx.height);
  }
});
after(async () => {
  await running?.node.stop();
  await home?.remove();
});

const named = (found: readonly string[]): string =>
  found
    .map((hash) => hashes.indexOf(hash))
    .sort()
    .join(" ");

async function byComet(query: string): Promise<string> {
  try {
    const { txs } = await callRpc<{ txs: readonly { hash: string }[] | null }>(home.rpc, "tx_search", {
      query,
      prove: false,
      page: "1",
      per_page: "100",
      order_by: "asc",
    });
    return named((txs ?? []).map(({ hash }) => hash));
  } catch (error) {
    if (error instanceof RpcError) return "refused";
    throw error;
  }
}

async function byChain(query: string): Promise<string> {
  const response = await fetch(`${home.rest}/cosmos/tx/v1beta1/txs?query=${encodeURIComponent(query)}`);
  if (response.status === 400) return "refused";
  assert.equal(response.status, 200, query);
  const { tx_responses } = (await response.json()) as { tx_responses: readonly { txhash: string }[] };
  return named(tx_responses.map(({ txhash }) => txhash));
}

/** A search with the accounts, heights and hashes of the transactions above put in. */
const filled = (query: string): string =>
  query.replace(/\{([ABChx])(\d?)\}/g, (_whole, kind: string, at: string) => {
    if (kind === "h") return String(heights[Number(at)]);
    if (kind === "x") return hashes[Number(at)] ?? "";
    return { A, B, C }[kind] ?? "";
  });

/** Searches with what both find, by the places of the transactions above. */
const SAME: readonly (readonly [query: string, found: string])[] = [
  ["transfer.recipient='{B}'", "0 1 3"],
  ["message.sender='{A}'", "0 1 3"],
  ["transfer.recipient='{B}' AND transfer.sender='{A}'", "0 1 3"],
  ["transfer.recipient='{B}' AND transfer.sender='{A}' AND transfer.amount='10aai' AND transfer.msg_index='0'", "0 3"],
  // Conditions are those of one event: what two events meet together finds nothing.
  ["transfer.recipient='{B}' AND message.sender='{A}'", ""],
  ["coin_spent.spender='{A}' AND coin_received.receiver='{B}'", ""],
  ["transfer.recipient='{B}' AND transfer.amount='11aai'", ""],
  ["transfer.recipient='{B}' AND transfer.amount='9aai'", "1"],
  ["transfer.recipient='{B}' AND transfer.recipient='{C}'", ""],
  ["transfer.recipient='{C}' AND transfer.amount CONTAINS '1'", "1 2"],
  ["message.action='/cosmos.bank.v1beta1.MsgSend'", "0 1 2 4"],
  ["message.action='/cosmos.bank.v1beta1.MsgSend' AND message.sender='{A}'", "0 1"],
  ["message.module='bank' AND message.sender='{B}'", "2"],
  ["message.sender CONTAINS 'hanzo' AND message.action CONTAINS 'Multi'", "3"],
  ["message.action='/cosmos.bank.v1beta1.MsgSend' AND tx.height={h0}", "0"],
  ["tx.height={h2} AND message.module='bank'", "2"],
  ["tx.height='{h2}'", "2"],
  ["tx.height={h2}", "2"],
  ["tx.height=0", ""],
  ["tx.height>={h1} AND tx.height<={h3}", "1 2 3"],
  ["tx.height>{h1} AND tx.height<{h3}", "2"],
  ["tx.height>{h1} AND transfer.recipient='{B}'", "3"],
  ["transfer.recipient='{B}' AND tx.height<{h3}", "0 1"],
  ["tx.height EXISTS", "0 1 2 3 4 5"],
  ["tx.hash='{x0}'", "0"],
  ["transfer.recipient EXISTS", "0 1 2 3 4 5"],
  ["transfer.nothing EXISTS", ""],
  ["message.msg_index='1'", "1"],
  ["transfer.msg_index=1", "1"],
  ["transfer.msg_index>=1", "1"],
  ["transfer.msg_index>0 AND transfer.msg_index<1.5", "1"],
  ["transfer.amount>5", ""],
  ["tx.fee_payer='{C}'", "4 5"],
  ["tx.acc_seq='{A}/0'", "0"],
  ["tx.acc_seq CONTAINS '/0'", "0 2 4"],
  ["message.sender=''", ""],
  ["tx.hash='zz'", "refused"],
  ["garbage", "refused"],
  ["message.sender=hanzo", "refused"],
  ["tx.height>=abc", "refused"],
  ["tx.height=-1", "refused"],
  ["message.sender='{A}' AND", "refused"],
  ["message.sender='{A}' OR message.sender='{B}'", "refused"],
];

/** Where CometBFT passes over conditions, or takes the beginning of a text for the whole of it, and this chain takes each at its word. */
const DIFFERENT: readonly (readonly [query: string, comet: string, chain: string])[] = [
  ["tx.height={h0} AND tx.height={h2}", "0", ""],
  ["tx.height={h0} AND tx.height>={h2} AND tx.height<={h2}", "2", ""],
  ["tx.hash='{x0}' AND message.sender='{B}'", "0", ""],
  ["tx.hash='{x0}' AND tx.height={h1}", "0", ""],
  ["tx.acc_seq='{A}'", "0 1 3", ""],
  ["tx.height=1.5", "", "refused"],
  // Not an event of the transaction but of the subscription; every transaction is one.
  ["tm.event='Tx' AND tx.height={h0}", "", "0"],
  ["tm.event='Tx' AND message.sender='{A}'", "", "0 1 3"],
];

describe("a search finds the same in CometBFT's index and in the chain's", () => {
  for (const [query, found] of SAME)
    it(query, async () => {
      assert.equal(await byComet(filled(query)), found, "CometBFT");
      assert.equal(await byChain(filled(query)), found, "the chain");
    });
});

describe("a search with a condition that CometBFT's index passes over", () => {
  for (const [query, comet, chain] of DIFFERENT)
    it(query, async () => {
      assert.equal(await byComet(filled(query)), comet, "CometBFT");
      assert.equal(await byChain(filled(query)), chain, "the chain");
    });
});
