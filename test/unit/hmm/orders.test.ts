import assert from "node:assert/strict";
import { test } from "node:test";
import type { QueryBatchResponse, QueryOrdersResponse, QueryPoolResponse } from "#proto/hanzo/hmm/v1/query";
import type { MsgCancelOrderResponse, MsgPlaceOrderResponse, MsgSellExactOutResponse, MsgSwapResponse } from "#proto/hanzo/hmm/v1/tx";
import { type Order, type PoolState, PoolStatus, Side } from "./marketTypes.ts";
import { ACCOUNT, accountOf, type MemoryMarket, type MemoryMarketOptions, openMarket, refusal } from "./memoryMarket.ts";

const alice = accountOf("alice");
const bob = accountOf("bob");
const E18 = 10n ** 18n;
/** 0.0005 credit per GPU-second, in credit base units per resource base unit times 10¹⁸. */
const CENTRE = 5n * 10n ** 23n;
const WINDOW = 25_000n * 10n ** 9n;

function open(options: MemoryMarketOptions = {}): MemoryMarket {
  const m = openMarket({
    holders: [
      [alice, "gpu", 10n ** 16n],
      [bob, "gpu", 10n ** 16n],
    ],
    ...options,
  });
  for (const sender of [alice, bob]) m.send("MintCredit", { sender, amount: (5_000n * E18).toString() });
  m.events.length = 0;
  return m;
}

const waiting = (m: MemoryMarket, poolId = "gpu"): readonly Order[] => m.query<QueryOrdersResponse>("Orders", { poolId }).orders;
const poolOf = (m: MemoryMarket, poolId = "gpu"): PoolState => {
  const { pool } = m.query<QueryPoolResponse>("Pool", { poolId });
  assert.ok(pool?.pool !== undefined);
  return pool.pool;
};
const eventsOf = (m: MemoryMarket, type: string): readonly Readonly<Record<string, string>>[] =>
  m.events
    .filter((event) => event.type === `hanzo.hmm.v1.${type}`)
    .map(({ attributes }) => Object.fromEntries(attributes.map(({ key, value }) => [key, value])));

function place(m: MemoryMarket, sender: string, side: Side, resource: bigint, limitE18: bigint, more: object = {}): MsgPlaceOrderResponse {
  return m.send("PlaceOrder", { sender, poolId: "gpu", side, resource: resource.toString(), limitE18: limitE18.toString(), ...more });
}

test("inside the window orders execute at once, beyond it they wait for the batch of the block", () => {
  const m = open();
  const buy = (amount: bigint): MsgSwapResponse =>
    m.send("BuyExactOut", { sender: alice, poolId: "gpu", amountOut: amount.toString(), maxCredit: (100n * E18).toString() });
  assert.ok(buy(WINDOW).trade !== undefined);
  const queued = buy(1n);
  assert.deepEqual([queued.trade, queued.orderId], [undefined, 1n]);
  assert.equal(waiting(m).length, 1);
  m.requireInvariants();
  const held = m.balance(alice, "ngpu");
  m.endBlock();
  assert.equal(m.balance(alice, "ngpu"), held + 1n);
  assert.equal(waiting(m).length, 0);
  assert.ok(buy(1n).trade !== undefined, "the next block has a window of its own");
  m.requireInvariants();
});

test("the window is everybody's: a sale by another reopens it, a purchase by another closes it", () => {
  const m = open();
  const amount = { poolId: "gpu", amountOut: WINDOW.toString(), maxCredit: (100n * E18).toString() };
  assert.ok(m.send<MsgSwapResponse>("BuyExactOut", { sender: alice, ...amount }).trade !== undefined);
  assert.equal(m.send<MsgSwapResponse>("BuyExactOut", { sender: bob, ...amount }).trade, undefined);
  assert.ok(m.send<MsgSwapResponse>("Sell", { sender: bob, poolId: "gpu", amountIn: WINDOW.toString() }).trade !== undefined);
  assert.ok(m.send<MsgSwapResponse>("BuyExactOut", { sender: bob, ...amount }).trade !== undefined);
});

test("one price for all, whatever the order of arrival", () => {
  const outcomes = [false, true].map((reversed) => {
    const m = open();
    const orders: (() => unknown)[] = [
      () => place(m, alice, Side.SIDE_BUY, 90n * 10n ** 12n, 2n * CENTRE),
      () => place(m, bob, Side.SIDE_BUY, 50n * 10n ** 12n, (103n * CENTRE) / 100n),
      () => place(m, bob, Side.SIDE_SELL, 60n * 10n ** 12n, (9n * CENTRE) / 10n),
    ];
    for (const order of reversed ? orders.reverse() : orders) order();
    m.endBlock();
    m.requireInvariants();
    const { batch } = m.query<QueryBatchResponse>("Batch", { poolId: "gpu" });
    assert.deepEqual([batch?.orders, batch?.fills], [3, 3]);
    return [batch?.priceE18, m.balance(alice, "ngpu"), m.balance(bob, "ngpu"), m.balance(alice, "credit"), m.balance(bob, "credit")];
  });
  assert.deepEqual(outcomes[0], outcomes[1]);
});

test("an order whose limit is not met waits, ends by itself, and everything comes back", () => {
  const m = open();
  const credit = m.balance(alice, "credit");
  const { orderId, escrow, expiresHeight } = place(m, alice, Side.SIDE_BUY, 10n ** 12n, CENTRE / 2n, { blocks: 3n });
  assert.equal(expiresHeight, 3n);
  assert.equal(m.balance(alice, "credit"), credit - BigInt(escrow));
  m.endBlock();
  m.endBlock();
  assert.equal(waiting(m).length, 1);
  m.endBlock();
  assert.equal(waiting(m).length, 0);
  assert.equal(m.balance(alice, "credit"), credit);
  const [closed] = eventsOf(m, "EventOrderClosed");
  assert.deepEqual([closed?.["orderId"], closed?.["reason"], closed?.["refund"]], [String(orderId), "expired", escrow]);
  m.requireInvariants();
});

test("an owner takes a waiting order back, nobody else can", () => {
  const m = open();
  const held = [m.balance(alice, "ngpu"), m.balance(alice, "credit")];
  const sale = place(m, alice, Side.SIDE_SELL, 10n ** 12n, 3n * CENTRE);
  assert.equal(m.balance(alice, "ngpu"), (held[0] ?? 0n) - 10n ** 12n);
  assert.throws(() => m.send("CancelOrder", { sender: bob, orderId: sale.orderId }), refusal("hmm", 20));
  const back = m.send<MsgCancelOrderResponse>("CancelOrder", { sender: alice, orderId: sale.orderId });
  assert.deepEqual([back.resource, back.credit], [(10n ** 12n).toString(), "0"]);
  assert.throws(() => m.send("CancelOrder", { sender: alice, orderId: sale.orderId }), refusal("hmm", 19));
  assert.deepEqual([m.balance(alice, "ngpu"), m.balance(alice, "credit")], held);
  m.requireInvariants();
});

test("what a buyer held and did not pay comes back with the fill", () => {
  const m = open();
  const credit = m.balance(alice, "credit");
  place(m, alice, Side.SIDE_BUY, 80n * 10n ** 12n, 10n * CENTRE);
  m.endBlock();
  const [fill] = eventsOf(m, "EventOrderFilled");
  assert.equal(fill?.["remaining"], "0");
  assert.equal(m.balance(alice, "credit"), credit - BigInt(fill?.["credit"] ?? ""));
  assert.ok(BigInt(fill?.["credit"] ?? "") < (85n * 10n ** 12n * CENTRE) / E18, "the batch's price, not the limit");
  m.requireInvariants();
});

test("a queued swap takes what was quoted while the price allows it, and never less than min_out for more than the offer", () => {
  for (const rival of [0n, 60n, 95n]) {
    const m = open();
    const offer = 40n * E18;
    m.send("BuyExactOut", { sender: bob, poolId: "gpu", amountOut: WINDOW.toString(), maxCredit: (100n * E18).toString() });
    const quoted = BigInt(
      m.query<{ trade: { resource: string } }>("QuoteBuy", { poolId: "gpu", creditIn: offer.toString() }).trade.resource,
    );
    const minOut = (quoted * 995n) / 1000n;
    const credit = m.balance(alice, "credit");
    const held = m.balance(alice, "ngpu");
    const { orderId } = m.send<MsgSwapResponse>("Swap", {
      sender: alice,
      poolId: "gpu",
      creditIn: offer.toString(),
      minOut: minOut.toString(),
    });
    assert.ok(orderId > 0n);
    if (rival > 0n) place(m, bob, Side.SIDE_BUY, rival * 10n ** 12n, 2n * CENTRE);
    m.endBlock();
    const got = m.balance(alice, "ngpu") - held;
    if (rival === 0n) assert.equal(got, quoted, "alone it gets the quote");
    while (waiting(m).length > 0) m.endBlock();
    const [bought, paid] = [m.balance(alice, "ngpu") - held, credit - m.balance(alice, "credit")];
    assert.ok(bought <= quoted && paid * minOut <= offer * bought, `${paid} for ${bought}`);
    m.requireInvariants();
  }
});

test("a sale for an exact amount brings it, at once or in the batch", () => {
  const m = open();
  const wanted = 5n * E18;
  const credit = m.balance(alice, "credit");
  const request = { sender: alice, poolId: "gpu", creditOut: wanted.toString(), maxIn: (2n * 10n ** 13n).toString() };
  const now = m.send<MsgSellExactOutResponse>("SellExactOut", request);
  assert.ok(now.trade !== undefined && BigInt(now.trade.credit) >= wanted && BigInt(now.trade.credit) < wanted + 10n ** 9n);
  m.send("Sell", { sender: bob, poolId: "gpu", amountIn: (14n * 10n ** 12n).toString() });
  const later = m.send<MsgSellExactOutResponse>("SellExactOut", { ...request, maxIn: (10n ** 14n).toString() });
  assert.ok(later.orderId > 0n);
  m.endBlock();
  assert.ok(m.balance(alice, "credit") - credit >= 2n * wanted);
  assert.throws(() => m.send("SellExactOut", { ...request, maxIn: "1000" }), refusal("hmm", 6, /at most 1000ngpu/));
  m.requireInvariants();
});

test("large orders must be sealed, whichever way they trade", () => {
  const m = open();
  const large = (10n ** 14n + 1n).toString();
  const limit = { maxCredit: (5_000n * E18).toString(), limitE18: CENTRE.toString(), side: Side.SIDE_SELL, resource: large };
  for (const [name, request] of [
    ["BuyExactOut", { amountOut: large }],
    ["Sell", { amountIn: large }],
    ["Swap", { creditIn: (60n * E18).toString() }],
    ["PlaceOrder", {}],
  ] as const) {
    assert.throws(() => m.send(name, { sender: alice, poolId: "gpu", ...limit, ...request }), refusal("hmm", 21, /MsgCommitOrder/), name);
  }
});

test("a batch beyond the block's limit is rationed by price, and the pool pauses and resumes", () => {
  const m = open({ params: { largeOrderBps: 10_000, blockLimitBps: 100, breakerBlocks: 3n } });
  place(m, alice, Side.SIDE_BUY, 3n * 10n ** 14n, 3n * CENTRE);
  const before = BigInt(poolOf(m).psi);
  m.endBlock();
  assert.equal(before - BigInt(poolOf(m).psi), before / 100n, "one per cent and no more");
  assert.equal(poolOf(m).status, PoolStatus.POOL_STATUS_PAUSED);
  assert.throws(() => m.send("Swap", { sender: alice, poolId: "gpu", creditIn: E18.toString() }), refusal("hmm", 4));
  assert.equal(waiting(m).length, 1);
  m.requireInvariants();
  for (let i = 0; i < 3; i++) m.endBlock();
  assert.deepEqual(
    eventsOf(m, "EventPoolStatus")
      .map((e) => [e["status"], e["reason"]])
      .slice(0, 2),
    [
      ["paused", "breaker"],
      ["active", "resumed"],
    ],
  );
  m.requireInvariants();
});

test("more orders than a block may clear are carried over, oldest first, and pools take turns", () => {
  const m = open({ params: { maxBatchOrders: 4, maxBlockOrders: 6 } });
  for (let i = 0; i < 10; i++) place(m, alice, Side.SIDE_BUY, 10n ** 9n, 2n * CENTRE);
  for (let i = 0; i < 3; i++)
    m.send("PlaceOrder", { sender: bob, poolId: "vram", side: Side.SIDE_BUY, resource: "1000000000", limitE18: (10n ** 23n).toString() });
  const left = (): readonly number[] => [waiting(m).length, waiting(m, "vram").length];
  m.endBlock();
  assert.deepEqual(left(), [6, 1]);
  assert.equal(waiting(m)[0]?.id, 5n);
  m.endBlock();
  assert.deepEqual(left(), [2, 0]);
  m.endBlock();
  assert.deepEqual(left(), [0, 0]);
  m.requireInvariants();
});

test("with η = ½ the invariant grows and the batch's price is the pool's price", () => {
  const m = open({
    params: { etaE18: (E18 / 2n).toString() },
    change: (g) => ({ ...g, pools: g.pools.map((p) => ({ ...p, riskE18: "0", dynamicRisk: false })) }),
  });
  place(m, alice, Side.SIDE_BUY, 90n * 10n ** 12n, 2n * CENTRE);
  m.endBlock();
  const price = BigInt(m.query<QueryBatchResponse>("Batch", { poolId: "gpu" }).batch?.priceE18 ?? "");
  const spot = BigInt(m.query<QueryPoolResponse>("Pool", { poolId: "gpu" }).pool?.priceE18 ?? "");
  const distance = price > spot ? price - spot : spot - price;
  assert.ok(distance * 10n ** 9n < spot, `${price} ${spot}`);
  m.requireInvariants();
});

test("orders out of bounds are refused and leave no trace", () => {
  const m = open();
  const before = m.exportGenesis();
  const good = { sender: alice, poolId: "gpu", side: Side.SIDE_BUY, resource: "1000000", limitE18: CENTRE.toString() };
  const rows: readonly [object, number, RegExp][] = [
    [{ side: 0 }, 2, /side: expected 1 \(buy\) or 2 \(sell\), got 0/],
    [{ side: 7 }, 2, /got 7/],
    [{ resource: "0" }, 2, /resource/],
    [{ limitE18: "0" }, 2, /limit_e18: expected at least 1/],
    [{ limitE18: (1n << 192n).toString() }, 2, /limit_e18/],
    [{ limitE18: ((1n << 192n) - 1n).toString() }, 2, /expected less than 2\^128 credit/],
    [{ poolId: "tpu" }, 3, /tpu/],
    [{ blocks: 11n }, 2, /blocks: expected at most 10, got 11/],
    [{ resource: (4n * 10n ** 15n).toString() }, 7, /3000 bps/],
  ];
  for (const [change, code, text] of rows) assert.throws(() => m.send("PlaceOrder", { ...good, ...change }), refusal("hmm", code, text));
  assert.throws(() => m.send("PlaceOrder", { ...good, sender: accountOf("carol") }), refusal("sdk", 5));
  assert.throws(() => m.send("CancelOrder", { sender: alice, orderId: 0n }), refusal("hmm", 19));
  assert.deepEqual(m.exportGenesis(), before);
  assert.equal(m.balance(ACCOUNT, "credit"), m.balance(ACCOUNT, "credit"));
});
