import assert from "node:assert/strict";
import { test } from "node:test";
import type { MsgAddLiquidityResponse, MsgAddSingleSidedResponse, MsgBuyExactOutResponse, MsgSellResponse } from "#proto/hanzo/hmm/v1/tx";
import { priceE18 } from "../../../modules/hmm/curve/math.ts";
import { alice, bob, E18, openSmall, poolOf, positionOf } from "./liquidityMarket.ts";
import { type MemoryMarket, refusal } from "./memoryMarket.ts";

type Side = "resource" | "credit";
const addOne = (m: MemoryMarket, side: Side, amount: bigint, minShares = ""): MsgAddSingleSidedResponse =>
  m.send("AddSingleSided", { sender: alice, poolId: "gpu", resource: "", credit: "", [side]: amount.toString(), minShares });

test("credit alone is deposited: a part of it buys the resource that goes with the rest", () => {
  const m = openSmall();
  const before = { credit: m.balance(alice, "credit"), resource: m.balance(alice, "ngpu"), pool: poolOf(m) };
  const offer = 10n ** 10n;
  const { trade, shares, resource, credit } = addOne(m, "credit", offer);
  const spent = before.credit - m.balance(alice, "credit");
  assert.equal(spent, BigInt(trade?.credit ?? "") + BigInt(credit));
  assert.ok(spent <= offer && offer - spent <= 10n, `${offer - spent} left`);
  const left = m.balance(alice, "ngpu") - before.resource;
  assert.equal(left, BigInt(trade?.resource ?? "") - BigInt(resource));
  assert.ok(left >= 0n && left <= 1n, "what was bought is deposited");
  assert.equal(positionOf(m, alice)?.freshShares, BigInt(shares));
  const after = poolOf(m);
  assert.ok(priceE18(after) > priceE18(before.pool), "the purchase moves the price");
  m.requireInvariants();
});

test("resource alone is deposited: a part of it is sold for the credit that goes with the rest", () => {
  const m = openSmall();
  const before = { credit: m.balance(alice, "credit"), resource: m.balance(alice, "ngpu") };
  const offer = 4n * 10n ** 9n;
  const { trade, shares, resource, credit } = addOne(m, "resource", offer);
  const spent = before.resource - m.balance(alice, "ngpu");
  assert.equal(spent, BigInt(trade?.resource ?? "") + BigInt(resource));
  assert.ok(spent <= offer && offer - spent <= 10n, `${offer - spent} left`);
  const left = m.balance(alice, "credit") - before.credit;
  assert.equal(left, BigInt(trade?.credit ?? "") - BigInt(credit));
  assert.ok(left >= 0n && left <= 10n, "what was earned is deposited");
  assert.equal(positionOf(m, alice)?.freshShares, BigInt(shares));
  m.requireInvariants();
});

test("it is a trade and a proportional deposit, to the unit", () => {
  for (const side of ["credit", "resource"] as const) {
    const [one, two] = [openSmall(), openSmall()];
    const offer = 3_654_321_987n;
    const { trade, shares } = addOne(one, side, offer);
    const amounts = { sender: alice, poolId: "gpu" };
    const apart =
      side === "credit"
        ? two.send<MsgBuyExactOutResponse>("BuyExactOut", { ...amounts, amountOut: trade?.resource, maxCredit: trade?.credit })
        : two.send<MsgSellResponse>("Sell", { ...amounts, amountIn: trade?.resource, minCredit: trade?.credit });
    assert.deepEqual(apart.trade, trade);
    const rest = offer - BigInt((side === "credit" ? trade?.credit : trade?.resource) ?? "");
    const [maxResource, maxCredit] = side === "credit" ? [trade?.resource, rest.toString()] : [rest.toString(), trade?.credit];
    const added = two.send<MsgAddLiquidityResponse>("AddLiquidity", { ...amounts, maxResource, maxCredit });
    assert.equal(added.shares, shares);
    assert.deepEqual(poolOf(one), poolOf(two));
  }
});

test("a deposit whose trade leaves the immediate window is refused with the largest one that fits", () => {
  for (const side of ["credit", "resource"] as const) {
    const m = openSmall();
    let largest = 0n;
    assert.throws(
      () => addOne(m, side, 10n ** 12n),
      (e) => {
        largest = BigInt(/expected at most (\d+)/.exec(String(e))?.[1] ?? "0");
        return refusal("hmm", 29, /base units, got 1000000000000/)(e);
      },
    );
    assert.throws(() => addOne(m, side, largest + 20n), refusal("hmm", 29));
    addOne(m, side, largest);
    assert.throws(() => addOne(m, side, 10n ** 9n), refusal("hmm", 29), "the window is used up");
    m.endBlock();
    addOne(m, side, 10n ** 9n);
  }
});

test("deposits scale the immediate window and do not move it", () => {
  const m = openSmall();
  m.send("AddLiquidity", { sender: bob, poolId: "gpu", maxResource: (10n ** 12n).toString(), maxCredit: (3n * 10n ** 12n).toString() });
  const { block, psi } = poolOf(m);
  assert.equal(block.psi, psi);
  const { trade } = addOne(m, "credit", 2n * 10n ** 10n);
  assert.ok(BigInt(trade?.resource ?? "") > 25n * 10n ** 8n, "more than the window before");
});

test("single-sided requests out of bounds are refused", () => {
  const m = openSmall();
  const send = (request: object) => () => m.send("AddSingleSided", { sender: alice, poolId: "gpu", ...request });
  assert.throws(send({}), refusal("hmm", 2, /exactly one of resource and credit/));
  assert.throws(send({ resource: "5", credit: "5" }), refusal("hmm", 2, /got 5 and 5/));
  assert.throws(send({ credit: "1" }), refusal("hmm", 5, /1 base units buy 0 shares/));
  assert.throws(send({ credit: "-1" }), refusal("hmm", 2));
  assert.throws(send({ credit: "1000000", minShares: E18.toString() }), refusal("hmm", 6, /expected at least 1000000000000000000 shares/));
  assert.throws(send({ poolId: "tpu", credit: "1000000" }), refusal("hmm", 3));
  m.send("RedeemCredit", { sender: alice, amount: m.balance(alice, "credit").toString() });
  assert.throws(send({ credit: "1000000" }), refusal("sdk", 5));
  m.requireInvariants();
});
