import type { ReadCtx } from "#sdk";
import type { Bank } from "./bank.ts";

/** Supply is what all balances add up to, for every denomination. */
export function supplyIsSumOfBalances({ state }: Bank, ctx: ReadCtx): string | undefined {
  const sums = new Map<string, bigint>();
  for (const [[, denom], amount] of state.balances.entries(ctx)) sums.set(denom, (sums.get(denom) ?? 0n) + amount);
  for (const [denom, supply] of state.supply.entries(ctx)) {
    const sum = sums.get(denom) ?? 0n;
    if (sum !== supply) return `supply of ${denom} is ${supply}, balances add up to ${sum}`;
    sums.delete(denom);
  }
  for (const [denom, sum] of sums) return `balances of ${denom} add up to ${sum}, supply has no entry`;
  return undefined;
}

/** What is stored is positive: absent means zero. */
export function storedAmountsArePositive({ state }: Bank, ctx: ReadCtx): string | undefined {
  for (const [[owner, denom], amount] of state.balances.entries(ctx))
    if (amount <= 0n) return `${owner} has a stored balance of ${amount}${denom}`;
  for (const [denom, amount] of state.supply.entries(ctx)) if (amount <= 0n) return `stored supply of ${denom} is ${amount}`;
  return undefined;
}

/** The owners of denominations are exactly the accounts with a balance. */
export function ownersMatchBalances({ state }: Bank, ctx: ReadCtx): string | undefined {
  let balances = 0;
  for (const [[owner, denom]] of state.balances.entries(ctx)) {
    balances++;
    if (!state.owners.has(ctx, [denom, owner])) return `${owner} has ${denom} but is not among its owners`;
  }
  let owners = 0;
  for (const _ of state.owners.entries(ctx)) owners++;
  return owners === balances ? undefined : `${owners} entries of owners for ${balances} balances`;
}
