import assert from "node:assert/strict";
import { test } from "node:test";
import { alice, BOND, bob, openCapacityMarket, UNITS } from "./capacityMarket.ts";
import { accountOf, CHAIN, refusal } from "./memoryMarket.ts";

const native = CHAIN.baseDenom;

test("a delivery burns the holder's units and pays the worker its part of the sales and of the bond", () => {
  const market = openCapacityMarket();
  const id = market.commitSold(UNITS, BOND, 100n);
  market.buy(UNITS);
  const receivable = BigInt(market.commitment(id).receivable);
  const before = market.balance(alice, native);
  const supply = market.bank.supply(market.ctx, "ngpu");
  const third = UNITS / 3n;
  const first = market.send("DeliverCapacity", { sender: bob, commitmentId: id, resource: `${third}` });
  const paid = (receivable * third) / UNITS;
  assert.deepEqual(first, { paid: `${paid}`, bondReturned: `${(BOND * third) / UNITS}` });
  assert.equal(market.balance(alice, native) - before, paid + (BOND * third) / UNITS);
  assert.equal(market.balance(bob, "ngpu"), UNITS - third);
  assert.equal(market.bank.supply(market.ctx, "ngpu"), supply - third);
  assert.equal(market.lastEvent("EventCapacityDelivered")["holder"], bob);
  market.requireInvariants();
  market.send("DeliverCapacity", { sender: bob, commitmentId: id, resource: `${UNITS - third}` });
  assert.equal(market.balance(alice, native) - before, receivable + BOND);
  assert.equal(market.find(id), undefined);
  market.blocks(120);
});

test("deliveries of a commitment that still has unsold units leave their bond", () => {
  const market = openCapacityMarket();
  const id = market.commit();
  market.send("OfferCapacity", { sender: alice, commitmentId: id, resource: `${UNITS / 4n}`, askE18: "1" });
  market.blocks(1);
  market.buy(UNITS / 2n);
  assert.throws(
    () => market.send("DeliverCapacity", { sender: bob, commitmentId: id, resource: `${UNITS / 4n + 1n}` }),
    refusal("hmm", 34, /at most 250000000 /),
  );
  market.send("DeliverCapacity", { sender: bob, commitmentId: id, resource: `${UNITS / 4n}` });
  const { outstanding, unsold, receivable, bond } = market.commitment(id);
  assert.deepEqual([outstanding, unsold, receivable, bond], [`${(UNITS * 3n) / 4n}`, `${(UNITS * 3n) / 4n}`, "0", `${(BOND * 3n) / 4n}`]);
  market.requireInvariants();
});

test("deliveries that cannot be are refused", () => {
  const market = openCapacityMarket();
  const id = market.commitSold(UNITS, BOND, 4n);
  market.buy(10n);
  const deliver = (request: object): unknown =>
    market.send("DeliverCapacity", { sender: bob, commitmentId: id, resource: "1", ...request });
  const cases: readonly (readonly [request: object, codespace: string, code: number])[] = [
    [{ resource: "0" }, "hmm", 2],
    [{ resource: "1.5" }, "hmm", 2],
    [{ commitmentId: 0n }, "hmm", 31],
    [{ commitmentId: 77n }, "hmm", 31],
    [{ resource: `${UNITS + 1n}` }, "hmm", 34],
    [{ resource: "11" }, "sdk", 5],
    [{ sender: accountOf("nobody") }, "sdk", 5],
  ];
  for (const [request, codespace, code] of cases) assert.throws(() => deliver(request), refusal(codespace, code));
  deliver({});
  market.blocks(2);
  // Expired in this block: what was owed is bought back now, or was already.
  assert.throws(() => deliver({}), refusal("hmm", 32, /active/));
});

test("deliveries and releases go on while the pool is paused", () => {
  const market = openCapacityMarket();
  const id = market.commitSold(UNITS, BOND, 100n);
  market.buy(10n);
  const other = market.commit();
  market.setPaused(true);
  market.send("DeliverCapacity", { sender: bob, commitmentId: id, resource: "10" });
  market.send("ReleaseCapacity", { sender: alice, commitmentId: other, resource: `${UNITS}` });
  assert.equal(market.find(other), undefined);
  market.requireInvariants();
});

test("releasing burns unsold units and returns their part of the bond, all of it in the end", () => {
  const market = openCapacityMarket();
  const before = market.balance(alice, native);
  const id = market.commit({ resource: "7", bond: "100" });
  const release = (units: bigint): unknown => market.send("ReleaseCapacity", { sender: alice, commitmentId: id, resource: `${units}` });
  assert.deepEqual(release(2n), { bondReturned: "28" });
  assert.deepEqual(release(4n), { bondReturned: "57" });
  assert.equal(market.lastEvent("EventCapacityReleased")["bondReturned"], "57");
  assert.deepEqual(release(1n), { bondReturned: "15" });
  assert.equal(market.balance(alice, native), before);
  assert.equal(market.find(id), undefined);
  market.requireInvariants();
});

test("releases that cannot be are refused", () => {
  const market = openCapacityMarket();
  const id = market.commit({ resource: "1000", bond: "3000", blocks: 3n });
  market.send("OfferCapacity", { sender: alice, commitmentId: id, resource: "400", askE18: `${10n ** 30n}` });
  const release = (request: object): unknown =>
    market.send("ReleaseCapacity", { sender: alice, commitmentId: id, resource: "1", ...request });
  const cases: readonly (readonly [request: object, code: number])[] = [
    [{ resource: "0" }, 2],
    [{ sender: bob }, 20],
    [{ commitmentId: 0n }, 31],
    [{ commitmentId: 5n }, 31],
    [{ resource: "601" }, 34],
  ];
  for (const [request, code] of cases) assert.throws(() => release(request), refusal("hmm", code));
  release({ resource: "600" });
  market.blocks(3);
  assert.throws(() => release({}), refusal("hmm", 31));
});
