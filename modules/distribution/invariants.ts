import { addDecCoins, type DecCoins, equalCoins, formatCoins, type ReadCtx, subDecCoins, truncateDecCoins } from "#sdk";
import { rewardsOf } from "./delegations.ts";
import type { Distribution } from "./distribution.ts";
import { getValidator } from "./validators.ts";

/** The module's account holds what is outstanding and the pool. Fractions of the two sum up to less than one unit that nobody holds. */
export function balanceCoversBooks({ state, needs, account }: Distribution, ctx: ReadCtx): string | undefined {
  let booked: DecCoins = state.pool.get(ctx);
  for (const [, outstanding] of state.outstanding.entries(ctx)) booked = addDecCoins(booked, outstanding);
  const { whole } = truncateDecCoins(booked);
  const balances = needs.bank.balances(ctx, account);
  return equalCoins(balances, whole) ? undefined : `${formatCoins(whole)} is booked, the account holds ${formatCoins(balances)}`;
}

/** Nothing is below zero: what is outstanding suffices for the commission, and for what each delegation has earned besides. */
export function everybodyCanWithdraw(distribution: Distribution, ctx: ReadCtx): string | undefined {
  const { state, needs } = distribution;
  const left = new Map<string, DecCoins>();
  const take = (operator: string, coins: DecCoins): void => {
    left.set(operator, subDecCoins(left.get(operator) ?? state.outstanding.find(ctx, operator) ?? [], coins));
  };
  try {
    for (const [operator, commission] of state.commission.entries(ctx)) take(operator, commission);
    for (const { delegator, operator, sharesE18 } of needs.staking.allDelegations(ctx))
      take(operator, rewardsOf(distribution, ctx, getValidator(distribution, ctx, operator), delegator, sharesE18));
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
  return undefined;
}

/** Every period is kept exactly by those who need it: the current one, the delegations that began with it and the slashes that ended it. */
export function referencesAreCounted({ state }: Distribution, ctx: ReadCtx): string | undefined {
  const wanted = new Map<string, number>();
  const hold = (operator: string, period: bigint): void => {
    const at = `${operator} ${period}`;
    wanted.set(at, (wanted.get(at) ?? 0) + 1);
  };
  for (const [operator, { period }] of state.current.entries(ctx)) hold(operator, period - 1n);
  for (const [[operator], { period }] of state.starts.entries(ctx)) hold(operator, period);
  for (const [[operator], { period }] of state.slashes.entries(ctx)) hold(operator, period);
  for (const [[operator, period], { references }] of state.historical.entries(ctx)) {
    const at = `${operator} ${period}`;
    if (wanted.get(at) !== references)
      return `period ${period} of ${operator} has ${references} references, ${wanted.get(at) ?? 0} expected`;
    wanted.delete(at);
  }
  for (const at of wanted.keys()) return `period of ${at} expected, got none`;
  return undefined;
}
