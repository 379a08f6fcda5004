// How much a pool trades at a price. Rounding makes the pool's average price of small amounts uneven, so "the largest amount that holds" is
// not one thing: it is defined by halving from a fixed end. This file finds what that halving finds with a fraction of its evaluations.
//
// Because the end does not depend on the price, a better price never makes the pool trade less: every amount that held holds still, so the
// first step at which two halvings part goes up for the better price and down for the other.
import { E18 } from "#sdk";

/**
 * Credit by which rounding can move a pool's total, times 10¹⁸, with room to spare: the curve by one unit, or two where it is stretched, the
 * risk potential before and after by one each, and by another third of one through the curve.
 */
export const FUZZ = 8n * E18;
/** Mean slacks carry this many binary places. */
const MEAN_BITS = 64n;
/** Rounds of the secant search; what is still open after them is left to halving. */
const MOST_ROUNDS = 12;

/** What a pool says to amounts at one price. */
export interface Offer {
  /** Halving begins here, whatever the price; resource base units. */
  readonly top: bigint;
  /** Every amount from here on fails; at most the top. */
  readonly beyond: bigint;
  /** Credit by which the pool is better off at an amount than at the price, times 10¹⁸: the amount holds from 0 on. */
  slack(psi: bigint): bigint;
  /** Whether the mean price moves one way only but for rounding, so that one evaluation speaks for its neighbours. */
  readonly even: boolean;
  /** Slack per unit of the smallest amounts, times 2⁶⁴. */
  readonly meanAtZero: bigint;
  /** Where the search begins, below `beyond`, resource base units. */
  readonly guess: bigint;
}

/** What evaluations prove: every amount from `no` on fails; an amount up to `yes` holds when its share of the surplus exceeds the fuzz. */
interface Window {
  readonly yes: bigint;
  readonly surplus: bigint;
  readonly no: bigint;
}

function widened(window: Window, psi: bigint, slack: bigint): Window {
  if (slack <= -FUZZ && psi < window.no) return { ...window, no: psi };
  if (slack > FUZZ && psi > window.yes) return { ...window, yes: psi, surplus: slack - FUZZ };
  return window;
}

/** Secants on the mean slack, which is nearly a straight line; every probe aims a little past the root, so that both ends close in. */
function closeIn({ beyond, slack, meanAtZero, guess }: Offer): Window {
  let window: Window = { yes: 0n, surplus: 0n, no: beyond };
  let last = { psi: 0n, mean: meanAtZero };
  let psi = guess;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    if (psi <= window.yes) psi = window.yes + 1n;
    if (psi >= window.no) psi = window.no - 1n;
    if (psi <= window.yes) break;
    const value = slack(psi);
    window = widened(window, psi, value);
    const mean = (value << MEAN_BITS) / psi;
    const fall = last.psi < psi ? last.mean - mean : mean - last.mean;
    const distance = last.psi < psi ? psi - last.psi : last.psi - psi;
    if (fall <= 0n) break;
    const root = psi + (mean * distance) / fall;
    if (root <= 0n) break;
    // Near the root the slack falls by root·(fall/distance) per unit: this far away it has left the fuzz.
    const reach = (((2n * FUZZ) << MEAN_BITS) * distance) / (fall * root) + 2n;
    if (window.no - window.yes <= 4n * reach) break;
    last = { psi, mean };
    psi = value < 0n ? root - reach : root + reach;
  }
  return window;
}

/**
 * Largest amount that holds, by halving between 0 (taken to hold) and the top.
 * @returns resource base units, below the top
 */
export function largestHolding(offer: Offer): bigint {
  const { yes, surplus, no } = offer.even ? closeIn(offer) : { yes: 0n, surplus: 0n, no: offer.beyond };
  let low = 0n;
  let high = offer.top;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    const holds = middle < no && ((middle <= yes && middle * surplus >= FUZZ * yes) || offer.slack(middle) >= 0n);
    if (holds) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * Whether {@link largestHolding} is at least an amount: mostly one evaluation.
 * @param psi resource base units, > 0
 */
export function holdsAtLeast(offer: Offer, psi: bigint): boolean {
  if (psi >= offer.beyond) return false;
  if (offer.even) {
    const slack = offer.slack(psi);
    if (slack <= -FUZZ) return false;
    // Then all amounts from half of it on hold, and halving, which passes through that half, never ends below.
    if (slack >= 3n * FUZZ) return true;
  }
  return largestHolding(offer) >= psi;
}
