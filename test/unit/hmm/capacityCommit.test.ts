import assert from "node:assert/strict";
import { test } from "node:test";
import { CommitmentStatus, OrderKind, Side } from "#proto/hanzo/hmm/v1/types";
import { AUTHORITY, alice, BOND, bob, E18, heldUnits, openCapacityMarket, PSI, UNITS } from "./capacityMarket.ts";
import { ACCOUNT, accountOf, CHAIN, refusal } from "./memoryMarket.ts";

test("committed capacity is minted to the market's account, behind a bond, and belongs to nobody yet", () => {
  const market = openCapacityMarket();
  const before = market.balance(alice, CHAIN.baseDenom);
  const locked = market.balance(ACCOUNT, CHAIN.baseDenom);
  const id = market.commit();
  assert.equal(id, 2n);
  assert.deepEqual(market.commitment(id), {
    id,
    worker: alice,
    poolId: "gpu",
    status: CommitmentStatus.COMMITMENT_STATUS_ACTIVE,
    outstanding: `${UNITS}`,
    unsold: `${UNITS}`,
    onOffer: "0",
    receivable: "0",
    bond: `${BOND}`,
    expiresHeight: 101n,
    weightPpm: 1_000_000,
  });
  assert.equal(heldUnits(market), PSI + UNITS);
  assert.equal(market.balance(alice, "ngpu"), 0n);
  assert.equal(before - market.balance(alice, CHAIN.baseDenom), BOND);
  assert.equal(market.balance(ACCOUNT, CHAIN.baseDenom) - locked, BOND);
  assert.equal(market.lastEvent("EventCapacityCommitted")["expiresHeight"], "101");
  assert.deepEqual(market.orders(), []);
  market.requireInvariants();
});

test("an ask offers all committed units until the order's time is out or the commitment expires", () => {
  const market = openCapacityMarket();
  const ask = { askE18: `${3n * E18}` };
  const long = market.commit(ask);
  const short = market.commit({ ...ask, blocks: 3n });
  const [first, second] = market.orders();
  assert.ok(first !== undefined && second !== undefined);
  assert.deepEqual(
    [first.kind, first.side, first.owner, first.resource],
    [OrderKind.ORDER_KIND_CAPACITY, Side.SIDE_SELL, alice, `${UNITS}`],
  );
  assert.deepEqual([first.commitmentId, first.limitE18, first.expiresHeight], [long, `${3n * E18}`, 10n]);
  assert.deepEqual([second.commitmentId, second.expiresHeight], [short, 3n]);
  assert.equal(market.commitment(long).onOffer, `${UNITS}`);
  market.requireInvariants();
  market.blocks(10);
  assert.deepEqual(market.orders(), []);
  assert.deepEqual([market.commitment(long).onOffer, market.commitment(long).unsold], ["0", `${UNITS}`]);
});

test("the least bond follows the average price and rounds up", () => {
  const market = openCapacityMarket();
  const { priceE18 } = market.query<{ priceE18: string }>("Twap", { poolId: "gpu" });
  assert.equal(priceE18, `${2n * E18}`);
  assert.throws(() => market.commit({ bond: `${BOND - 1n}` }), refusal("hmm", 33, /at least 3000000000 native/));
  assert.throws(() => market.commit({ resource: "1", bond: "2" }), refusal("hmm", 33, /at least 3 /));
  market.commit({ resource: "1", bond: "3" });
  assert.equal(market.facet.leastBond(market.ctx, "gpu", UNITS), BOND);
});

test("a market that asks for no bond takes none", () => {
  const market = openCapacityMarket({ params: { bondBps: 0 } });
  const before = market.balance(alice, CHAIN.baseDenom);
  assert.equal(market.commitment(market.commit({ bond: "0" })).bond, "0");
  assert.equal(market.balance(alice, CHAIN.baseDenom), before);
  market.requireInvariants();
});

test("commitments that cannot be are refused and leave no trace", () => {
  const market = openCapacityMarket({ params: { maxCommitmentBlocks: 100n } });
  const genesis = market.exportGenesis();
  const cases: readonly (readonly [request: object, codespace: string, code: number, text: RegExp])[] = [
    [{ resource: "0" }, "hmm", 2, /resource: expected at least 1/],
    [{ resource: "01" }, "hmm", 2, /resource/],
    [{ resource: `${1n << 128n}` }, "hmm", 2, /resource/],
    [{ bond: "" }, "hmm", 2, /bond/],
    [{ bond: "-1" }, "hmm", 2, /bond/],
    [{ askE18: `${1n << 192n}` }, "hmm", 2, /ask_e18/],
    [{ askE18: "x" }, "hmm", 2, /ask_e18/],
    [{ poolId: "tpu" }, "hmm", 3, /tpu/],
    [{ blocks: 0n }, "hmm", 32, /at least 1, got 0/],
    [{ blocks: 101n }, "hmm", 32, /1 to 100, got 101/],
    [{ bond: `${BOND - 1n}` }, "hmm", 33, /at least 3000000000/],
    [{ sender: accountOf("nobody") }, "sdk", 5, /./],
  ];
  for (const [request, codespace, code, text] of cases) assert.throws(() => market.commit(request), refusal(codespace, code, text));
  assert.deepEqual(market.exportGenesis(), genesis);
  market.setPaused(true);
  assert.throws(() => market.commit(), refusal("hmm", 4));
});

test("units that are neither sold nor on offer can be offered, and cancelling an offer frees them", () => {
  const market = openCapacityMarket();
  const id = market.commit();
  const offer = (units: bigint): bigint =>
    market.send<{ orderId: bigint }>("OfferCapacity", { sender: alice, commitmentId: id, resource: `${units}`, askE18: `${5n * E18}` })
      .orderId;
  const first = offer(UNITS - 10n);
  const second = offer(10n);
  assert.equal(market.commitment(id).onOffer, `${UNITS}`);
  assert.throws(() => offer(1n), refusal("hmm", 34, /at most 0 /));
  assert.throws(() => market.send("CancelOrder", { sender: bob, orderId: first }), refusal("hmm", 20));
  assert.deepEqual(market.send("CancelOrder", { sender: alice, orderId: second }), { resource: "10", credit: "0" });
  assert.equal(market.commitment(id).onOffer, `${UNITS - 10n}`);
  offer(10n);
  market.requireInvariants();
});

test("sold units earn a receivable that the worker cannot touch, and leave the market's account only to buyers", () => {
  const market = openCapacityMarket();
  const id = market.commit({ askE18: `${E18}` });
  const native = market.balance(alice, CHAIN.baseDenom);
  market.blocks(1);
  const { receivable, unsold, onOffer, outstanding } = market.commitment(id);
  assert.deepEqual([unsold, onOffer, outstanding], ["0", "0", `${UNITS}`]);
  // The pool's curve pays a little less than 2 per unit for 0.2 % of its reserve, less 0.3 % of market fee.
  assert.ok(BigInt(receivable) > (UNITS * 198n) / 100n && BigInt(receivable) < (UNITS * 1994n) / 1000n, receivable);
  assert.equal(market.balance(alice, "credit"), 0n);
  assert.equal(market.balance(alice, CHAIN.baseDenom), native);
  assert.equal(heldUnits(market), PSI + UNITS);
  assert.throws(() => market.send("ReleaseCapacity", { sender: alice, commitmentId: id, resource: "1" }), refusal("hmm", 34, /at most 0 /));
});

test("an offer above the price waits, and is filled in part when the price comes to it", () => {
  const market = openCapacityMarket();
  const units = 5n * UNITS;
  const id = market.commit({ resource: `${units}`, bond: `${5n * BOND}`, askE18: `${(201n * E18) / 100n}` });
  market.blocks(1);
  assert.equal(market.commitment(id).unsold, `${units}`);
  market.buy(UNITS * 4n);
  market.blocks(1);
  const { unsold, onOffer, receivable } = market.commitment(id);
  const sold = units - BigInt(unsold);
  assert.ok(sold > UNITS && sold < units, unsold);
  assert.equal(onOffer, unsold);
  assert.ok(BigInt(receivable) * 100n >= sold * 201n - 300n, receivable);
});

test("offers that cannot be are refused", () => {
  const market = openCapacityMarket();
  const id = market.commit({ blocks: 5n });
  const offer = (request: object): unknown =>
    market.send("OfferCapacity", { sender: alice, commitmentId: id, resource: "10", askE18: "1", ...request });
  const cases: readonly (readonly [request: object, code: number])[] = [
    [{ resource: "0" }, 2],
    [{ resource: "" }, 2],
    [{ askE18: "0" }, 2],
    [{ askE18: "" }, 2],
    [{ askE18: `${1n << 192n}` }, 2],
    [{ sender: bob }, 20],
    [{ commitmentId: 0n }, 31],
    [{ commitmentId: 99n }, 31],
    [{ resource: `${UNITS + 1n}` }, 34],
  ];
  for (const [request, code] of cases)
    assert.throws(
      () => offer(request),
      refusal("hmm", code),
      JSON.stringify(request, (_, v) => `${v}`),
    );
  market.setPaused(true);
  assert.throws(() => offer({}), refusal("hmm", 4));
  market.setPaused(false);
  market.blocks(5);
  assert.throws(() => offer({}), refusal("hmm", 31));
});

test("capacity of a pool without reserves can be committed, and not offered", () => {
  const market = openCapacityMarket();
  const pool = { poolId: "tpu", denom: "ntpu", resourceClass: "tpu", centreE18: `${2n * E18}`, wE18: `${E18}`, lambdaE18: `${E18 / 20n}` };
  market.send("CreatePool", { authority: AUTHORITY, ...pool, service: {}, marketFeeE18: `${E18 / 1000n}`, riskE18: `${E18 / 10n}` });
  assert.throws(() => market.commit({ poolId: "tpu", askE18: "1" }), refusal("hmm", 4, /no reserves yet/));
  const id = market.commit({ poolId: "tpu", blocks: 3n });
  assert.throws(
    () => market.send("OfferCapacity", { sender: alice, commitmentId: id, resource: "1", askE18: "1" }),
    refusal("hmm", 4, /no reserves yet/),
  );
  market.blocks(3);
  assert.equal(market.find(id), undefined);
});
