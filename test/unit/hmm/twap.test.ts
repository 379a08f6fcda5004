import assert from "node:assert/strict";
import { test } from "node:test";
import type { PoolObservation } from "#proto/hanzo/hmm/v1/types";
import { ModuleError } from "#sdk";
import { priceE18 } from "../../../modules/hmm/curve/math.ts";
import { requireObservations } from "../../../modules/hmm/pool/observations.ts";
import { nextTwap } from "../../../modules/hmm/pool/twap.ts";
import { bob, E18, endBlocks, openSmall, poolOf, twapOf } from "./liquidityMarket.ts";
import { refusal } from "./memoryMarket.ts";
import { createRing, NO_TWAP } from "./priceRing.ts";

const CENTRE = 3n * E18;

test("within a block the average sees nothing of the block's orders", () => {
  const m = openSmall();
  endBlocks(m, 3);
  const before = twapOf(m);
  assert.deepEqual([before.priceE18, before.blocks], [CENTRE.toString(), 3n]);
  m.send("Swap", { sender: bob, poolId: "gpu", creditIn: (7n * 10n ** 9n).toString() });
  assert.deepEqual(twapOf(m), before);
  m.endBlock();
  // The new price counts for the block that has begun with it.
  assert.equal(BigInt(twapOf(m).priceE18), (3n * CENTRE + priceE18(poolOf(m))) / 4n);
  assert.equal(BigInt(twapOf(m, 1n).priceE18), priceE18(poolOf(m)));
});

test("nothing is recorded while the price stays", () => {
  const m = openSmall();
  endBlocks(m, 1);
  const { twap } = poolOf(m);
  assert.deepEqual(twap, { cumulativeE18: 0n, priceE18: CENTRE, height: 1n, count: 1n });
  endBlocks(m, 50);
  assert.deepEqual(poolOf(m).twap, twap);
  assert.deepEqual([twapOf(m).priceE18, twapOf(m).blocks], [CENTRE.toString(), 51n]);
});

test("a jump is recorded in clamped steps, one per block, up and down", () => {
  const at = (priceE18: bigint) => ({ cumulativeE18: 100n, priceE18, height: 5n, count: 7n });
  assert.deepEqual(nextTwap(at(1000n), 2000n, 9n, 500n), { cumulativeE18: 4100n, priceE18: 1050n, height: 9n, count: 8n });
  assert.deepEqual(nextTwap(at(1000n), 0n, 6n, 500n), { cumulativeE18: 1100n, priceE18: 950n, height: 6n, count: 8n });
  assert.equal(nextTwap(at(1000n), 1001n, 6n, 500n).priceE18, 1001n);
  assert.equal(nextTwap(at(3n), 9n, 6n, 500n).priceE18, 4n, "a price of a few units moves, too");
  const still = at(1000n);
  assert.equal(nextTwap(still, 1000n, 6n, 500n), still);
});

test("a window before the first observation is shortened to it", () => {
  const m = openSmall();
  assert.deepEqual([twapOf(m).priceE18, twapOf(m).blocks], [CENTRE.toString(), 0n], "no observation yet: the centre price");
  m.send("Swap", { sender: bob, poolId: "gpu", creditIn: (7n * 10n ** 9n).toString() });
  const price = priceE18(poolOf(m));
  m.endBlock();
  assert.deepEqual([twapOf(m).priceE18, twapOf(m).blocks, twapOf(m).height], [price.toString(), 1n, 2n]);
  endBlocks(m, 9);
  assert.deepEqual([twapOf(m).priceE18, twapOf(m).blocks], [price.toString(), 10n]);
  assert.deepEqual(twapOf(m, 4n).blocks, 4n);
});

test("the ring keeps the last 4096 observations and answers from a dozen of them", () => {
  const ring = createRing();
  const prices: bigint[] = [];
  for (let height = 1n; height <= 9000n; height++) {
    const spot = E18 + ((height * 7919n) % 1000n) * 10n ** 13n;
    prices.push(spot);
    ring.observe(spot, height, 10_000n);
  }
  assert.equal(ring.pool.twap.count, 9000n);
  assert.equal(ring.size(), 4096);
  // The price recorded at the end of height h holds in block h + 1: the average at height 9000 ends with block 9000.
  const naive = (blocks: number): bigint => prices.slice(-1 - blocks, -1).reduce((sum, p) => sum + p, 0n) / BigInt(blocks);
  for (const blocks of [1, 2, 3, 100, 899, 2048, 4094, 4095]) {
    ring.reads = 0;
    assert.deepEqual(ring.average(BigInt(blocks), 9000n), { priceE18: naive(blocks), blocks: BigInt(blocks) });
    assert.ok(ring.reads <= 13, `${ring.reads} reads for ${blocks} blocks`);
  }
  assert.deepEqual(ring.average(5000n, 9000n), { priceE18: naive(4095), blocks: 4095n }, "shortened to what is kept");
});

test("observations of a genesis continue each other up to the pool's accumulator", () => {
  const ring = createRing();
  for (const [height, spot] of [
    [3n, 100n],
    [5n, 102n],
    [9n, 101n],
  ] as const)
    ring.observe(spot, height, 10_000n);
  const { pool } = ring;
  const good: PoolObservation[] = ring.exported();
  requireObservations(pool, good);
  const wrong = (change: (all: PoolObservation[]) => PoolObservation[], text: RegExp): void =>
    assert.throws(() => requireObservations(pool, change(structuredClone(good))), refusal("hmm", 16, text));
  const patch = (index: number, fields: Partial<PoolObservation>) => (all: PoolObservation[]) =>
    all.map((o, i) => (i === index ? { ...o, ...fields } : o));
  wrong((all) => all.slice(1), /expected 3, got 2/);
  wrong(patch(1, { height: 3n }), /\[1\]: expected a height above 3, got 3/);
  wrong(patch(1, { cumulativeE18: "201" }), /\[1\]: expected a cumulative_e18 of 200, got 201/);
  wrong(patch(2, { priceE18: "99" }), /\[2\]: expected the pool's own accumulator/);
  assert.throws(
    () => requireObservations(pool, patch(0, { priceE18: "01" })(good)),
    (e: unknown) => !(e instanceof ModuleError),
  );
  requireObservations({ ...pool, twap: NO_TWAP }, []);
});

test("a context at the height of the last observation averages what came before it", () => {
  const ring = createRing();
  ring.observe(100n, 1n, 10_000n);
  ring.observe(180n, 3n, 10_000n);
  assert.deepEqual(ring.average(10n, 3n), { priceE18: 100n, blocks: 2n });
  assert.deepEqual(ring.average(10n, 4n), { priceE18: (200n + 180n) / 3n, blocks: 3n });
});
