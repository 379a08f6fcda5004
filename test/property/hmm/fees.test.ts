import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { accrueFees, feesEarned, grossOf, netOf, type QuotePool, splitFees } from "../../../modules/hmm/fees.ts";
import { type Quote, quoteBuyExactIn, quoteBuyExactOut, quoteSell, quoteSellExactOut } from "../../../modules/hmm/quote.ts";
import { anyPool, part, ppm, spread } from "./pools.ts";

const RUNS = { seed: 42, numRuns: 800 } as const;
const bought = (pool: QuotePool, { psi, curve }: Quote): QuotePool => ({ ...pool, psi: pool.psi - psi, theta: pool.theta + curve });
const sold = (pool: QuotePool, { psi, curve }: Quote): QuotePool => ({ ...pool, psi: pool.psi + psi, theta: pool.theta - curve });

test("an exact-in buy gets the most resource whose gross price the offer covers, and is charged that price", () => {
  fc.assert(
    fc.property(anyPool, ppm, (pool, m) => {
      const offer = part(pool.theta, m);
      const { psi, credit, curve, marketFee, riskFee } = quoteBuyExactIn(pool, offer);
      assert.ok(credit <= offer);
      assert.equal(credit, curve + marketFee + riskFee);
      assert.deepEqual(quoteBuyExactOut(pool, psi).credit, credit);
      if (psi + 1n < pool.psi) assert.ok(quoteBuyExactOut(pool, psi + 1n).credit > offer, "one more unit would cost more than the offer");
    }),
    RUNS,
  );
});

test("an exact-out buy bought back as exact-in gets at least as much", () => {
  fc.assert(
    fc.property(anyPool, ppm, (pool, m) => {
      const y = part(pool.psi, m);
      const { credit } = quoteBuyExactOut(pool, y);
      assert.ok(quoteBuyExactIn(pool, credit).psi >= y);
    }),
    RUNS,
  );
});

test("a sale for an exact amount is the smallest that brings it", () => {
  fc.assert(
    fc.property(anyPool, ppm, (pool, m) => {
      const target = quoteSell(pool, part(pool.psi, m)).credit;
      if (target <= 0n) return;
      const { psi, credit } = quoteSellExactOut(pool, target);
      assert.ok(credit >= target);
      assert.ok(quoteSell(pool, psi - 1n).credit < target);
    }),
    RUNS,
  );
});

test("splitting an order never pays, and costs at most three units per piece", () => {
  fc.assert(
    fc.property(anyPool, ppm, fc.integer({ min: 2, max: 6 }), fc.boolean(), (pool, m, pieces, buy) => {
      const total = part(pool.psi, m) * BigInt(pieces);
      if (total * 10n > pool.psi * 6n) return;
      const whole = buy ? quoteBuyExactOut(pool, total) : quoteSell(pool, total);
      let at = pool;
      let sum = 0n;
      for (let i = 0; i < pieces; i++) {
        const quote = buy ? quoteBuyExactOut(at, total / BigInt(pieces)) : quoteSell(at, total / BigInt(pieces));
        // The market refuses an order that moves or brings nothing.
        if (quote.curve === 0n || quote.credit <= 0n) return;
        sum += quote.credit;
        at = buy ? bought(at, quote) : sold(at, quote);
      }
      const lost = buy ? sum - whole.credit : whole.credit - sum;
      assert.ok(lost >= 0n, `splitting gained ${-lost} units`);
      assert.ok(lost <= 4n * BigInt(pieces), `${pieces} pieces cost ${lost} units more`);
    }),
    RUNS,
  );
});

test("no sequence of buys and sales that returns the resource returns more credit than it cost", () => {
  fc.assert(
    fc.property(anyPool, fc.array(fc.tuple(fc.boolean(), ppm), { minLength: 1, maxLength: 12 }), (pool, steps) => {
      let at = pool;
      let credit = 0n;
      let resource = 0n;
      for (const [buy, m] of steps) {
        const y = part(at.psi, m / 4n + 1n);
        if (!buy && at.psi + y > 2n * pool.psi) continue;
        const quote = buy ? quoteBuyExactOut(at, y) : quoteSell(at, y);
        credit += buy ? -quote.credit : quote.credit;
        resource += buy ? y : -y;
        at = buy ? bought(at, quote) : sold(at, quote);
      }
      if (resource > 0n) credit += quoteSell(at, resource).credit;
      else if (resource < 0n) credit -= quoteBuyExactOut(at, -resource).credit;
      assert.ok(credit <= 0n, `gained ${credit}`);
    }),
    RUNS,
  );
});

test("the gross price of a net cost and the net cost that a gross covers are inverse", () => {
  fc.assert(
    fc.property(anyPool, spread(1, 110), (pool, amount) => {
      assert.ok(grossOf(pool, netOf(pool, amount)) <= amount);
      assert.ok(grossOf(pool, netOf(pool, amount) + 1n) > amount);
    }),
    RUNS,
  );
});

test("nothing is lost between burn, treasury and liquidity providers", () => {
  fc.assert(
    fc.property(
      spread(1, 110),
      spread(1, 110),
      fc.bigInt({ min: 0n, max: 10_000n }),
      fc.bigInt({ min: 0n, max: 10_000n }),
      (fee, risk, burnBps, treasuryBps) => {
        const { burn, treasury, lp } = splitFees(fee, risk, burnBps, treasuryBps);
        assert.equal(burn + treasury + lp, fee + risk);
        assert.ok(burn >= 0n && treasury >= 0n && lp >= risk);
      },
    ),
    RUNS,
  );
});

test("providers together never earn more than the fees, and lose less than one unit each", () => {
  fc.assert(
    fc.property(
      fc.array(spread(1, 80), { minLength: 1, maxLength: 5 }),
      fc.array(spread(1, 90), { minLength: 1, maxLength: 8 }),
      (holders, fees) => {
        const shares = holders.reduce((a, b) => a + b, 0n);
        let growth = { feeGrowthQ128: 0n, feeCarryQ128: 0n };
        for (const fee of fees) growth = accrueFees(growth, fee, shares);
        const earned = holders.reduce((sum, s) => sum + feesEarned(s, 0n, growth.feeGrowthQ128), 0n);
        const total = fees.reduce((a, b) => a + b, 0n);
        assert.ok(earned <= total && total - earned <= BigInt(holders.length));
      },
    ),
    RUNS,
  );
});
