// P17: in what order an account sends its trades of a block cannot lower what it pays for them.
import assert from "node:assert/strict";
import type { QuotePool } from "../../../../modules/hmm/curve/fees.ts";
import { h2 } from "../../../../modules/hmm/curve/math.ts";
import { quoteBuyExactOut, quoteSell } from "../../../../modules/hmm/curve/quote.ts";
import { fc } from "../../../harness/fastCheck.ts";
import { anyPool, part, ppm } from "../pools.ts";
import { define, type Property } from "./property.ts";

interface Trades {
  readonly pool: QuotePool;
  /** Signed parts of the reserve: positive amounts are bought. */
  readonly amounts: readonly (readonly [buy: boolean, size: bigint])[];
  readonly order: readonly number[];
}

/** What a sequence of trades pays, sales counted negative: with all fees, and of that the fees. */
function payFor(pool: QuotePool, amounts: readonly bigint[]): { readonly credit: bigint; readonly fees: bigint } {
  let at = pool;
  let credit = 0n;
  let fees = 0n;
  for (const amount of amounts) {
    if (amount < 0n) fc.pre(at.lambdaE18 * (at.centreE18 * (at.psi - amount)) ** 2n < h2(at));
    const quote = amount > 0n ? quoteBuyExactOut(at, amount) : quoteSell(at, -amount);
    fc.pre(quote.curve > 0n && quote.credit > 0n);
    credit += amount > 0n ? quote.credit : -quote.credit;
    fees += quote.marketFee + quote.riskFee;
    at = { ...at, psi: at.psi - amount, theta: at.theta + (amount > 0n ? quote.curve : -quote.curve) };
  }
  return { credit, fees };
}

function signedAmounts({ pool, amounts }: Trades): bigint[] {
  return amounts.map(([buy, m]) => (buy ? 1n : -1n) * part(pool.psi, m / 8n + 1n));
}

/** Rounding of a sequence: three units per trade, as for splits. */
const rounding = (trades: number): bigint => 3n * BigInt(trades) + 1n;

function oneWayInAnyOrder(trades: Trades): void {
  const sizes = signedAmounts(trades).map((amount) => (amount < 0n ? -amount : amount));
  fc.pre(sizes.reduce((a, b) => a + b, 0n) * 10n <= trades.pool.psi * 6n);
  const signed = trades.amounts[0]?.[0] === true ? sizes : sizes.map((size) => -size);
  const sorted = trades.order.flatMap((i) => signed[i] ?? []);
  const a = payFor(trades.pool, signed);
  const b = payFor(trades.pool, sorted);
  const apart = a.credit > b.credit ? a.credit - b.credit : b.credit - a.credit;
  assert.ok(apart <= rounding(signed.length), `orders of the same trades are ${apart} units apart`);
}

function noOrderBeatsTheNet(trades: Trades): void {
  const amounts = trades.order.flatMap((i) => signedAmounts(trades)[i] ?? []);
  const net = amounts.reduce((a, b) => a + b, 0n);
  fc.pre(net !== 0n && amounts.every((_, i) => amounts.slice(0, i + 1).reduce((a, b) => a + b, 0n) * 10n <= trades.pool.psi * 6n));
  const whole = payFor(trades.pool, [net]);
  const parts = payFor(trades.pool, amounts);
  assert.ok(parts.credit + rounding(amounts.length) >= whole.credit, "no order of trades pays less than their net at once");
  assert.ok(parts.fees + 2n * rounding(amounts.length) >= whole.fees, "nor do its fees come to less");
}

const trades = fc.array(fc.tuple(fc.boolean(), ppm), { minLength: 2, maxLength: 6 }).chain((amounts) =>
  fc.record({
    pool: anyPool,
    amounts: fc.constant(amounts),
    order: fc.shuffledSubarray([...amounts.keys()], { minLength: amounts.length, maxLength: amounts.length }),
  }),
);

/** Claims about the order of one's own trades. */
export const tradeOrderProperties: readonly Property[] = [
  define("P17.1", "trades in one direction pay the same in every order, to the units of rounding", 500, trades, oneWayInAnyOrder),
  define("P17.2", "no order of buys and sales pays less than their net would, nor less fees", 500, trades, noOrderBeatsTheNet),
];
