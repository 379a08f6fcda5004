// What the end of a block does to a pool: fees, fresh shares, reference, volatility, risk fee.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { MsgAddLiquidityResponse, MsgCollectFeesResponse, MsgSwapResponse } from "#proto/hanzo/hmm/v1/tx";
import { type Ctx, E18 as ONE } from "#sdk";
import { priceE18, thetaAt } from "../../../modules/hmm/curve/math.ts";
import type { Market } from "../../../modules/hmm/market.ts";
import { isSettled } from "../../../modules/hmm/pool/settled.ts";
import { storePool } from "../../../modules/hmm/pool/storePool.ts";
import { riskOf } from "../../../modules/hmm/pool/volatility.ts";
import { AUTHORITY, alice, bob, E18, endBlocks, openSmall, poolOf, positionOf, provider } from "./liquidityMarket.ts";
import { ACCOUNT, type MemoryMarket, refusal } from "./memoryMarket.ts";

const add = (m: MemoryMarket, sender: string, psi: bigint): MsgAddLiquidityResponse =>
  m.send("AddLiquidity", { sender, poolId: "gpu", maxResource: psi.toString(), maxCredit: (10n ** 30n).toString() });
const swap = (m: MemoryMarket, creditIn: bigint): MsgSwapResponse =>
  m.send("Swap", { sender: bob, poolId: "gpu", creditIn: creditIn.toString() });
const collect = (m: MemoryMarket, sender: string): bigint =>
  BigInt(m.send<MsgCollectFeesResponse>("CollectFees", { sender, poolId: "gpu" }).credit);

test("liquidity added and withdrawn around a trade of one block earns nothing of it", () => {
  const m = openSmall({ params: { liquidityLockBlocks: 0n } });
  const { shares } = add(m, alice, 10n ** 11n);
  const { trade } = swap(m, 7n * 10n ** 9n);
  const fees = BigInt(trade?.lp ?? "");
  assert.ok(fees > 10n ** 6n);
  const remove = (): unknown => m.send("RemoveLiquidity", { sender: alice, poolId: "gpu", shares });
  assert.throws(remove, refusal("hmm", 12, /at most 0 shares, got \d+; \d+ more were issued in this block/));
  assert.throws(() => collect(m, alice), refusal("hmm", 14));
  m.endBlock();
  m.requireInvariants();
  assert.throws(() => collect(m, alice), refusal("hmm", 14));
  const rest = fees - collect(m, provider);
  assert.ok(rest >= 0n && rest <= 2n, "the fees went to the shares that were there before");
  remove();
  assert.equal(positionOf(m, alice), undefined);
  m.requireInvariants();
});

test("fresh shares earn from the next block on, like all others", () => {
  const m = openSmall();
  const { shares } = add(m, alice, 5n * 10n ** 11n);
  assert.deepEqual([positionOf(m, alice)?.shares, positionOf(m, alice)?.freshShares], [0n, BigInt(shares)]);
  m.requireInvariants();
  m.endBlock();
  assert.deepEqual([positionOf(m, alice)?.shares, positionOf(m, alice)?.freshShares], [BigInt(shares), 0n]);
  const { trade } = swap(m, 7n * 10n ** 9n);
  add(m, alice, 10n ** 11n);
  m.endBlock();
  m.requireInvariants();
  const pool = poolOf(m);
  const old = pool.shares - (positionOf(m, alice)?.shares ?? 0n) + BigInt(shares);
  const due = (BigInt(trade?.lp ?? "") * BigInt(shares)) / old;
  const got = collect(m, alice);
  assert.ok(due - got <= 1n && got <= due, `${got} of ${due}`);
});

test("fees of a block in which nearly everybody leaves go to who stays, to the unit", () => {
  const m = openSmall();
  endBlocks(m, 1);
  const { trade } = swap(m, 7n * 10n ** 9n);
  const all = positionOf(m, provider)?.shares ?? 0n;
  m.send("RemoveLiquidity", { sender: provider, poolId: "gpu", shares: (all - 10n ** 6n).toString() });
  m.endBlock();
  const { feesHeld, feeCarryQ128, feeGrowthQ128, shares, block } = poolOf(m);
  assert.deepEqual([block.fees, feesHeld], [0n, BigInt(trade?.lp ?? "")]);
  assert.equal(feeGrowthQ128 * shares + feeCarryQ128, feesHeld << 128n, "nothing is lost");
  m.requireInvariants();
  const dust = feesHeld - collect(m, provider) - (feeGrowthQ128 * (positionOf(m, ACCOUNT)?.shares ?? 0n)) / (1n << 128n);
  assert.ok(dust >= 0n && dust <= 2n);
});

test("the reference follows the reserve and the pool comes to rest exactly there", () => {
  const m = openSmall({ params: { referenceBlocks: 10n, volatilityBlocks: 10n } });
  swap(m, 7n * 10n ** 9n);
  const displaced = poolOf(m);
  assert.ok(displaced.psi < displaced.psiRef);
  m.endBlock();
  const gap = displaced.psiRef - displaced.psi;
  assert.equal(poolOf(m).psiRef, displaced.psiRef - (gap + 9n) / 10n);
  let blocks = 0;
  for (; !isSettled(poolOf(m)); blocks++) {
    assert.ok(blocks < 600);
    m.endBlock();
    m.requireInvariants();
  }
  const { psi, psiRef, volatilityE18, twap } = poolOf(m);
  assert.deepEqual([psiRef, volatilityE18, twap.priceE18], [psi, 0n, priceE18(poolOf(m))]);
  assert.ok(blocks > 100);
});

test("volatility is the average move of a block's trades, and lets a dynamic risk fee follow", () => {
  const m = openSmall({ params: { volatilityBlocks: 4n } });
  m.send("UpdatePool", { authority: AUTHORITY, poolId: "gpu", dynamicRisk: true });
  assert.equal(poolOf(m).riskE18, E18 / 20n);
  const before = priceE18(poolOf(m));
  swap(m, 7n * 10n ** 9n);
  assert.equal(poolOf(m).riskE18, E18 / 20n, "constant within the block");
  m.endBlock();
  const pool = poolOf(m);
  const move = ((priceE18(pool) - before) * ONE) / before;
  assert.ok(move > 40n * 10n ** 14n);
  const error = 4n * pool.volatilityE18 - move;
  assert.ok(error * error < 10n ** 12n, `the first price is found again to its rounding, ${error}`);
  assert.equal(pool.riskE18, E18 / 20n + 30n * pool.volatilityE18);
  m.endBlock();
  assert.equal(poolOf(m).volatilityE18, pool.volatilityE18 - (pool.volatilityE18 + 3n) / 4n, "a quiet block");
  m.requireInvariants();
});

test("deposits, withdrawals and ramps are no volatility", () => {
  const m = openSmall({ params: { liquidityLockBlocks: 0n } });
  m.send("UpdatePool", { authority: AUTHORITY, poolId: "gpu", ramp: { centreE18: (4n * E18).toString() } });
  m.endBlock();
  add(m, alice, 10n ** 11n);
  m.endBlock();
  m.send("RemoveLiquidity", { sender: alice, poolId: "gpu", shares: (10n ** 11n).toString() });
  m.endBlock();
  assert.equal(poolOf(m).volatilityE18, 0n);
  assert.ok(priceE18(poolOf(m)) > 3n * E18);
});

test("the risk fee of a volatility runs from 5 to 20 bps per 1 % of inventory", () => {
  assert.equal(riskOf(0n), 5n * 10n ** 16n);
  assert.equal(riskOf(25n * 10n ** 14n), 125n * 10n ** 15n);
  assert.equal(riskOf(50n * 10n ** 14n), 2n * 10n ** 17n);
  assert.equal(riskOf(10n ** 20n), 2n * 10n ** 17n);
});

test("the move of a block is measured against the price at its start, whatever was added since", () => {
  const [plain, added] = [openSmall(), openSmall()];
  add(added, alice, 10n ** 12n);
  for (const [m, amount] of [
    [plain, 5n * 10n ** 9n],
    [added, 10n ** 10n],
  ] as const) {
    swap(m, amount);
    const pool = poolOf(m);
    const start = priceE18({ ...pool, psi: pool.block.psi, theta: thetaAt(pool, pool.block.psi) });
    assert.ok(start - 3n * E18 <= 10n ** 8n && 3n * E18 - start <= 10n ** 8n, `${start}`);
    m.endBlock();
  }
  const [a, b] = [poolOf(plain).volatilityE18, poolOf(added).volatilityE18];
  assert.ok(a > 0n && (a > b ? a - b : b - a) * 10n ** 6n < a, "twice the order on twice the pool moves as much");
});

test("a pool that comes to rest before the end of a block is not looked at there", () => {
  const marks = new Map<string, boolean>();
  const set = (k: string, v: unknown): unknown => marks.set(k, v === true);
  const moving = {
    has: (_: unknown, k: string) => marks.has(k),
    set: (_: unknown, k: string, v: unknown) => set(k, v),
    delete: (_: unknown, k: string) => marks.delete(k),
  };
  const market = { state: { moving, pools: { set: () => undefined } } } as unknown as Market;
  const ctx = {} as Ctx;
  const m = openSmall();
  endBlocks(m, 1);
  const still = poolOf(m);
  assert.ok(isSettled(still));
  for (const [pool, marked] of [
    [{ ...still, psiRef: still.psi + 1n }, true],
    [still, false],
    [{ ...still, volatilityE18: 1n }, true],
    [{ ...still, dynamicRisk: true, riskE18: 7n }, true],
    [{ ...still, twap: { ...still.twap, priceE18: 1n } }, true],
    [{ ...still, shares: 0n, psiRef: 5n }, false],
  ] as const) {
    storePool(market, ctx, pool);
    assert.equal(marks.has("gpu"), marked);
  }
});
