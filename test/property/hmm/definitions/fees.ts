// P5, P6, P4 with fees, and the pure part of P3: what orders cost with all fees.
import assert from "node:assert/strict";
import { accrueFees, feesEarned, grossOf, netOf, type QuotePool, splitFees } from "../../../../modules/hmm/curve/fees.ts";
import { h2 } from "../../../../modules/hmm/curve/math.ts";
import { type Quote, quoteBuyExactIn, quoteBuyExactOut, quoteSell, quoteSellExactOut } from "../../../../modules/hmm/curve/quote.ts";
import { fc } from "../../../harness/fastCheck.ts";
import { anyPool, part, ppm, spread } from "../pools.ts";
import { define, type Property } from "./property.ts";

interface Order {
  readonly pool: QuotePool;
  readonly m: bigint;
}
interface Pieces extends Order {
  /** Weights of the pieces. */
  readonly weights: readonly bigint[];
  readonly buy: boolean;
}
interface Walk {
  readonly pool: QuotePool;
  readonly steps: readonly (readonly [boolean, bigint])[];
}

const order: fc.Arbitrary<Order> = fc.record({ pool: anyPool, m: ppm });
const bought = (pool: QuotePool, { psi, curve }: Quote): QuotePool => ({ ...pool, psi: pool.psi - psi, theta: pool.theta + curve });
const sold = (pool: QuotePool, { psi, curve }: Quote): QuotePool => ({ ...pool, psi: pool.psi + psi, theta: pool.theta - curve });

/** Sales that would take the whole credit reserve are refused: not what these claims are about. */
function passOverDrain(pool: QuotePool, psi: bigint): void {
  fc.pre(pool.lambdaE18 * (pool.centreE18 * (pool.psi + psi)) ** 2n < h2(pool));
}

function buysTheMost({ pool, m }: Order): void {
  const offer = part(pool.theta, m);
  const { psi, credit, curve, marketFee, riskFee } = quoteBuyExactIn(pool, offer);
  assert.ok(credit <= offer);
  assert.equal(credit, curve + marketFee + riskFee);
  assert.deepEqual(quoteBuyExactOut(pool, psi).credit, credit);
  if (psi + 1n < pool.psi) assert.ok(quoteBuyExactOut(pool, psi + 1n).credit > offer, "one more unit would cost more than the offer");
}

function buysBackAsMuch({ pool, m }: Order): void {
  const y = part(pool.psi, m);
  const { credit } = quoteBuyExactOut(pool, y);
  assert.ok(quoteBuyExactIn(pool, credit).psi >= y);
}

function sellsTheLeast({ pool, m }: Order): void {
  const target = quoteSell(pool, part(pool.psi, m)).credit;
  fc.pre(target > 2n);
  const { psi, credit } = quoteSellExactOut(pool, target);
  assert.ok(credit >= target);
  assert.ok(quoteSell(pool, psi - 1n).credit < target, "one unit less brings less");
  // Two fees round up and can dip by a unit each where a unit of resource is worth less than one of credit.
  assert.ok(quoteSellExactOut(pool, target - 2n).psi <= part(pool.psi, m), "no smaller sale brings two units more");
}

function growsWithFees({ pool, m, n }: Order & { readonly n: bigint }): void {
  const [a, b] = [part(pool.psi, m), part(pool.psi, m) + part(pool.psi, n)];
  assert.ok(quoteBuyExactOut(pool, b).credit >= quoteBuyExactOut(pool, a).credit, "more costs more");
  passOverDrain(pool, b);
  assert.ok(quoteSell(pool, b).credit + 2n >= quoteSell(pool, a).credit, "more brings more, to the units of rounding");
  const offer = part(pool.theta, m);
  assert.ok(quoteBuyExactIn(pool, offer + part(pool.theta, n)).psi >= quoteBuyExactIn(pool, offer).psi);
}

function splitNeverPays({ pool, m, weights, buy }: Pieces): void {
  const sizes = weights.map((weight) => part(pool.psi, (m * weight) / 10n + 1n));
  const total = sizes.reduce((a, b) => a + b, 0n);
  fc.pre(total * 10n <= pool.psi * 6n);
  if (!buy) passOverDrain(pool, total);
  const whole = buy ? quoteBuyExactOut(pool, total) : quoteSell(pool, total);
  let at = pool;
  let sum = 0n;
  for (const size of sizes) {
    const quote = buy ? quoteBuyExactOut(at, size) : quoteSell(at, size);
    // The market refuses an order that moves or brings nothing.
    fc.pre(quote.curve > 0n && quote.credit > 0n);
    sum += quote.credit;
    at = buy ? bought(at, quote) : sold(at, quote);
  }
  const lost = buy ? sum - whole.credit : whole.credit - sum;
  // Every piece lifts H by its rounding, and with it the reference that the next piece's risk is counted from: rarely, by one unit in all.
  assert.ok(lost >= -1n, `splitting gained ${-lost} units`);
  assert.ok(lost >= 0n || pool.riskE18 > 0n, "without a risk fee not even that unit");
  assert.ok(lost <= 3n * BigInt(sizes.length), `${sizes.length} pieces cost ${lost} units more`);
}

function roundTripNeverPays({ pool, steps }: Walk): void {
  let at = pool;
  let credit = 0n;
  let resource = 0n;
  for (const [buy, m] of steps) {
    const y = part(at.psi, m / 4n + 1n);
    if (!buy && at.psi + y > 2n * pool.psi) continue;
    if (!buy) passOverDrain(at, y);
    const quote = buy ? quoteBuyExactOut(at, y) : quoteSell(at, y);
    credit += buy ? -quote.credit : quote.credit;
    resource += buy ? y : -y;
    at = buy ? bought(at, quote) : sold(at, quote);
  }
  if (resource > 0n) {
    passOverDrain(at, resource);
    credit += quoteSell(at, resource).credit;
  } else if (resource < 0n) credit -= quoteBuyExactOut(at, -resource).credit;
  assert.ok(credit <= 0n, `gained ${credit}`);
}

function grossInvertsNet({ pool, amount }: { readonly pool: QuotePool; readonly amount: bigint }): void {
  assert.ok(grossOf(pool, netOf(pool, amount)) <= amount);
  assert.ok(grossOf(pool, netOf(pool, amount) + 1n) > amount);
}

const bps = fc.bigInt({ min: 0n, max: 10_000n });
const pieces = fc.record({
  pool: anyPool,
  m: ppm,
  weights: fc.array(fc.bigInt({ min: 1n, max: 10n }), { minLength: 2, maxLength: 6 }),
  buy: fc.boolean(),
});
const steps = fc.record({ pool: anyPool, steps: fc.array(fc.tuple(fc.boolean(), ppm), { minLength: 1, maxLength: 12 }) });

/** Claims about quotes and fees. */
export const feeProperties: readonly Property[] = [
  define("P3.1", "no walk of buys and sales that returns the resource returns more credit than it cost", 500, steps, roundTripNeverPays),
  define("P4.2", "with all fees more still costs more and brings more", 500, fc.record({ pool: anyPool, m: ppm, n: ppm }), growsWithFees),
  define("P5.1", "an exact-in buy gets the most resource that the offer covers, and is charged its price", 500, order, buysTheMost),
  define("P5.2", "an exact-out buy bought back as exact-in gets at least as much", 500, order, buysBackAsMuch),
  define("P5.3", "a sale for an exact amount brings it and is the smallest, to the rounding of its fees", 400, order, sellsTheLeast),
  define(
    "P5.4",
    "the gross price of a net cost and the net cost that a gross covers are inverse",
    600,
    fc.record({ pool: anyPool, amount: spread(1, 110) }),
    grossInvertsNet,
  ),
  define(
    "P6.1",
    "splitting an order never pays more than one unit of rounding, and costs at most three units per piece",
    700,
    pieces,
    splitNeverPays,
  ),
  define(
    "P2.2",
    "nothing is lost between burn, treasury and liquidity providers",
    600,
    fc.tuple(spread(1, 110), spread(1, 110), bps, bps),
    ([fee, risk, burnBps, treasuryBps]) => {
      const { burn, treasury, lp } = splitFees(fee, risk, burnBps, treasuryBps);
      assert.equal(burn + treasury + lp, fee + risk);
      assert.ok(burn >= 0n && treasury >= 0n && lp >= risk);
    },
  ),
  define(
    "P2.3",
    "providers together never earn more than the fees, and lose less than one unit each",
    500,
    fc.tuple(fc.array(spread(1, 80), { minLength: 1, maxLength: 5 }), fc.array(spread(1, 90), { minLength: 1, maxLength: 8 })),
    ([holders, fees]) => {
      const shares = holders.reduce((a, b) => a + b, 0n);
      let growth = { feeGrowthQ128: 0n, feeCarryQ128: 0n };
      for (const fee of fees) growth = accrueFees(growth, fee, shares);
      const earned = holders.reduce((sum, s) => sum + feesEarned(s, 0n, growth.feeGrowthQ128), 0n);
      const total = fees.reduce((a, b) => a + b, 0n);
      assert.ok(earned <= total && total - earned <= BigInt(holders.length));
    },
  ),
];
