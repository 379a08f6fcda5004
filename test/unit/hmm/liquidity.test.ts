import assert from "node:assert/strict";
import { test } from "node:test";
import type { QueryPoolResponse, QueryPoolsResponse, QueryPositionResponse, QueryPositionsResponse } from "#proto/hanzo/hmm/v1/query";
import type { MsgAddLiquidityResponse, MsgCollectFeesResponse, MsgRemoveLiquidityResponse, MsgSwapResponse } from "#proto/hanzo/hmm/v1/tx";
import { ACCOUNT, accountOf, type MemoryMarket, type MemoryMarketOptions, openMarket, refusal, testClass } from "./memoryMarket.ts";

const alice = accountOf("alice");
const bob = accountOf("bob");
const provider = accountOf("provider");
const E18 = 10n ** 18n;

/** Alice and Bob own credit, Alice owns resource, and a trade has moved the pool off its reference. */
function stocked(): MemoryMarket {
  const m = openMarket({ holders: [[alice, "gpu", 9n * 10n ** 14n]] });
  for (const sender of [alice, bob]) m.send("MintCredit", { sender, amount: (3_000n * E18).toString() });
  m.send("Swap", { sender: alice, poolId: "gpu", creditIn: (10n * E18).toString() });
  m.endBlock();
  return m;
}

const add = (m: MemoryMarket, sender: string, psi: bigint, theta: bigint, minShares = ""): MsgAddLiquidityResponse =>
  m.send("AddLiquidity", { sender, poolId: "gpu", maxResource: psi.toString(), maxCredit: theta.toString(), minShares });

test("liquidity enters in proportion, stays locked, and leaves without profit", () => {
  const m = stocked();
  const psi = m.balance(alice, "ngpu");
  const before = { psi, credit: m.balance(alice, "credit"), price: m.query<QueryPoolResponse>("Pool", { poolId: "gpu" }).pool?.priceE18 };
  const added = add(m, alice, psi, 10n ** 30n);
  assert.equal(added.unlockHeight, 302n);
  assert.ok(BigInt(added.resource) <= psi && BigInt(added.shares) > 0n);
  assert.equal(m.query<QueryPoolResponse>("Pool", { poolId: "gpu" }).pool?.priceE18.slice(0, 12), before.price?.slice(0, 12));
  m.requireInvariants();
  m.endBlock();
  assert.throws(
    () => m.send("RemoveLiquidity", { sender: alice, poolId: "gpu", shares: "1" }),
    refusal("hmm", 13, /expected height 302 or later, got 3/),
  );
  for (let i = 0; i < 300; i++) m.endBlock();
  const removed = m.send<MsgRemoveLiquidityResponse>("RemoveLiquidity", { sender: alice, poolId: "gpu", shares: added.shares });
  assert.ok(BigInt(removed.resource) <= BigInt(added.resource) && BigInt(removed.credit) <= BigInt(added.credit));
  assert.ok(m.balance(alice, "ngpu") <= before.psi && m.balance(alice, "credit") <= before.credit);
  assert.throws(() => m.query("Position", { owner: alice, poolId: "gpu" }), /no position/);
  m.requireInvariants();
});

test("the reference inventory scales with the pool, so liquidity changes no risk fee", () => {
  const m = stocked();
  const pool = (): { psi: bigint; psiRef: bigint } => {
    const state = m.query<QueryPoolResponse>("Pool", { poolId: "gpu" }).pool?.pool;
    return { psi: BigInt(state?.psi ?? ""), psiRef: BigInt(state?.psiRef ?? "") };
  };
  const before = pool();
  add(m, alice, m.balance(alice, "ngpu"), 10n ** 30n);
  const after = pool();
  const error = after.psiRef * before.psi - before.psiRef * after.psi;
  assert.ok(
    after.psi > before.psi && error <= before.psi && -error <= 2n * before.psi,
    `${before.psiRef} of ${before.psi} became ${after.psiRef} of ${after.psi}`,
  );
  const still = openMarket({ holders: [[alice, "gpu", 10n ** 12n]] });
  still.send("MintCredit", { sender: alice, amount: (10n * E18).toString() });
  add(still, alice, 10n ** 12n, 10n ** 30n);
  const state = still.query<QueryPoolResponse>("Pool", { poolId: "gpu" }).pool?.pool;
  assert.equal(state?.psiRef, state?.psi, "a pool at its reference stays there");
});

test("fees are earned by shares, collected once, and are never part of the reserves", () => {
  const m = stocked();
  const added = add(m, alice, m.balance(alice, "ngpu"), 10n ** 30n);
  m.endBlock();
  const held = BigInt(m.query<QueryPoolResponse>("Pool", { poolId: "gpu" }).pool?.pool?.feesHeld ?? "");
  const { trade } = m.send<MsgSwapResponse>("Swap", { sender: bob, poolId: "gpu", creditIn: (10n * E18).toString() });
  const pool = m.query<QueryPoolResponse>("Pool", { poolId: "gpu" }).pool?.pool;
  assert.equal(BigInt(pool?.feesHeld ?? "") - held, BigInt(trade?.lp ?? ""));
  assert.equal(pool?.block?.fees, trade?.lp);
  assert.throws(() => m.send("CollectFees", { sender: alice, poolId: "gpu" }), refusal("hmm", 14), "not before the block has ended");
  m.endBlock();
  const expected = (BigInt(trade?.lp ?? "") * BigInt(added.shares)) / BigInt(pool?.shares ?? "");
  const { position } = m.query<QueryPositionResponse>("Position", { owner: alice, poolId: "gpu" });
  const due = BigInt(position?.collectable ?? "");
  assert.ok(due > 0n && expected - due <= 1n && due <= expected);
  const before = m.balance(alice, "credit");
  const { credit } = m.send<MsgCollectFeesResponse>("CollectFees", { sender: alice, poolId: "gpu" });
  assert.equal(BigInt(credit), due);
  assert.equal(m.balance(alice, "credit"), before + due);
  assert.throws(() => m.send("CollectFees", { sender: alice, poolId: "gpu" }), refusal("hmm", 14));
  m.requireInvariants();
});

test("fees outlive the shares that earned them", () => {
  const m = stocked();
  const { position } = m.query<QueryPositionResponse>("Position", { owner: provider, poolId: "gpu" });
  const due = BigInt(position?.collectable ?? "");
  assert.ok(due > 0n);
  const half = (BigInt(position?.position?.shares ?? "") / 2n).toString();
  m.send("RemoveLiquidity", { sender: provider, poolId: "gpu", shares: half });
  assert.equal(m.query<QueryPositionResponse>("Position", { owner: provider, poolId: "gpu" }).position?.collectable, due.toString());
  assert.equal(BigInt(m.send<MsgCollectFeesResponse>("CollectFees", { sender: provider, poolId: "gpu" }).credit), due);
  m.requireInvariants();
});

test("liquidity requests out of bounds are refused", () => {
  const m = stocked();
  const psi = m.balance(alice, "ngpu");
  assert.throws(() => add(m, alice, 1n, 1n), refusal("hmm", 5, /buy 0 shares/));
  assert.throws(
    () => add(m, alice, psi, 10n ** 30n, (10n ** 30n).toString()),
    refusal("hmm", 6, /expected at least 1000000000000000000000000000000 shares/),
  );
  assert.throws(() => add(m, alice, psi * 2n, 10n ** 30n), refusal("sdk", 5));
  assert.throws(() => add(m, alice, 0n, 1n), refusal("hmm", 2));
  const remove = (request: object) => () => m.send("RemoveLiquidity", { sender: provider, poolId: "gpu", ...request });
  assert.throws(remove({ shares: (10n ** 30n).toString() }), refusal("hmm", 12, /expected at most \d+ shares, got 1/));
  assert.throws(remove({ shares: "1000000", minCredit: (10n ** 30n).toString() }), refusal("hmm", 6));
  assert.throws(remove({ shares: "1000000", minResource: (10n ** 30n).toString() }), refusal("hmm", 6));
  assert.throws(remove({ shares: "1", poolId: "tpu" }), refusal("hmm", 3));
  assert.throws(() => m.send("RemoveLiquidity", { sender: bob, poolId: "gpu", shares: "1" }), refusal("hmm", 11));
  assert.throws(() => m.send("CollectFees", { sender: bob, poolId: "gpu" }), refusal("hmm", 11));
});

test("the last provider cannot take the reserves below their minimum", () => {
  const classes = [testClass(10n ** 9n, 10n ** 9n)];
  const m = openMarket({ genesis: { classes }, change: (g) => ({ ...g, params: { ...(g.params ?? assert.fail()), minReserve: "5000" } }) });
  assert.throws(
    () => m.send("RemoveLiquidity", { sender: provider, poolId: "gpu", shares: (10n ** 9n - 1000n).toString() }),
    refusal("hmm", 9, /psi: expected 5000 to/),
  );
  m.send("RemoveLiquidity", { sender: provider, poolId: "gpu", shares: (10n ** 9n - 5000n).toString() });
  m.requireInvariants();
});

test("shares do not outgrow their width", () => {
  const classes = [testClass(10n ** 6n, 10n ** 9n)];
  const shares = ((1n << 128n) - 1n).toString();
  const change: MemoryMarketOptions["change"] = (g) => ({
    ...g,
    pools: g.pools.map((p) => ({ ...p, shares })),
    positions: g.positions.map((p) => (p.owner === provider ? { ...p, shares: (BigInt(shares) - 1000n).toString() } : p)),
  });
  const m = openMarket({ genesis: { classes }, change });
  m.bank.mint(m.ctx, alice, "ngpu", 10n ** 9n);
  assert.throws(() => add(m, alice, 10n ** 6n, 10n ** 9n), refusal("hmm", 9, /shares: expected less than 2\^128/));
});

test("positions are listed in pages", () => {
  const m = stocked();
  const ids = m.query<QueryPoolsResponse>("Pools", {}).pools.map(({ pool }) => pool?.id);
  const first = m.query<QueryPositionsResponse>("Positions", { owner: ACCOUNT, pagination: { limit: 2n, countTotal: true } });
  assert.deepEqual(
    first.positions.map((p) => p.position?.poolId),
    ids.slice(0, 2),
  );
  assert.equal(first.pagination?.total, BigInt(ids.length));
  const rest = m.query<QueryPositionsResponse>("Positions", { owner: ACCOUNT, pagination: { key: first.pagination?.nextKey } });
  assert.deepEqual(
    rest.positions.map((p) => p.position?.poolId),
    ids.slice(2),
  );
  assert.throws(() => m.query("Positions", { owner: "nobody" }), /bech32/);
});
