// Coins with fractions of atomic units, as rewards are reckoned (cosmos-sdk types DecCoins). Lists are sorted by denomination and hold no zeros
// unless a function says otherwise; which way products and quotients round is part of consensus and stands in the names.
import { decMul, decMulTruncate, decQuoTruncate, decTruncate } from "../math/dec.ts";
import { E18 } from "../math/fixedPoint.ts";
import { minOf } from "../math/minOf.ts";
import { type CoinAmount, compareDenoms, isDenom } from "./coins.ts";
import { formatDecimal, parseDecAtomics } from "./dec.ts";
import { sdkError } from "./errors.ts";

/** An amount of one denomination: atomic units times 10^18. */
export interface DecCoinAmount {
  readonly denom: string;
  readonly amountE18: bigint;
}

/** Sorted by denomination, without zeros. */
export type DecCoins = readonly DecCoinAmount[];

/** A coin with a fraction as messages, state and genesis files carry it: atomics as decimal text. */
export interface DecCoin {
  readonly denom: string;
  readonly amount: string;
}

/** Whole coins as coins with fractions. @param coins valid */
export function toDecCoins(coins: readonly CoinAmount[]): DecCoins {
  return coins.map(({ denom, amount }) => ({ denom, amountE18: amount * E18 }));
}

/** Coins of wire form. Zeros are left out, as the SDK's sums leave them out. @throws sdk/18 for text that is no decimal */
export function decodeDecCoins(coins: readonly DecCoin[]): DecCoins {
  return withoutZeros(coins.map(({ denom, amount }) => ({ denom, amountE18: parseDecAtomics(amount) })));
}

/** Coins in wire form. */
export function encodeDecCoins(coins: DecCoins): { denom: string; amount: string }[] {
  return coins.map(({ denom, amountE18 }) => ({ denom, amount: amountE18.toString() }));
}

/** Text as events show it: `0.500000000000000000photon,2.000000000000000000stake`. */
export function formatDecCoins(coins: DecCoins): string {
  return coins.map(({ denom, amountE18 }) => `${formatDecimal(amountE18)}${denom}`).join(",");
}

/** Says what is wrong with coins of wire form: a bad denomination, an amount that is not positive, the order. @returns undefined when nothing is */
export function explainDecCoins(coins: readonly DecCoin[]): string | undefined {
  let last: string | undefined;
  for (const { denom, amount } of coins) {
    if (!isDenom(denom)) return `invalid denom: ${denom}`;
    const amountE18 = parseDecAtomics(amount);
    if (amountE18 <= 0n) return `coin ${formatDecimal(amountE18)}${denom} amount is not positive`;
    if (last === denom) return `duplicate denomination ${denom}`;
    if (last !== undefined && last > denom) return `denomination ${denom} is not sorted`;
    last = denom;
  }
  return undefined;
}

/** Sum of two lists. */
export function addDecCoins(a: DecCoins, b: DecCoins): DecCoins {
  return merge(a, b, (x, y) => x + y);
}

/**
 * Difference of two lists; what one has and the other has not counts as zero.
 * @returns undefined when some amount would be negative
 */
export function findDecDifference(a: DecCoins, b: DecCoins): DecCoins | undefined {
  const difference = merge(a, b, (x, y) => x - y);
  return difference.some(({ amountE18 }) => amountE18 < 0n) ? undefined : difference;
}

/** Difference of two lists. @throws sdk/35 when some amount would be negative: a mistake of the caller */
export function subDecCoins(a: DecCoins, b: DecCoins): DecCoins {
  const difference = findDecDifference(a, b);
  if (difference === undefined) throw sdkError.logic(`${formatDecCoins(a)} is smaller than ${formatDecCoins(b)}`);
  return difference;
}

/** The lesser amount of every denomination that both lists have. */
export function minDecCoins(a: DecCoins, b: DecCoins): DecCoins {
  return withoutZeros(a.map(({ denom, amountE18 }) => ({ denom, amountE18: minOf(amountE18, decAmountOf(b, denom)) })));
}

/** Amount of a denomination, atomic units times 10^18; 0 if it is not there. */
export function decAmountOf(coins: DecCoins, denom: string): bigint {
  return coins.find((coin) => coin.denom === denom)?.amountE18 ?? 0n;
}

/** Product with a decimal, halves to even. @param factorE18 at least 0 @throws math/2 */
export function mulDecCoins(coins: DecCoins, factorE18: bigint): DecCoins {
  return map(coins, (amountE18) => decMul(amountE18, factorE18));
}

/** Product with a decimal, towards zero. @param factorE18 at least 0 @throws math/2 */
export function mulDecCoinsTruncate(coins: DecCoins, factorE18: bigint): DecCoins {
  return map(coins, (amountE18) => decMulTruncate(amountE18, factorE18));
}

/** Quotient by a decimal, towards zero. @param divisorE18 above 0 @throws math/2, math/3 */
export function quoDecCoinsTruncate(coins: DecCoins, divisorE18: bigint): DecCoins {
  return map(coins, (amountE18) => decQuoTruncate(amountE18, divisorE18));
}

/** Whole coins, and what is left of them. */
export function truncateDecCoins(coins: DecCoins): { readonly whole: readonly CoinAmount[]; readonly change: DecCoins } {
  const whole = coins.map(({ denom, amountE18 }) => ({ denom, amount: decTruncate(amountE18) })).filter(({ amount }) => amount !== 0n);
  return { whole, change: map(coins, (amountE18) => amountE18 % E18) };
}

function map(coins: DecCoins, change: (amountE18: bigint) => bigint): DecCoins {
  return withoutZeros(coins.map(({ denom, amountE18 }) => ({ denom, amountE18: change(amountE18) })));
}

function withoutZeros(coins: DecCoins): DecCoins {
  return coins.filter(({ amountE18 }) => amountE18 !== 0n);
}

function merge(a: DecCoins, b: DecCoins, combine: (x: bigint, y: bigint) => bigint): DecCoins {
  if (b.length === 0) return a;
  const [one, other] = [a[0], b[0]];
  // Most lists hold one denomination, the same one.
  if (a.length === 1 && b.length === 1 && one !== undefined && one.denom === other?.denom) {
    const amountE18 = combine(one.amountE18, other.amountE18);
    return amountE18 === 0n ? [] : [{ denom: one.denom, amountE18 }];
  }
  const denoms = new Set([...a, ...b].map(({ denom }) => denom));
  return withoutZeros(
    [...denoms].sort(compareDenoms).map((denom) => ({ denom, amountE18: combine(decAmountOf(a, denom), decAmountOf(b, denom)) })),
  );
}
