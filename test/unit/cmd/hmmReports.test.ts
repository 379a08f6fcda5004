import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Execution, QueryInvariantsResponse } from "#proto/hanzo/hmm/v1/query";
import { Batch, Order, OrderKind, Side, Trade } from "#proto/hanzo/hmm/v1/types";
import type { Market } from "../../../cmd/hanzod/hmm/market.ts";
import { formatInvariants } from "../../../cmd/hanzod/hmm/orderCommands.ts";
import { formatOrders, listOrders, orderJson } from "../../../cmd/hanzod/hmm/orderReport.ts";
import { formatPool, formatPools, getPool, listPools, poolJson } from "../../../cmd/hanzod/hmm/poolReport.ts";
import { askQuote } from "../../../cmd/hanzod/hmm/quote.ts";
import { formatQuote, nextCommand, quoteJson } from "../../../cmd/hanzod/hmm/quoteReport.ts";
import { marketRefusal } from "../../../cmd/hanzod/hmm/refusal.ts";
import { CliError } from "../../../cmd/shared/cliError.ts";
import { toJson } from "../../../cmd/shared/output.ts";
import { fakeMarket, gpuView, refusal } from "./hmmFake.ts";

const AI = 10n ** 18n;
const HOUR = 3600n * 10n ** 9n;

/** A buy of an hour for 1.9 AI with all parts of its fees. */
const TRADE = Trade.fromPartial({
  resource: HOUR.toString(),
  credit: (19n * 10n ** 17n).toString(),
  curve: "1894000000000000000",
  marketFee: "5700000000000000",
  riskFee: "300000000000000",
  burn: "1425000000000000",
  treasury: "855000000000000",
  lp: "3720000000000000",
  priceBeforeE18: (500_000n * AI).toString(),
  priceAfterE18: (510_000n * AI).toString(),
  impactBps: 200n,
});

describe("pools", () => {
  test("are listed over all pages with prices per hour, and those without an average yet have none", async () => {
    const reports = await listPools(fakeMarket([gpuView(), gpuView("gpu-eu", "eu", 25_000n)]));
    const [heading = "", us = "", eu = "", next = ""] = formatPools(reports).split("\n");
    assert.match(heading, /^POOL +CLASS +UNIT +AI PER UNIT +AVERAGE +CAPACITY +CREDIT +AT ONCE +OPEN ORDER +STATUS +REGION +LATENCY$/);
    assert.match(us, /^gpu +gpu +GPU-hour +1\.8 +1\.764 +2,777\.78 GPU-h +5,000 AI +6\.94444 GPU-h +27\.7778 GPU-h +active +us +95 ms$/);
    assert.match(eu, /^gpu-eu +gpu +GPU-hour +1\.8 +- .*active +eu +25 ms$/);
    assert.match(next, /next: hanzod hmm quote gpu 10AI/);
    assert.match(formatPools([]), /no pools/);
  });

  test("are shown to machines in base units", async () => {
    const [report] = await listPools(fakeMarket([gpuView()]));
    assert.ok(report !== undefined);
    assert.deepEqual(JSON.parse(toJson(poolJson(report))), {
      id: "gpu",
      resourceClass: "gpu",
      denom: "ngpu",
      status: "active",
      unit: "GPU-hour",
      basePerUnit: HOUR.toString(),
      price: "1.8",
      priceE18: "500000000000000000000000",
      twapE18: "490000000000000000000000",
      psi: "10000000000000000",
      theta: "5000000000000000000000",
      maxImmediate: "25000000000000",
      largeOrder: "100000000000000",
      maxOrder: "2500000000000000",
      region: "us",
      group: "us-1",
      tier: 1,
      latencyUs: "95000",
      jitterUs: "9000",
    });
  });

  test("one by one tell of their last batch; one that is not there is refused with the market's code", async () => {
    const market = fakeMarket([gpuView()]);
    const batch = Batch.fromPartial({ poolId: "gpu", height: 9n, priceE18: (510_000n * AI).toString(), orders: 3, fills: 2 });
    const text = formatPool(await getPool(market, "gpu"), batch);
    assert.match(text, /^batch {6}height 9: 2 of 3 orders filled at 1\.836 AI per GPU-hour$/m);
    assert.match(text, /^workers {4}us, tier 1, latency 95 ms, jitter 9 ms$/m);
    await assert.rejects(
      () => getPool(market, "nosuch"),
      (thrown) =>
        thrown instanceof CliError &&
        thrown.message === 'there is no pool "nosuch": codespace hmm code 3' &&
        thrown.refusal?.code === 3 &&
        thrown.why === 'expected the identifier of a pool, got "nosuch": unknown pool',
    );
  });
});

describe("quotes", () => {
  const execution = Execution.EXECUTION_IMMEDIATE;
  const asked: unknown[] = [];
  const keep =
    (kind: string) =>
    async (...request: readonly string[]) => {
      asked.push([kind, ...request]);
      return { trade: TRADE, refund: "5", execution };
    };
  const market = fakeMarket([gpuView()], {
    quoteBuy: keep("buy"),
    quoteBuyExactOut: keep("exactOut"),
    quoteSell: keep("sell"),
    quoteSellExactOut: keep("sellExactOut"),
  });

  test("ask for the direction that the amount means", async () => {
    asked.length = 0;
    const kinds = [];
    for (const wish of [{ offer: "10AI" }, { offer: "1h" }, { buy: "1h" }, { sell: "2h" }, { sell: "5AI" }])
      kinds.push((await askQuote(market, "gpu", wish)).kind);
    assert.deepEqual(kinds, ["spend", "buy", "buy", "sell", "raise"]);
    assert.deepEqual(asked, [
      ["buy", "gpu", (10n * AI).toString()],
      ["exactOut", "gpu", HOUR.toString()],
      ["exactOut", "gpu", HOUR.toString()],
      ["sell", "gpu", (2n * HOUR).toString()],
      ["sellExactOut", "gpu", (5n * AI).toString()],
    ]);
  });

  test("tell amounts, prices, every part of the fees, how the order executes and what to type next", async () => {
    const quote = await askQuote(market, "gpu", { offer: "10AI" });
    assert.deepEqual(formatQuote(quote, " --node http://n").split("\n"), [
      "pool      gpu (gpu)",
      "you get   1 GPU-h",
      "you pay   1.9 AI, all fees included",
      "average   1.9 AI per GPU-hour",
      "price     1.8 → 1.836 AI per GPU-hour, impact 200 bps",
      "fees      market 0.0057 AI: burn 0.001425 AI, treasury 0.000855 AI, liquidity providers 0.00342 AI",
      "          risk 0.0003 AI, to liquidity providers",
      "unused    5 credit base units, which buy nothing more, stay with you",
      "executes  at once, unless others move the pool in the same block: then in the block's batch",
      "  next: hanzod tx hmm swap gpu 10000000000000000000 --min-out 3582000000000 --from KEY --wait --node http://n",
    ]);
    const json = JSON.parse(toJson(quoteJson(quote, ""))) as Record<string, unknown>;
    assert.deepEqual([json["kind"], json["side"], json["execution"], json["refund"]], ["spend", "buy", "immediate", "5"]);
    assert.deepEqual([json["resource"], json["credit"], json["impactBps"]], [TRADE.resource, TRADE.credit, "200"]);
  });

  test("of sales name the other limits, and large orders are sealed", async () => {
    const sale = await askQuote(market, "gpu", { sell: "1h" });
    assert.match(formatQuote(sale, ""), /^you get {3}1\.9 AI, all fees included\nyou pay {3}1 GPU-h$/m);
    assert.equal(nextCommand(sale, ""), `hanzod tx hmm sell gpu ${HOUR} --min-credit 1890500000000000000 --from KEY --wait`);
    const raise = await askQuote(market, "gpu", { sell: "5AI" });
    assert.equal(nextCommand(raise, ""), "hanzod tx hmm sell-exact-out gpu 5000000000000000000 3618000000000 --from KEY --wait");
    const exact = await askQuote(market, "gpu", { buy: "1h" });
    assert.equal(nextCommand(exact, ""), `hanzod tx hmm buy-exact-out gpu ${HOUR} 1909500000000000000 --from KEY --wait`);
    const large = { ...exact, execution: Execution.EXECUTION_SEALED };
    assert.equal(nextCommand(large, ""), "hanzod hmm seal gpu --buy 1GPU-h --limit 1.9095AI/GPU-h --from KEY");
  });

  test("need exactly one amount, and refusals carry the market's code", async () => {
    for (const wish of [{}, { offer: "1h", sell: "1h" }]) await assert.rejects(askQuote(market, "gpu", wish), /expected one amount/);
    const quoteBuy: Market["quoteBuy"] = () =>
      Promise.reject(refusal("expected at most 3, got 5: order exceeds the largest part of the reserve that may trade at once"));
    await assert.rejects(
      askQuote(fakeMarket([gpuView()], { quoteBuy }), "gpu", { offer: "10AI" }),
      (thrown) => thrown instanceof CliError && thrown.refusal?.codespace === "hmm" && thrown.refusal.code === 7,
    );
  });
});

test("a refusal that is not the market's keeps its own codespace and code", () => {
  const other = marketRefusal({ codespace: "sdk", code: 26, log: "height 9 is in the future" });
  assert.deepEqual(other, { name: undefined, refusal: { codespace: "sdk", code: 26 }, why: "height 9 is in the future" });
});

test("waiting orders are shown with what they wait for, from all pools or those of one owner", async () => {
  const order = Order.fromPartial({
    id: 12n,
    owner: "hanzo1me",
    poolId: "gpu",
    side: Side.SIDE_BUY,
    kind: OrderKind.ORDER_KIND_TRADER,
    resource: HOUR.toString(),
    moreResource: HOUR.toString(),
    limitE18: (500_000n * AI).toString(),
    expiresHeight: 30n,
  });
  const market = fakeMarket([gpuView()], {
    orders: async () => ({ orders: [order], pagination: undefined }),
    ordersByOwner: async () => ({ orders: [order, { ...order, poolId: "net" }], pagination: undefined }),
  });
  const [report] = await listOrders(market, {});
  assert.ok(report !== undefined);
  assert.match(formatOrders([report]), /^12 +gpu +buy +trader +2 GPU-h +1\.8 AI\/GPU-h +0 GPU-h +0 AI +30 +hanzo1me$/m);
  assert.deepEqual(Object.entries(orderJson(report)).slice(0, 5), [
    ["id", 12n],
    ["owner", "hanzo1me"],
    ["poolId", "gpu"],
    ["side", "buy"],
    ["kind", "trader"],
  ]);
  assert.equal((await listOrders(market, { owner: "hanzo1me", pool: "gpu" })).length, 1);
  assert.match(formatOrders([]), /no order waits/);
});

test("identities that do not hold stand out and are counted", () => {
  const answer = QueryInvariantsResponse.fromPartial({
    invariants: [
      { name: "vaultIdentity", holds: true },
      { name: "capacityIdentity", holds: false, detail: "gpu: 3 expected, got 4" },
    ],
  });
  const lines = formatInvariants(answer).split("\n");
  assert.match(lines[2] ?? "", /^capacityIdentity +BROKEN +gpu: 3 expected, got 4$/);
  assert.equal(lines.at(-1), "1 hold, 1 do not");
});
