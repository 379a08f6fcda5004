import assert from "node:assert/strict";
import { test } from "node:test";
import { Execution, type QueryPoolResponse, type QueryQuoteBuyResponse, type QueryQuoteSellResponse } from "#proto/hanzo/hmm/v1/query";
import type { MsgBuyExactOutResponse, MsgSellResponse, MsgSwapResponse } from "#proto/hanzo/hmm/v1/tx";
import type { Trade } from "#proto/hanzo/hmm/v1/types";
import { ACCOUNT, accountOf, CHAIN, type MemoryMarket, openMarket, refusal, TREASURY, testClass } from "./memoryMarket.ts";

const alice = accountOf("alice");
const E18 = 10n ** 18n;

function withCredit(amount = 2_000n * E18): MemoryMarket {
  const m = openMarket();
  m.send("MintCredit", { sender: alice, amount: amount.toString() });
  m.events.length = 0;
  return m;
}

/** The trade of a response. */
function tradeOf({ trade }: { readonly trade?: Trade | undefined }): Trade {
  assert.ok(trade !== undefined);
  return trade;
}

test("a swap pays what the quote said, to the unit, and shares the fee out", () => {
  const m = withCredit();
  const offer = (10n * E18).toString();
  const quote = m.query<QueryQuoteBuyResponse>("QuoteBuy", { poolId: "gpu", creditIn: offer });
  const held = { credit: m.balance(alice, "credit"), native: m.bank.supply(m.ctx, CHAIN.baseDenom), market: m.balance(ACCOUNT, "credit") };
  const done = m.send<MsgSwapResponse>("Swap", { sender: alice, poolId: "gpu", creditIn: offer, minOut: "" });
  assert.deepEqual([done.trade, done.refund, done.orderId], [quote.trade, quote.refund, 0n]);
  assert.equal(quote.execution, Execution.EXECUTION_IMMEDIATE);
  const t = tradeOf(done);
  const [credit, burn, treasury, lp] = [t.credit, t.burn, t.treasury, t.lp].map(BigInt) as [bigint, bigint, bigint, bigint];
  assert.equal(credit + BigInt(done.refund), 10n * E18);
  assert.equal(BigInt(t.curve) + BigInt(t.marketFee) + BigInt(t.riskFee), credit);
  assert.equal(burn + treasury + lp, BigInt(t.marketFee) + BigInt(t.riskFee));
  assert.equal(burn, BigInt(t.marketFee) / 4n);
  assert.equal(m.balance(alice, "ngpu"), BigInt(t.resource));
  assert.equal(m.balance(alice, "credit"), held.credit - credit);
  m.endBlock();
  assert.equal(m.balance(TREASURY, "credit"), treasury);
  assert.equal(m.bank.supply(m.ctx, CHAIN.baseDenom), held.native - burn, "the native tokens behind the burned credit are burned too");
  assert.equal(m.balance(ACCOUNT, "credit"), held.market + BigInt(t.curve) + lp);
  assert.ok(BigInt(t.priceAfterE18) > BigInt(t.priceBeforeE18) && t.impactBps > 0n);
  m.requireInvariants();
});

test("the event of a trade says what changed hands, and the pool afterwards", () => {
  const m = withCredit();
  const t = tradeOf(m.send<MsgSwapResponse>("Swap", { sender: alice, poolId: "gpu", creditIn: E18.toString() }));
  const event = m.events.find(({ type }) => type === "hanzo.hmm.v1.EventTrade");
  const { pool } = m.query<QueryPoolResponse>("Pool", { poolId: "gpu" });
  assert.deepEqual(event && Object.fromEntries(event.attributes.map(({ key, value }) => [key, value])), {
    poolId: "gpu",
    trader: alice,
    side: "buy",
    resource: t.resource,
    credit: t.credit,
    psi: pool?.pool?.psi,
    theta: pool?.pool?.theta,
  });
  assert.equal(pool?.priceE18, t.priceAfterE18);
});

test("an exact amount is bought for its quote and sold again for less", () => {
  const m = withCredit();
  const before = m.balance(alice, "credit");
  const amount = (10n ** 13n).toString();
  const buy = m.send<MsgBuyExactOutResponse>("BuyExactOut", {
    sender: alice,
    poolId: "vram",
    amountOut: amount,
    maxCredit: (10n * E18).toString(),
  });
  assert.equal(tradeOf(buy).resource, amount);
  const quote = m.query<QueryQuoteSellResponse>("QuoteSell", { poolId: "vram", amountIn: amount });
  const sale = m.send<MsgSellResponse>("Sell", { sender: alice, poolId: "vram", amountIn: amount, minCredit: "1" });
  assert.deepEqual(sale.trade, quote.trade);
  const t = tradeOf(sale);
  assert.equal(BigInt(t.curve) - BigInt(t.marketFee) - BigInt(t.riskFee), BigInt(t.credit));
  assert.equal(m.balance(alice, "nvram"), 0n);
  assert.equal(before - m.balance(alice, "credit"), BigInt(tradeOf(buy).credit) - BigInt(t.credit));
  assert.ok(m.balance(alice, "credit") < before);
  m.requireInvariants();
});

test("every refusal has its code and leaves no trace", () => {
  const m = withCredit();
  const huge = ((1n << 128n) - 1n).toString();
  const rows: readonly [string, object, string, number, RegExp][] = [
    ["Swap", { poolId: "tpu", creditIn: "1000" }, "hmm", 3, /got "tpu"/],
    ["Swap", { poolId: "__proto__", creditIn: "1000" }, "hmm", 3, /pool_id/],
    ["Swap", { poolId: "a\0b", creditIn: "1000" }, "hmm", 3, /pool_id/],
    ["Swap", { poolId: "gpu", creditIn: "0" }, "hmm", 2, /credit_in: expected at least 1/],
    ["Swap", { poolId: "gpu", creditIn: "1e18" }, "hmm", 2, /credit_in/],
    ["Swap", { poolId: "gpu", creditIn: "1000" }, "hmm", 5, /buys 0/],
    ["Swap", { poolId: "gpu", creditIn: huge }, "hmm", 8, /would buy all/],
    ["Swap", { poolId: "gpu", creditIn: (5_000n * E18).toString() }, "hmm", 7, /3000 bps/],
    [
      "Swap",
      { poolId: "gpu", creditIn: E18.toString(), minOut: (10n ** 16n).toString() },
      "hmm",
      6,
      /expected at least 10000000000000000ngpu, got 19\d+ngpu/,
    ],
    ["BuyExactOut", { poolId: "gpu", amountOut: (10n ** 16n).toString(), maxCredit: huge }, "hmm", 8, /less than the reserve/],
    ["BuyExactOut", { poolId: "gpu", amountOut: (10n ** 12n).toString(), maxCredit: "1" }, "hmm", 6, /at most 1 credit/],
    ["BuyExactOut", { poolId: "gpu", amountOut: (10n ** 12n).toString(), maxCredit: "" }, "hmm", 2, /max_credit/],
    ["Sell", { poolId: "gpu", amountIn: (10n ** 12n).toString() }, "sdk", 5, /./],
    ["Sell", { poolId: "gpu", amountIn: (4n * 10n ** 15n).toString() }, "hmm", 7, /at most 3000000000000000/],
    ["Sell", { poolId: "gpu", amountIn: huge }, "hmm", 8, /./],
    ["Swap", { sender: accountOf("bob"), poolId: "gpu", creditIn: E18.toString() }, "sdk", 5, /./],
  ];
  const genesis = m.exportGenesis();
  const balances = (): bigint[] =>
    [alice, accountOf("bob"), ACCOUNT, TREASURY].flatMap((owner) =>
      ["credit", "ngpu", CHAIN.baseDenom].map((denom) => m.balance(owner, denom)),
    );
  const before = balances();
  for (const [name, request, codespace, code, text] of rows) {
    assert.throws(() => m.send(name, { sender: alice, ...request }), refusal(codespace, code, text), `${name} ${JSON.stringify(request)}`);
  }
  assert.deepEqual(m.exportGenesis(), genesis);
  assert.deepEqual(balances(), before);
  assert.equal(m.events.length, 0);
});

test("fees that eat up the proceeds refuse a sale", () => {
  const classes = [testClass(10n ** 15n, 10n ** 9n)];
  const m = openMarket({ genesis: { classes }, holders: [[alice, "gpu", 10n ** 9n]] });
  assert.throws(
    () => m.send("Sell", { sender: alice, poolId: "gpu", amountIn: "2000001" }),
    refusal("hmm", 10, /proceeds 2, market fee 1, risk fee 1/),
  );
  assert.throws(() => m.send("Sell", { sender: alice, poolId: "gpu", amountIn: "1" }), refusal("hmm", 5));
});

test("a paused pool takes no orders and no liquidity", () => {
  const m = openMarket({ change: (g) => ({ ...g, pools: g.pools.map((p) => (p.id === "gpu" ? { ...p, status: 2 } : p)) }) });
  m.send("MintCredit", { sender: alice, amount: E18.toString() });
  assert.throws(() => m.send("Swap", { sender: alice, poolId: "gpu", creditIn: "1000000000" }), refusal("hmm", 4));
  assert.throws(() => m.send("AddLiquidity", { sender: alice, poolId: "gpu", maxResource: "1", maxCredit: "1" }), refusal("hmm", 4));
  m.send("Swap", { sender: alice, poolId: "ram", creditIn: "1000000000" });
});

test("prices stay inside the band: the reserves may not leave their range", () => {
  const classes = [testClass(10n ** 9n, 10n ** 9n)];
  const m = openMarket({ genesis: { classes }, params: { largeOrderBps: 10_000, breakerBlocks: 1n } });
  m.send("MintCredit", { sender: alice, amount: (10n ** 12n).toString() });
  let refused: unknown;
  for (let i = 0; i < 60 && refused === undefined; i++) {
    const { pool } = m.query<QueryPoolResponse>("Pool", { poolId: "gpu" });
    try {
      m.send("BuyExactOut", { sender: alice, poolId: "gpu", amountOut: pool?.maxOrder ?? "", maxCredit: (10n ** 10n).toString() });
    } catch (cause) {
      refused = cause;
    }
    m.endBlock();
    m.requireInvariants();
  }
  refusal("hmm", 9, /expected credit worth at most 379 times the resource reserve/)(refused);
});

test("the reference inventory follows the reserve and arrives", () => {
  const classes = [testClass(10n ** 9n, 10n ** 9n)];
  const m = openMarket({ genesis: { classes } });
  m.send("MintCredit", { sender: alice, amount: (10n ** 12n).toString() });
  m.send("BuyExactOut", { sender: alice, poolId: "gpu", amountOut: "1000", maxCredit: "10000" });
  const reference = (): bigint => BigInt(m.query<QueryPoolResponse>("Pool", { poolId: "gpu" }).pool?.pool?.psiRef ?? "");
  assert.equal(reference(), 10n ** 9n);
  m.endBlock();
  assert.equal(reference(), 10n ** 9n - 4n, "1000/300 rounded away from zero");
  for (let i = 0; i < 1000; i++) m.endBlock();
  assert.equal(reference(), 10n ** 9n - 1000n);
  m.requireInvariants();
});
