import { column, type DecCoins, decAmountOf, E18, type Invariant, type ReadCtx, subDecCoins, sums } from "#sdk";
import { commissionOf, outstandingOf, totalAccrued } from "./books.ts";
import { rewardsOf } from "./delegations.ts";
import type { Distribution } from "./distribution.ts";
import { getValidator } from "./validators.ts";

/** The module's account holds what is outstanding and the pool. Fractions of the two sum up to less than one unit that nobody holds. */
export function balanceCoversBooks({ state, needs, account }: Distribution): Invariant {
  return sums(
    [column(state.outstanding, (_operator, coins) => coins.map(({ denom, amountE18 }) => [denom, amountE18]))],
    (ctx, denom, [recordedE18 = 0n]) => {
      const booked = (recordedE18 + decAmountOf(state.pool.get(ctx), denom) + totalAccrued({ state }, ctx, denom)) / E18;
      const held = needs.bank.balance(ctx, account, denom);
      return held === booked ? undefined : `${booked}${denom} is booked, the account holds ${held}${denom}`;
    },
    // Any of them may change alone.
    (ctx) => [...state.pool.get(ctx), ...needs.bank.balances(ctx, account)].map(({ denom }) => denom),
  );
}

/** Nothing is below zero: what is outstanding suffices for the commission, and for what each delegation has earned besides. */
export function everybodyCanWithdraw(distribution: Distribution, ctx: ReadCtx): string | undefined {
  const { state, needs } = distribution;
  const left = new Map<string, DecCoins>();
  const take = (operator: string, coins: DecCoins): void => {
    left.set(operator, subDecCoins(left.get(operator) ?? outstandingOf(distribution, ctx, operator), coins));
  };
  try {
    for (const [operator] of state.commission.entries(ctx)) take(operator, commissionOf(distribution, ctx, operator));
    for (const { delegator, operator, sharesE18 } of needs.staking.allDelegations(ctx))
      take(operator, rewardsOf(distribution, ctx, getValidator(distribution, ctx, operator), delegator, sharesE18));
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
  return undefined;
}

/** Every period is kept exactly by those who need it: the current one, the delegations that began with it and the slashes that ended it. */
export function referencesAreCounted({ state }: Distribution): Invariant {
  const at = (operator: string, period: bigint): string => `${operator} ${period}`;
  return sums(
    [
      column(state.current, (operator, { period }) => [[at(operator, period - 1n), 1n]]),
      column(state.starts, ([operator], { period }) => [[at(operator, period), 1n]]),
      column(state.slashes, ([operator], { period }) => [[at(operator, period), 1n]]),
      column(state.historical, ([operator, period], { references }) => [[at(operator, period), BigInt(references)]]),
    ],
    (_ctx, period, [current = 0n, starts = 0n, slashes = 0n, references]) => {
      const wanted = current + starts + slashes;
      return references === wanted ? undefined : `period of ${period} has ${references} references, ${wanted} expected`;
    },
  );
}
