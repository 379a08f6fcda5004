import assert from "node:assert/strict";
import { test } from "node:test";
import { CommitmentStatus, OrderKind } from "#proto/hanzo/hmm/v1/types";
import { moduleAddress } from "#sdk";
import type { CommittedCapacity, WeightedCapacity } from "../../../modules/hmm/capacity/facet.ts";
import { alice, BOND, bob, type CapacityMarket, E18, openCapacityMarket, UNITS } from "./capacityMarket.ts";
import { accountOf, address, CHAIN, refusal } from "./memoryMarket.ts";

const native = CHAIN.baseDenom;
/** Account of a module that settles jobs. */
const ESCROW = address.format(moduleAddress("poai"));

const commit = (market: CapacityMarket, change: Partial<WeightedCapacity> = {}): CommittedCapacity =>
  market.facet.commit(market.ctx, {
    worker: alice,
    poolId: "gpu",
    capacity: UNITS,
    weightPpm: 1_000_000,
    bond: BOND,
    blocks: 100n,
    askE18: 0n,
    ...change,
  });

test("a tranche is minted with its quality weight, rounded down, and keeps it", () => {
  const market = openCapacityMarket();
  const { commitmentId, units, expiresHeight, orderId } = commit(market, { capacity: 1001n, weightPpm: 750_000, bond: 2250n, askE18: E18 });
  assert.deepEqual([units, expiresHeight, orderId], [750n, 101n, 1n]);
  assert.equal(market.facet.find(market.ctx, commitmentId)?.weightPpm, 750_000);
  assert.equal(market.commitment(commitmentId).outstanding, "750");
  market.requireInvariants();
});

test("a bond kept elsewhere is 0 here; any other must reach the least", () => {
  const market = openCapacityMarket();
  const before = market.balance(alice, native);
  const { commitmentId } = commit(market, { bond: 0n });
  assert.equal(market.balance(alice, native), before);
  assert.equal(market.commitment(commitmentId).bond, "0");
  assert.throws(() => commit(market, { bond: BOND - 1n }), refusal("hmm", 33));
  assert.throws(() => market.commit({ bond: "0" }), refusal("hmm", 33));
});

test("what the facet cannot commit is refused", () => {
  const market = openCapacityMarket();
  const cases: readonly (readonly [change: Partial<WeightedCapacity>, code: number])[] = [
    [{ capacity: 0n }, 2],
    [{ capacity: 1n, weightPpm: 999_999 }, 2],
    [{ capacity: 1n << 128n }, 2],
    [{ poolId: "tpu" }, 3],
    [{ weightPpm: 0 }, 32],
    [{ weightPpm: 1_000_001 }, 32],
    [{ blocks: 0n }, 32],
  ];
  for (const [change, code] of cases) assert.throws(() => commit(market, change), refusal("hmm", code));
  assert.throws(() => market.facet.leastBond(market.ctx, "tpu", 1n), refusal("hmm", 3));
  market.setPaused(true);
  assert.throws(() => commit(market), refusal("hmm", 4));
  market.requireInvariants();
});

test("the payment of a delivery can go to an account that splits it; the bond is the worker's", () => {
  const market = openCapacityMarket();
  const id = market.commitSold(UNITS, BOND, 100n);
  market.buy(UNITS);
  const receivable = BigInt(market.commitment(id).receivable);
  const before = market.balance(alice, native);
  assert.equal(market.facet.soldOf(market.ctx, id), UNITS);
  const payment = market.facet.deliver(market.ctx, { holder: bob, commitmentId: id, units: UNITS, payee: ESCROW });
  assert.deepEqual(payment, { paid: receivable, bondReturned: BOND });
  assert.equal(market.balance(ESCROW, native), receivable);
  assert.equal(market.balance(alice, native), before + BOND);
  assert.equal(market.facet.find(market.ctx, id), undefined);
  assert.equal(market.facet.soldOf(market.ctx, id), 0n);
  market.requireInvariants();
});

test("a release through the facet returns the bond's part", () => {
  const market = openCapacityMarket();
  const { commitmentId } = commit(market);
  assert.equal(market.facet.release(market.ctx, { worker: alice, commitmentId, units: UNITS / 4n }), BOND / 4n);
  assert.throws(() => market.facet.release(market.ctx, { worker: bob, commitmentId, units: 1n }), refusal("hmm", 20));
  market.requireInvariants();
});

test("a bond can grow by another account's tokens, and a guilty worker loses at most all of it", () => {
  const market = openCapacityMarket();
  const { commitmentId } = commit(market, { bond: 0n, blocks: 2n });
  market.facet.topUp(market.ctx, commitmentId, bob, 500n);
  assert.equal(market.facet.slash(market.ctx, commitmentId, ESCROW, 200n), 200n);
  assert.equal(market.commitment(commitmentId).bond, "300");
  assert.equal(market.facet.slash(market.ctx, commitmentId, ESCROW, 400n), 300n);
  assert.equal(market.facet.slash(market.ctx, commitmentId, ESCROW, 1n), 0n);
  assert.equal(market.balance(ESCROW, native), 500n);
  assert.throws(() => market.facet.topUp(market.ctx, commitmentId, accountOf("nobody"), 1n), refusal("sdk", 5));
  assert.throws(() => market.facet.topUp(market.ctx, 99n, bob, 1n), refusal("hmm", 31));
  assert.throws(() => market.facet.slash(market.ctx, 99n, bob, 1n), refusal("hmm", 31));
  market.requireInvariants();
});

test("an expired commitment takes no more bond", () => {
  const market = openCapacityMarket();
  const id = market.commitSold(UNITS, BOND, 2n);
  market.blocks(1);
  assert.equal(market.commitment(id).status, CommitmentStatus.COMMITMENT_STATUS_EXPIRED);
  assert.throws(() => market.facet.topUp(market.ctx, id, bob, 1n), refusal("hmm", 32));
});

test("unused units are sold in the next batch, and their owner gets at most what they cost", () => {
  const market = openCapacityMarket();
  market.commitSold(UNITS, BOND, 100n);
  market.buy(UNITS);
  const orderId = market.facet.returnUnits(market.ctx, { owner: bob, poolId: "gpu", resource: UNITS, creditCap: 1_000_000n });
  const [order] = market.orders();
  assert.deepEqual([order?.id, order?.kind, order?.creditCap], [orderId, OrderKind.ORDER_KIND_RETURN, "1000000"]);
  const before = market.balance(bob, "credit");
  const held = (): bigint => BigInt(market.query<{ pool: { pool: { feesHeld: string } } }>("Pool", { poolId: "gpu" }).pool.pool.feesHeld);
  const fees = held();
  market.blocks(1);
  assert.equal(market.balance(bob, "ngpu"), 0n);
  assert.equal(market.balance(bob, "credit"), before + 1_000_000n);
  // Nearly all of the proceeds, about 2 per unit, are liquidity providers'.
  assert.ok(held() - fees > (UNITS * 19n) / 10n);
});

test("unused units below their cap bring what the batch pays", () => {
  const market = openCapacityMarket();
  market.commitSold(UNITS, BOND, 100n);
  market.buy(UNITS);
  const before = market.balance(bob, "credit");
  market.facet.returnUnits(market.ctx, { owner: bob, poolId: "gpu", resource: UNITS, creditCap: UNITS * 10n });
  market.blocks(1);
  const proceeds = market.balance(bob, "credit") - before;
  assert.ok(proceeds > (UNITS * 19n) / 10n && proceeds < UNITS * 2n, `${proceeds}`);
});

test("units that nobody holds or of no pool cannot be returned", () => {
  const market = openCapacityMarket();
  const unused = { owner: bob, poolId: "gpu", resource: 1n, creditCap: 1n };
  assert.throws(() => market.facet.returnUnits(market.ctx, unused), refusal("sdk", 5));
  assert.throws(() => market.facet.returnUnits(market.ctx, { ...unused, poolId: "tpu" }), refusal("hmm", 3));
});

test("unsold units can become liquidity, and the worker owes them like sold ones", () => {
  const market = openCapacityMarket({ params: { liquidityLockBlocks: 0n } });
  const id = market.commit();
  market.send("MintCredit", { sender: alice, amount: `${UNITS * 3n}` });
  const add = { sender: alice, poolId: "gpu", maxResource: `${UNITS / 2n}`, maxCredit: `${UNITS * 2n}`, commitmentId: id };
  assert.throws(() => market.send("AddLiquidity", { ...add, sender: bob }), refusal("hmm", 20));
  assert.throws(() => market.send("AddLiquidity", { ...add, commitmentId: 9n }), refusal("hmm", 31));
  assert.throws(
    () => market.send("AddLiquidity", { ...add, maxResource: `${UNITS + 1n}`, maxCredit: `${UNITS * 3n}` }),
    refusal("hmm", 34),
  );
  const { resource } = market.send<{ resource: string }>("AddLiquidity", add);
  assert.equal(resource, `${UNITS / 2n}`);
  const { outstanding, unsold, receivable } = market.commitment(id);
  assert.deepEqual([outstanding, unsold, receivable], [`${UNITS}`, `${UNITS / 2n}`, "0"]);
  assert.equal(market.facet.soldOf(market.ctx, id), UNITS / 2n);
  market.blocks(110);
  assert.equal(market.find(id), undefined);
  assert.equal(market.lastEvent("EventCapacitySettled")["boughtBack"], `${UNITS / 2n}`);
});
