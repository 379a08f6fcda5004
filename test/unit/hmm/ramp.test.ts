import assert from "node:assert/strict";
import { test } from "node:test";
import { maxReserveRatio } from "../../../modules/hmm/curve/limits.ts";
import { priceE18 } from "../../../modules/hmm/curve/math.ts";
import { stepRamp } from "../../../modules/hmm/pool/ramp.ts";
import type { PoolState } from "../../../modules/hmm/records.ts";
import { AUTHORITY, bob, E18, endBlocks, openSmall, poolOf } from "./liquidityMarket.ts";
import type { MemoryMarket } from "./memoryMarket.ts";

const ramp = (m: MemoryMarket, targets: object): unknown => m.send("UpdatePool", { authority: AUTHORITY, poolId: "gpu", ramp: targets });
/** Distance of two prices in hundredths of a bps of the first. */
const moved = (from: bigint, to: bigint): bigint => ((to > from ? to - from : from - to) * 1_000_000n) / from;

test("a centre price moves by 10 bps a block, the price by less than 2, and arrives", () => {
  const m = openSmall();
  ramp(m, { centreE18: (3n * E18 + E18 / 10n).toString() });
  assert.equal(poolOf(m).centreE18, 3n * E18, "not in the block that asks for it");
  let blocks = 0;
  for (let before = poolOf(m); before.ramp !== undefined; blocks++) {
    m.endBlock();
    m.requireInvariants();
    const after = poolOf(m);
    assert.ok((after.centreE18 - before.centreE18) * 1000n <= before.centreE18);
    assert.ok(moved(priceE18(before), priceE18(after)) <= 200n);
    assert.deepEqual([after.psi, after.theta, after.shares], [before.psi, before.theta, before.shares], "reserves stay");
    before = after;
  }
  assert.equal(poolOf(m).centreE18, 3n * E18 + E18 / 10n);
  assert.equal(blocks, 33);
  endBlocks(m, 1);
  m.requireInvariants();
});

test("between a quarter and four times balance one step moves the price by at most 2 bps, in full steps", () => {
  const base = poolOf(openSmall());
  for (let quarter = 1n; quarter <= 16n; quarter++) {
    for (const up of [true, false]) {
      const pool: PoolState = { ...base, theta: (base.psi * 3n * quarter) / 4n, ramp: { ...base, centreE18: up ? 30n * E18 : E18 } };
      const after = stepRamp(pool, 10n);
      const size = after.centreE18 - pool.centreE18;
      assert.equal(up ? size : -size, pool.centreE18 / 1000n, `r = ${quarter}/4`);
      assert.ok(moved(priceE18(pool), priceE18(after)) <= 200n, `r = ${quarter}/4`);
    }
  }
});

test("where a full step would move the price more, the step is smaller", () => {
  const base = poolOf(openSmall());
  // Θ/(cΨ) = 100: near the end of the band the price follows the centre nearly one to one.
  const far: PoolState = { ...base, theta: base.psi * 300n, ramp: { ...base, centreE18: 30n * E18 } };
  const after = stepRamp(far, 10n);
  assert.ok(after.centreE18 > far.centreE18 && (after.centreE18 - far.centreE18) * 1000n < far.centreE18);
  assert.ok(moved(priceE18(far), priceE18(after)) <= 200n);
  const bent: PoolState = { ...base, theta: base.psi * 12n, ramp: { ...base, lambdaE18: E18 / 5n } };
  const next = stepRamp(bent, 10n);
  assert.ok(next.lambdaE18 > bent.lambdaE18 && moved(priceE18(bent), priceE18(next)) <= 200n);
});

test("weight and curvature move together and never leave λ ≤ w/2", () => {
  const base = poolOf(openSmall());
  const ends = [
    [E18, E18 / 2n],
    [3n * E18, (3n * E18) / 2n],
    [E18 / 3n, 0n],
    [2n * E18, E18 / 7n],
  ] as const;
  for (const [fromW, fromL] of ends) {
    for (const [wE18, lambdaE18] of ends) {
      let pool: PoolState = { ...base, wE18: fromW, lambdaE18: fromL, ramp: { centreE18: base.centreE18, wE18, lambdaE18 } };
      if (fromW === wE18) continue;
      for (let blocks = 0; pool.ramp !== undefined; blocks++) {
        assert.ok(blocks < 9000);
        const after = stepRamp(pool, 10n);
        assert.ok(2n * after.lambdaE18 <= after.wE18);
        assert.ok(moved(priceE18(pool), priceE18(after)) <= 200n);
        pool = after;
      }
      assert.deepEqual([pool.wE18, pool.lambdaE18], [wE18, lambdaE18]);
    }
  }
});

test("a ramp waits where its step would put the reserves outside the curve's range, and goes on when they are back", () => {
  const m = openSmall();
  ramp(m, { lambdaE18: (E18 / 2n).toString() });
  m.endBlock();
  const base = poolOf(m);
  const { num, den } = maxReserveRatio(base);
  // Just inside: a larger λ narrows the range.
  const edge: PoolState = { ...base, theta: (base.psi * 3n * num) / den - 1n };
  assert.equal(stepRamp(edge, 10n), edge);
  assert.notEqual(stepRamp({ ...edge, theta: edge.theta / 2n }, 10n).lambdaE18, edge.lambdaE18);
  const outside: PoolState = { ...edge, theta: edge.theta * 2n, ramp: { ...base, centreE18: 30n * E18 } };
  assert.ok(stepRamp(outside, 10n).centreE18 > outside.centreE18, "a pool outside its range may come back");
});

test("a new ramp replaces an old one, and the present curve as target ends it", () => {
  const m = openSmall();
  ramp(m, { centreE18: (9n * E18).toString() });
  endBlocks(m, 3);
  const { centreE18 } = poolOf(m);
  assert.ok(centreE18 > 3n * E18);
  ramp(m, { wE18: (2n * E18).toString() });
  assert.deepEqual(poolOf(m).ramp, { centreE18, wE18: 2n * E18, lambdaE18: E18 / 20n });
  ramp(m, { wE18: poolOf(m).wE18.toString() });
  assert.equal(poolOf(m).ramp, undefined);
  endBlocks(m, 2);
  assert.equal(poolOf(m).centreE18, centreE18);
  m.requireInvariants();
});

test("orders execute on a moving curve like on any other", () => {
  const m = openSmall();
  ramp(m, { centreE18: (6n * E18).toString() });
  for (let i = 0; i < 40; i++) {
    m.send("Swap", { sender: bob, poolId: "gpu", creditIn: "1000000000" });
    m.endBlock();
    m.requireInvariants();
  }
  assert.ok(poolOf(m).centreE18 > 3n * E18);
});
