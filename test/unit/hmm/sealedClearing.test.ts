// Sealed orders in the whole market: what happens to them in the batch, and what their owners and liquidity providers get.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { QueryBatchResponse, QueryOrdersResponse, QueryRoundResponse } from "#proto/hanzo/hmm/v1/query";
import type { MsgCollectFeesResponse } from "#proto/hanzo/hmm/v1/tx";
import { moduleAddress } from "#sdk";
import { createSealedOrder, type SealedOrderPlan } from "../../../app/client/sealedOrder.ts";
import { PoolStatus, Side } from "./marketTypes.ts";
import {
  ACCOUNT,
  accountOf,
  address,
  CHAIN,
  type MemoryMarket,
  type MemoryMarketOptions,
  openMarket,
  refusal,
  TREASURY,
} from "./memoryMarket.ts";

const alice = accountOf("alice");
const bob = accountOf("bob");
const E18 = 10n ** 18n;
/** 0.0005 credit per GPU-second, in credit base units per resource base unit times 10¹⁸. */
const CENTRE = 5n * 10n ** 23n;
const PSI = 10n ** 16n;
/** 3 % of the reserve: large. */
const LARGE = (3n * PSI) / 100n;
/** Block of the first round in which orders clear: five blocks of commits, five of reveals. */
const LAST = 10n;

function open(options: MemoryMarketOptions = {}): MemoryMarket {
  const m = openMarket({
    holders: [
      [alice, "gpu", PSI],
      [bob, "gpu", PSI],
    ],
    ...options,
  });
  for (const sender of [alice, bob]) m.send("MintCredit", { sender, amount: (5_000n * E18).toString() });
  m.events.length = 0;
  return m;
}

function goTo(m: MemoryMarket, height: bigint): void {
  while (m.ctx.height < height) {
    m.endBlock();
    m.requireInvariants();
  }
}

function seal(m: MemoryMarket, sender: string, side: Side, limitE18: bigint, resource: bigint = LARGE): SealedOrderPlan {
  const round = m.query<QueryRoundResponse>("Round", {}).round?.id ?? assert.fail();
  const plan = createSealedOrder({ chainId: m.ctx.chainId, round, poolId: "gpu", sender, side, resource, limitE18 });
  m.send("CommitOrder", plan.commit);
  m.requireInvariants();
  return plan;
}

const closedBecause = (m: MemoryMarket): readonly string[] =>
  m.events
    .filter(({ type }) => type === "hanzo.hmm.v1.EventOrderClosed")
    .map(({ attributes }) => attributes.find(({ key }) => key === "reason")?.value ?? "");

test("a large order is refused in the open and fills when it was sealed", () => {
  const m = open();
  const order = { sender: alice, poolId: "gpu", side: Side.SIDE_BUY, resource: LARGE.toString(), limitE18: (2n * CENTRE).toString() };
  assert.throws(() => m.send("PlaceOrder", order), refusal("hmm", 21, /MsgCommitOrder/));
  const [credit, resource] = [m.balance(alice, "credit"), m.balance(alice, "ngpu")];
  const plan = seal(m, alice, Side.SIDE_BUY, 2n * CENTRE);
  assert.equal(m.balance(alice, "credit"), credit - 1000n * E18);
  goTo(m, 6n);
  m.send("RevealOrder", plan.reveal);
  goTo(m, LAST);
  assert.equal(m.balance(alice, "ngpu"), resource);
  goTo(m, LAST + 1n);
  assert.deepEqual(closedBecause(m), ["filled"]);
  assert.equal(m.balance(alice, "ngpu"), resource + LARGE);
  const paid = credit - m.balance(alice, "credit");
  assert.ok(paid > (LARGE * CENTRE) / E18 && paid < (LARGE * 2n * CENTRE) / E18, `${paid}`);
  const { batch } = m.query<QueryBatchResponse>("Batch", { poolId: "gpu" });
  assert.deepEqual([batch?.height, batch?.bought], [LAST, LARGE.toString()]);
});

test("a sealed buy and a sealed sale of one size meet at one price in the batch", () => {
  const m = open();
  const plans = [seal(m, alice, Side.SIDE_BUY, 2n * CENTRE), seal(m, bob, Side.SIDE_SELL, CENTRE / 2n)];
  const [credit, resource] = [m.balance(bob, "credit"), m.balance(bob, "ngpu")];
  goTo(m, 7n);
  for (const { reveal } of plans) m.send("RevealOrder", reveal);
  m.requireInvariants();
  goTo(m, LAST + 1n);
  assert.deepEqual(closedBecause(m), ["filled", "filled"]);
  assert.equal(m.balance(bob, "ngpu"), resource - LARGE);
  assert.ok(m.balance(bob, "credit") > credit + 1000n * E18, "deposit and proceeds");
  const { batch } = m.query<QueryBatchResponse>("Batch", { poolId: "gpu" });
  assert.equal(batch?.bought, batch?.sold);
});

test("a sealed order whose limit the batch does not reach gets everything back", () => {
  const m = open();
  const [credit, resource] = [m.balance(alice, "credit"), m.balance(alice, "ngpu")];
  const plans = [seal(m, alice, Side.SIDE_BUY, CENTRE / 2n), seal(m, alice, Side.SIDE_SELL, 2n * CENTRE)];
  goTo(m, LAST);
  for (const { reveal } of plans) m.send("RevealOrder", reveal);
  goTo(m, LAST + 1n);
  assert.deepEqual([m.balance(alice, "credit"), m.balance(alice, "ngpu")], [credit, resource]);
  assert.equal(closedBecause(m).length, 2);
  assert.deepEqual(m.query<QueryOrdersResponse>("Orders", {}).orders, []);
});

test("liquidity providers can collect their half of a forfeited deposit from the next block on", () => {
  const m = open();
  const credit = m.balance(alice, "credit");
  seal(m, alice, Side.SIDE_BUY, CENTRE);
  goTo(m, LAST + 1n);
  const lost = 10n * E18;
  assert.equal(m.balance(alice, "credit"), credit - lost);
  const { credit: collected } = m.send<MsgCollectFeesResponse>("CollectFees", { sender: accountOf("provider"), poolId: "gpu" });
  // All but what the permanently locked shares earn, and the rounding.
  assert.ok(BigInt(collected) <= lost / 2n && BigInt(collected) > ((lost / 2n) * 999n) / 1000n, collected);
  m.requireInvariants();
});

test("orders of a pool that is paused when the round ends clear after the pause", () => {
  const m = open();
  const setStatus = (status: PoolStatus): unknown =>
    m.send("SetPoolStatus", { authority: address.format(moduleAddress("gov")), poolId: "gpu", status });
  const plan = seal(m, alice, Side.SIDE_BUY, 2n * CENTRE);
  goTo(m, 6n);
  setStatus(PoolStatus.POOL_STATUS_PAUSED);
  m.send("RevealOrder", plan.reveal);
  goTo(m, LAST + 3n);
  assert.equal(m.query<QueryOrdersResponse>("Orders", { poolId: "gpu" }).orders.length, 1);
  setStatus(PoolStatus.POOL_STATUS_ACTIVE);
  const resource = m.balance(alice, "ngpu");
  goTo(m, LAST + 4n);
  assert.equal(m.balance(alice, "ngpu"), resource + LARGE);
  assert.deepEqual(closedBecause(m), ["filled"]);
});

/** All coins of the accounts that these tests use. */
function coinsOf(m: MemoryMarket): (readonly [owner: string, denom: string, amount: bigint])[] {
  const denoms = ["credit", CHAIN.baseDenom, ...m.exportGenesis().pools.map(({ denom }) => denom)];
  const owners = [alice, bob, accountOf("provider"), ACCOUNT, TREASURY];
  return owners
    .flatMap((owner) => denoms.map((denom) => [owner, denom, m.balance(owner, denom)] as const))
    .filter(([, , amount]) => amount > 0n);
}

test("a market exported in the middle of a round goes on there as if nothing had happened", () => {
  const first = open();
  const plans = [seal(first, alice, Side.SIDE_BUY, 2n * CENTRE), seal(first, bob, Side.SIDE_SELL, CENTRE / 2n)];
  seal(first, bob, Side.SIDE_BUY, CENTRE);
  goTo(first, 6n);
  first.send("RevealOrder", plans[1]?.reveal ?? assert.fail());
  const exported = first.exportGenesis();
  assert.deepEqual([exported.round?.id, exported.round?.sealed, exported.sealedOrders.length], [1n, 3, 3]);
  const second = openMarket({ height: 6n, coins: coinsOf(first), change: () => exported });
  assert.deepEqual(second.exportGenesis(), exported);
  for (const m of [first, second]) {
    m.send("RevealOrder", plans[0]?.reveal ?? assert.fail());
    goTo(m, LAST + 2n);
  }
  assert.deepEqual(coinsOf(second), coinsOf(first));
  assert.deepEqual(second.exportGenesis(), first.exportGenesis());
});
