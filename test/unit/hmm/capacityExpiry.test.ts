import assert from "node:assert/strict";
import { test } from "node:test";
import { CommitmentStatus, OrderKind, Side } from "#proto/hanzo/hmm/v1/types";
import { alice, BOND, bob, type CapacityMarket, E18, heldUnits, openCapacityMarket, PSI, UNITS } from "./capacityMarket.ts";
import { ACCOUNT, CHAIN, type MemoryMarketOptions } from "./memoryMarket.ts";

const native = CHAIN.baseDenom;

interface PoolFigures {
  readonly psi: bigint;
  readonly theta: bigint;
  readonly feesHeld: bigint;
  readonly psiRef: bigint;
}

function pool(market: CapacityMarket): PoolFigures {
  const { pool: view } = market.query<{ pool: { pool: Readonly<Record<string, string>> } }>("Pool", { poolId: "gpu" });
  const read = (name: string): bigint => BigInt(view.pool[name] ?? assert.fail(name));
  return { psi: read("psi"), theta: read("theta"), feesHeld: read("feesHeld"), psiRef: read("psiRef") };
}

/** Large orders in one block, so that a test need not commit and reveal. */
const OPEN: MemoryMarketOptions = { params: { largeOrderBps: 10_000, maxOrderBps: 10_000, blockLimitBps: 9000, orderBlocks: 2n } };

/** Moves the price to about ten times its centre: Bob buys nine tenths of the reserve in two steps. */
function raisePrice(market: CapacityMarket): void {
  market.buy((PSI * 70n) / 100n);
  const more = (PSI * 12n) / 100n;
  market.send("MintCredit", { sender: bob, amount: `${more * 50n}` });
  const order = { sender: bob, poolId: "gpu", side: Side.SIDE_BUY, resource: `${more}`, limitE18: `${40n * E18}`, blocks: 1n };
  market.send("PlaceOrder", order);
  market.blocks(1);
  const { priceE18 } = market.query<{ pool: { priceE18: string } }>("Pool", { poolId: "gpu" }).pool;
  assert.ok(BigInt(priceE18) > 18n * E18, priceE18);
}

test("unsold units of an expired commitment are burned and the whole bond returns", () => {
  const market = openCapacityMarket();
  const before = market.balance(alice, native);
  const id = market.commit({ blocks: 3n, askE18: `${100n * E18}` });
  market.blocks(2);
  assert.ok(market.find(id) !== undefined);
  market.blocks(1);
  assert.equal(market.find(id), undefined);
  assert.equal(market.balance(alice, native), before);
  assert.equal(heldUnits(market), PSI);
  assert.equal(market.lastEvent("EventCapacityExpired")["burned"], `${UNITS}`);
  assert.equal(market.lastEvent("EventCapacitySettled")["returned"], `${BOND}`);
});

test("what was sold and not delivered is bought back from sales and bond, and the rest is the worker's", () => {
  const market = openCapacityMarket();
  const before = market.balance(alice, native);
  const id = market.commitSold(UNITS, BOND, 5n);
  const receivable = BigInt(market.commitment(id).receivable);
  const start = pool(market);
  market.blocks(4);
  const expired = market.commitment(id);
  assert.equal(expired.status, CommitmentStatus.COMMITMENT_STATUS_EXPIRED);
  assert.deepEqual([expired.outstanding, expired.unsold, expired.receivable, expired.bond], [`${UNITS}`, "0", "0", "0"]);
  const [order] = market.orders();
  assert.ok(order !== undefined);
  assert.deepEqual([order.kind, order.side, order.owner, order.resource], [OrderKind.ORDER_KIND_BUYBACK, Side.SIDE_BUY, alice, `${UNITS}`]);
  assert.deepEqual([order.escrow, order.commitmentId], [`${receivable + BOND}`, id]);
  assert.throws(() => market.send("CancelOrder", { sender: alice, orderId: order.id }), /cannot be cancelled/);
  market.blocks(1);
  assert.equal(market.find(id), undefined);
  const { boughtBack, writtenDown, uncovered, cost, returned } = market.lastEvent("EventCapacitySettled") as Record<string, string>;
  assert.deepEqual([boughtBack, writtenDown, uncovered], [`${UNITS}`, "0", "0"]);
  assert.equal(BigInt(cost ?? ""), receivable + BOND - BigInt(returned ?? ""));
  assert.equal(market.balance(alice, native), before + receivable - BigInt(cost ?? ""));
  // A round trip costs the worker its fees, and liquidity providers nothing.
  assert.ok(BigInt(cost ?? "") > receivable);
  const end = pool(market);
  assert.equal(end.psi, start.psi - UNITS);
  assert.ok(end.feesHeld > start.feesHeld);
  assert.equal(market.bank.supply(market.ctx, "ngpu"), PSI);
});

test("after a rise of the price by ten nothing can be bought back, and providers get the money for what the reserve loses", () => {
  const market = openCapacityMarket({ ...OPEN, native: 10n ** 15n });
  const id = market.commitSold(UNITS, BOND, 8n);
  const receivable = BigInt(market.commitment(id).receivable);
  raisePrice(market);
  const alicesNative = market.balance(alice, native);
  while (market.commitment(id).status !== CommitmentStatus.COMMITMENT_STATUS_EXPIRED) market.blocks(1);
  const before = pool(market);
  market.blocks(1);
  assert.equal(market.commitment(id).status, CommitmentStatus.COMMITMENT_STATUS_EXPIRED, "nobody sells at a quarter of the price");
  market.endBlockHeard();
  market.requireInvariants();
  assert.deepEqual(market.defaults, [{ worker: alice, poolId: "gpu", lost: UNITS }]);
  assert.equal(market.find(id), undefined);
  const settled = market.lastEvent("EventCapacitySettled");
  assert.deepEqual([settled["boughtBack"], settled["writtenDown"], settled["uncovered"], settled["returned"]], ["0", `${UNITS}`, "0", "0"]);
  const loss = market.lastEvent("EventLpLoss");
  assert.equal(loss["compensation"], `${receivable + BOND}`);
  assert.ok(BigInt(loss["h2After"] ?? "") < BigInt(loss["h2Before"] ?? ""));
  const after = pool(market);
  assert.equal(after.psi, before.psi - UNITS);
  assert.equal(after.theta, before.theta);
  assert.equal(after.feesHeld - before.feesHeld, receivable + BOND);
  assert.equal(market.balance(alice, native), alicesNative);
});

test("a buy-back that is filled in part writes down only the rest, and pays what is left to liquidity providers", () => {
  const market = openCapacityMarket({ ...OPEN, native: 10n ** 15n });
  const units = PSI / 10n;
  const bond = (BOND * units) / UNITS;
  const id = market.commitSold(units, bond, 4n);
  const funds = BigInt(market.commitment(id).receivable) + bond;
  market.buy((PSI * 42n) / 100n);
  market.blocks(2);
  const before = pool(market);
  market.blocks(2);
  assert.equal(market.find(id), undefined);
  const settled = market.lastEvent("EventCapacitySettled");
  const [boughtBack, writtenDown, cost] = ["boughtBack", "writtenDown", "cost"].map((name) => BigInt(settled[name] ?? "")) as [
    bigint,
    bigint,
    bigint,
  ];
  assert.ok(boughtBack > 0n && writtenDown > 0n, `${boughtBack}, ${writtenDown}`);
  assert.equal(boughtBack + writtenDown, units);
  assert.deepEqual([settled["uncovered"], settled["returned"]], ["0", "0"]);
  assert.equal(market.lastEvent("EventLpLoss")["compensation"], `${funds - cost}`);
  assert.equal(pool(market).psi, before.psi - units);
  // The limit was all the money over all units, so what is left pays at least the same for every missing unit.
  assert.ok((funds - cost) * units >= funds * writtenDown - 100n * units);
});

test("a worker that defaults with buyers in the same batch takes nothing from them", () => {
  const market = openCapacityMarket({ ...OPEN, native: 10n ** 15n });
  const id = market.commitSold(UNITS, BOND, 6n);
  market.blocks(5);
  assert.equal(market.commitment(id).status, CommitmentStatus.COMMITMENT_STATUS_EXPIRED);
  // Its buy-back and Bob's purchase clear in one batch at one price.
  market.buy(PSI / 100n);
  assert.equal(market.find(id), undefined);
  const batch = market.query<{ batch: { orders: number; fills: number; bought: string } }>("Batch", { poolId: "gpu" }).batch;
  assert.deepEqual([batch.orders, batch.fills, batch.bought], [2, 2, `${UNITS + PSI / 100n}`]);
});

test("a commitment whose money is worth nothing is written down at once", () => {
  const market = openCapacityMarket({ params: { bondBps: 0 } });
  const id = market.commitSold(5n, 0n, 3n);
  assert.ok(BigInt(market.commitment(id).receivable) < 22n);
  const before = pool(market);
  market.blocks(2);
  assert.equal(market.find(id), undefined);
  assert.deepEqual(market.orders(), []);
  assert.equal(pool(market).psi, before.psi - 5n);
  assert.equal(market.lastEvent("EventCapacitySettled")["writtenDown"], "5");
});

test("what the reserve cannot lose stays outstanding in default, and can be burned by its holders", () => {
  const market = openCapacityMarket({ ...OPEN, params: { ...OPEN.params, bondBps: 0 }, native: 10n ** 16n });
  const units = (PSI * 85n) / 100n;
  const id = market.facet.commit(market.ctx, {
    worker: alice,
    poolId: "gpu",
    capacity: units,
    weightPpm: 1_000_000,
    bond: 0n,
    blocks: 7n,
    askE18: 1n,
  }).commitmentId;
  market.blocks(1);
  market.buy((PSI * 148n) / 100n);
  const more = (PSI * 30n) / 100n;
  market.send("MintCredit", { sender: bob, amount: `${more * 60n}` });
  market.send("PlaceOrder", { sender: bob, poolId: "gpu", side: Side.SIDE_BUY, resource: `${more}`, limitE18: `${45n * E18}`, blocks: 1n });
  market.blocks(1);
  while (market.commitment(id).status !== CommitmentStatus.COMMITMENT_STATUS_DEFAULTED) market.blocks(1);
  const { outstanding, unsold, receivable, bond } = market.commitment(id);
  assert.ok(BigInt(outstanding) > 0n);
  assert.deepEqual([unsold, receivable, bond], ["0", "0", "0"]);
  const { uncovered, writtenDown } = market.lastEvent("EventCapacitySettled") as Record<string, string>;
  assert.equal(uncovered, outstanding);
  assert.ok(BigInt(writtenDown ?? "") > 0n);
  assert.deepEqual(market.send("DeliverCapacity", { sender: bob, commitmentId: id, resource: outstanding }), {
    paid: "0",
    bondReturned: "0",
  });
  assert.equal(market.find(id), undefined);
  market.requireInvariants();
});

test("while the pool is paused a buy-back goes on waiting, with its account", () => {
  const market = openCapacityMarket({ params: { orderBlocks: 3n } });
  const id = market.commitSold(UNITS, BOND, 3n);
  market.setPaused(true);
  market.blocks(20);
  assert.equal(market.commitment(id).status, CommitmentStatus.COMMITMENT_STATUS_EXPIRED);
  assert.equal(market.orders().length, 1);
  market.setPaused(false);
  market.blocks(1);
  assert.equal(market.find(id), undefined);
  assert.equal(market.lastEvent("EventCapacitySettled")["boughtBack"], `${UNITS}`);
});

test("offers that the batches never reached are closed by the expiry", () => {
  const market = openCapacityMarket({ params: { maxBatchOrders: 1 } });
  const before = market.balance(alice, native);
  market.send("MintCredit", { sender: bob, amount: "1000000" });
  market.send("PlaceOrder", { sender: bob, poolId: "gpu", side: Side.SIDE_BUY, resource: "1", limitE18: "1", blocks: 10n });
  const id = market.commit({ blocks: 4n, askE18: `${100n * E18}` });
  market.blocks(4);
  assert.equal(market.find(id), undefined);
  assert.equal(market.orders().length, 1);
  assert.equal(market.balance(alice, native), before);
});

test("more expiries than a block has room for go on in the next, and nothing can be done with them meanwhile", () => {
  const market = openCapacityMarket({ params: { bondBps: 0 } });
  const ids = Array.from({ length: 300 }, () => market.commit({ resource: "1", bond: "0", blocks: 2n }));
  const [last] = ids.slice(-1);
  assert.ok(last !== undefined);
  market.blocks(2);
  assert.equal(ids.filter((id) => market.find(id) !== undefined).length, 300 - 256);
  assert.throws(() => market.send("ReleaseCapacity", { sender: alice, commitmentId: last, resource: "1" }), /expire after height/);
  market.blocks(1);
  assert.equal(ids.filter((id) => market.find(id) !== undefined).length, 0);
});

test("the books of an expiry balance: credit is as much as the vault holds, and the account holds every coin", () => {
  const market = openCapacityMarket();
  market.commitSold(UNITS, BOND, 4n);
  market.blocks(3);
  const supply = market.bank.supply(market.ctx, "credit");
  const vault = market.query<{ locked: string }>("Vault", {});
  assert.equal(vault.locked, `${supply}`);
  assert.equal(market.balance(ACCOUNT, native), supply);
});
