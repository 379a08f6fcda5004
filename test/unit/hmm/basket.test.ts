import assert from "node:assert/strict";
import { test } from "node:test";
import type { MsgAddBasketResponse, MsgRemoveBasketResponse } from "#proto/hanzo/hmm/v1/tx";
import { alice, E18, endBlocks, poolOf, positionOf } from "./liquidityMarket.ts";
import { type MemoryMarket, openMarket, refusal } from "./memoryMarket.ts";

const POOLS = ["disk", "gpu", "vram"];

function stocked(): MemoryMarket {
  const m = openMarket({ holders: POOLS.map((id) => [alice, id, 10n ** 14n] as const) });
  m.send("MintCredit", { sender: alice, amount: (5_000n * E18).toString() });
  return m;
}

const maxima = (amount = 10n ** 14n): object[] => POOLS.map((poolId) => ({ poolId, maxResource: amount.toString() }));
const add = (m: MemoryMarket, request: object = {}): MsgAddBasketResponse =>
  m.send("AddBasket", { sender: alice, pools: maxima(), maxCredit: (100n * E18).toString(), ...request });

test("a basket adds one fraction of every pool, within all maxima", () => {
  const m = stocked();
  const before = POOLS.map((id) => poolOf(m, id));
  const credit = m.balance(alice, "credit");
  const { fractionE18, legs, unlockHeight } = add(m);
  assert.equal(unlockHeight, 301n);
  let total = 0n;
  for (const [i, leg] of legs.entries()) {
    const pool = before[i] ?? assert.fail();
    assert.equal(leg.poolId, pool.id);
    assert.equal(BigInt(leg.shares), (pool.shares * BigInt(fractionE18)) / E18);
    assert.equal(positionOf(m, alice, leg.poolId)?.freshShares, BigInt(leg.shares));
    assert.ok(BigInt(leg.resource) <= 10n ** 14n);
    total += BigInt(leg.credit);
  }
  assert.equal(total, credit - m.balance(alice, "credit"));
  assert.ok(total <= 100n * E18);
  m.requireInvariants();
});

test("the credit limits a basket to its last base units", () => {
  const m = stocked();
  const most = 3n * E18;
  const { legs } = add(m, { maxCredit: most.toString() });
  const total = legs.reduce((sum, { credit }) => sum + BigInt(credit), 0n);
  // Fractions are whole multiples of 10^-18, which are thousands of credit base units here.
  assert.ok(total <= most && most - total <= 100_000n, `${most - total} left`);
});

test("a basket is redeemed at one fraction, and the rest stays", () => {
  const m = stocked();
  const { legs } = add(m);
  assert.throws(() => m.send("RemoveBasket", { sender: alice, poolIds: POOLS, fractionE18: E18.toString() }), refusal("hmm", 13));
  endBlocks(m, 300);
  const before = m.balance(alice, "credit");
  const half = m.send<MsgRemoveBasketResponse>("RemoveBasket", { sender: alice, poolIds: POOLS, fractionE18: (E18 / 2n).toString() });
  assert.deepEqual(
    half.legs.map(({ shares }) => BigInt(shares)),
    legs.map(({ shares }) => BigInt(shares) / 2n),
  );
  const paid = half.legs.reduce((sum, { credit }) => sum + BigInt(credit), 0n);
  assert.equal(m.balance(alice, "credit"), before + paid);
  m.requireInvariants();
  m.send("RemoveBasket", { sender: alice, poolIds: POOLS, fractionE18: E18.toString() });
  assert.equal(positionOf(m, alice, "gpu"), undefined);
  m.requireInvariants();
});

test("a basket is added and redeemed whole or not at all", () => {
  const m = stocked();
  const state = m.exportGenesis();
  assert.throws(() => add(m, { pools: [...maxima(), { poolId: "wind", maxResource: "1" }] }), refusal("hmm", 3));
  assert.throws(() => add(m, { minFractionE18: E18.toString() }), refusal("hmm", 6, /expected a fraction of at least/));
  assert.throws(() => add(m, { pools: maxima(10n ** 15n), maxCredit: (5_000n * E18).toString() }), refusal("sdk", 5));
  assert.throws(() => add(m, { maxCredit: "3" }), refusal("hmm", 5));
  assert.deepEqual(m.exportGenesis(), state);
  add(m);
  endBlocks(m, 300);
  const stockedState = m.exportGenesis();
  const remove = (request: object) => () =>
    m.send("RemoveBasket", { sender: alice, poolIds: POOLS, fractionE18: E18.toString(), ...request });
  assert.throws(remove({ minCredit: (1_000n * E18).toString() }), refusal("hmm", 6, /credit base units together/));
  assert.throws(remove({ poolIds: ["disk", "gpu", "net"] }), refusal("hmm", 11));
  assert.deepEqual(m.exportGenesis(), stockedState);
});

test("baskets out of bounds are refused", () => {
  const m = stocked();
  assert.throws(() => add(m, { pools: [] }), refusal("hmm", 2, /pools: expected 1 to 16, got 0/));
  assert.throws(() => add(m, { pools: maxima().reverse() }), refusal("hmm", 2, /rising order, got "gpu" after "vram"/));
  assert.throws(() => add(m, { pools: [maxima()[0], maxima()[0]] }), refusal("hmm", 2, /rising order/));
  assert.throws(() => add(m, { pools: [{ poolId: "gpu", maxResource: "0" }] }), refusal("hmm", 2, /gpu.max_resource/));
  const ids = Array.from({ length: 17 }, (_, i) => `p${String(i).padStart(2, "0")}`);
  const remove = (request: object) => () => m.send("RemoveBasket", { sender: alice, poolIds: POOLS, fractionE18: "1", ...request });
  assert.throws(remove({ poolIds: ids }), refusal("hmm", 2, /pool_ids: expected 1 to 16, got 17/));
  assert.throws(remove({ fractionE18: (E18 + 1n).toString() }), refusal("hmm", 2, /fraction_e18/));
  assert.throws(remove({ fractionE18: "0" }), refusal("hmm", 2));
});
