import assert from "node:assert/strict";
import { test } from "node:test";
import { leastBond } from "../../../modules/hmm/capacity/bond.ts";
import { writeDownReserve } from "../../../modules/hmm/capacity/writeDown.ts";
import { requireReserves } from "../../../modules/hmm/curve/limits.ts";
import { defaultHmmGenesis } from "../../../modules/hmm/localGenesis.ts";
import { type PoolState, poolFromProto } from "../../../modules/hmm/records.ts";
import { E18, PSI, THETA } from "./capacityMarket.ts";
import { ACCOUNT, refusal, testClass } from "./memoryMarket.ts";

const LEAST = 1000n;

/** The pool of the tests, with a block open in which a tenth was bought, from a reserve at its reference. */
function poolOf(psi: bigint, theta: bigint): PoolState {
  const [message] = defaultHmmGenesis({ account: ACCOUNT, nativeDenom: "atest", classes: [testClass(PSI, THETA)] }).genesis.pools;
  assert.ok(message !== undefined);
  const pool = poolFromProto(message);
  return { ...pool, psi, theta, block: { height: 7n, psi: PSI, fees: 0n, freshShares: 0n, burn: 0n, treasury: 0n } };
}

test("a loss shrinks reserve, reference and the block's first reserve in proportion, and nothing else", () => {
  const before = poolOf((PSI * 9n) / 10n, THETA);
  const { lost, pool } = writeDownReserve(before, PSI / 10n, LEAST);
  assert.equal(lost, PSI / 10n);
  assert.deepEqual(pool, {
    ...before,
    psi: (PSI * 8n) / 10n,
    psiRef: (PSI * 8n + 8n) / 9n,
    block: { ...before.block, psi: (PSI * 8n + 8n) / 9n },
  });
});

test("a reserve at its reference stays there", () => {
  const { pool } = writeDownReserve(poolOf(PSI, THETA), 12_345n, LEAST);
  assert.deepEqual([pool.psi, pool.psiRef, pool.block.psi], [PSI - 12_345n, PSI - 12_345n, PSI - 12_345n]);
});

test("the loss ends where the price has covered its band, to the unit", () => {
  const before = poolOf(PSI, THETA);
  const { lost, pool } = writeDownReserve(before, PSI, LEAST);
  // Θ/(cΨ) is at most 379 on this curve.
  assert.equal(pool.psi, (PSI + 378n) / 379n);
  assert.equal(lost, PSI - pool.psi);
  requireReserves(pool, pool, LEAST);
  assert.throws(() => requireReserves(pool, { psi: pool.psi - 1n, theta: THETA }, LEAST), refusal("hmm", 9));
});

test("the loss ends at the least reserve, and a reserve below it loses nothing", () => {
  const least = PSI / 2n;
  assert.equal(writeDownReserve(poolOf(PSI, THETA), PSI, least).pool.psi, least);
  const low = poolOf(PSI / 3n, THETA);
  assert.deepEqual(writeDownReserve(low, PSI, least), { lost: 0n, pool: low });
  const empty = poolOf(0n, 0n);
  assert.deepEqual(writeDownReserve(empty, 5n, LEAST), { lost: 0n, pool: empty });
});

test("a bond is a part of the value, rounded up", () => {
  assert.equal(leastBond({ bondBps: 15_000 }, 1n, 1n), 1n);
  assert.equal(leastBond({ bondBps: 15_000 }, 10n, E18), 15n);
  assert.equal(leastBond({ bondBps: 15_000 }, 11n, E18), 17n);
  assert.equal(leastBond({ bondBps: 0 }, 11n, E18), 0n);
});
