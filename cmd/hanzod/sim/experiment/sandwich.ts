import { clearBatch } from "../../../../modules/hmm/curve/batch.ts";
import type { QuotePool } from "../../../../modules/hmm/curve/fees.ts";
import { quoteBuyExactOut, quoteSell } from "../../../../modules/hmm/curve/quote.ts";
import { feeOf, RESERVE, withReserves } from "../market/simPool.ts";
import { sandwichThreshold } from "../market/theory.ts";
import { lambdaOf, poolOf, type Setting } from "./setting.ts";

/** Part of the reserve by which a block's immediate orders may move a pool: 0.25 %; larger ones wait for the batch. */
export const WINDOW = 0.0025;

/** The attacker buys and sells back as much as the window holds. */
const ATTACK = (RESERVE * 25n) / 10_000n;

/** Sizes of the victim that are tried, in thousandths of a per cent of the reserve. */
const VICTIMS = Array.from({ length: 41 }, (_, i) => i * 25);

/** What a sandwich brings around a victim, as parts of what the attacker stakes. */
export interface SandwichPoint {
  /** Victim's purchase in parts of the resource reserve. */
  readonly victim: number;
  readonly immediate: number;
  readonly batch: number;
}

/** Sandwiches on one curve. */
export interface SandwichRun {
  readonly lambda: number;
  readonly points: readonly SandwichPoint[];
  /** Largest victim around which a sandwich does not pay, in parts of the reserve. */
  readonly simulated: number;
  /** f_m·(w + λ)/(w − λ). */
  readonly theory: number;
}

/** Profit of buying before the victim and selling after it, one swap after the other. @returns credit over the credit staked */
function immediateProfit(pool: QuotePool, victim: bigint, attack: bigint): number {
  const front = quoteBuyExactOut(pool, attack);
  const between = withReserves(pool, { psi: pool.psi - attack, theta: pool.theta + front.curve });
  const eaten = quoteBuyExactOut(between, victim);
  const after = withReserves(pool, { psi: between.psi - victim, theta: between.theta + eaten.curve });
  const back = quoteSell(after, attack);
  return Number(back.credit - front.credit) / Number(front.credit);
}

/** The same three orders in one batch. @returns credit over the credit staked */
function batchProfit(pool: QuotePool, victim: bigint, attack: bigint): number {
  const [open, low] = [pool.centreE18 * 1000n, 1n];
  const orders = [
    { id: 1n, side: "buy" as const, psi: attack, limitE18: open },
    { id: 2n, side: "sell" as const, psi: attack, limitE18: low },
    { id: 3n, side: "buy" as const, psi: victim, limitE18: open },
  ];
  const { fills } = clearBatch(pool, victim === 0n ? orders.slice(0, 2) : orders);
  const paid = fills.find(({ id }) => id === 1n)?.theta ?? 0n;
  const got = fills.find(({ id }) => id === 2n)?.theta ?? 0n;
  return Number(got - paid) / Number(paid);
}

/** Largest victim that no sandwich of the window's size pays around, resource base units. */
function largestSafeVictim(pool: QuotePool): bigint {
  let safe = 0n;
  let unsafe = pool.psi / 10n;
  while (unsafe - safe > 1n) {
    const middle = (safe + unsafe) >> 1n;
    if (immediateProfit(pool, middle, ATTACK) <= 0) safe = middle;
    else unsafe = middle;
  }
  return safe;
}

/** Tries sandwiches around victims of many sizes, at once and in a batch. */
export function runSandwich({ lambdasE18 }: Setting): SandwichRun[] {
  return lambdasE18.map((lambdaE18) => {
    const pool = poolOf(lambdaE18);
    const points = VICTIMS.map((millesimals) => {
      const victim = (RESERVE * BigInt(millesimals)) / 100_000n;
      return { victim: millesimals / 1e5, immediate: immediateProfit(pool, victim, ATTACK), batch: batchProfit(pool, victim, ATTACK) };
    });
    const simulated = Number(largestSafeVictim(pool)) / Number(RESERVE);
    return { lambda: lambdaOf(lambdaE18), points, simulated, theory: sandwichThreshold(lambdaOf(lambdaE18), feeOf(pool)) };
  });
}
