import { all, column, each, type Invariant, sums } from "#sdk";
import type { Bank } from "./bank.ts";

/** Supply is what all balances add up to, for every denomination. */
export function supplyIsSumOfBalances({ state }: Bank): Invariant {
  return sums(
    [column(state.balances, ([, denom], amount) => [[denom, amount]]), column(state.supply, (denom, amount) => [[denom, amount]])],
    (_ctx, denom, [sum, supply]) => (sum === supply ? undefined : `supply of ${denom} is ${supply}, balances add up to ${sum}`),
  );
}

/** What is stored is positive: absent means zero. */
export function storedAmountsArePositive({ state }: Bank): Invariant {
  return all(
    each(state.balances, (_ctx, [owner, denom], amount = 1n) =>
      amount > 0n ? undefined : `${owner} has a stored balance of ${amount}${denom}`,
    ),
    each(state.supply, (_ctx, denom, amount = 1n) => (amount > 0n ? undefined : `stored supply of ${denom} is ${amount}`)),
  );
}

/** The owners of denominations are exactly the accounts with a balance. */
export function ownersMatchBalances({ state }: Bank): Invariant {
  return all(
    each(state.balances, (ctx, [owner, denom], amount) => {
      if (state.owners.has(ctx, [denom, owner]) === (amount !== undefined)) return undefined;
      return amount === undefined
        ? `${owner} has no ${denom} and is among its owners`
        : `${owner} has ${denom} but is not among its owners`;
    }),
    each(state.owners, (ctx, [denom, owner], row) => {
      if (state.balances.has(ctx, [owner, denom]) === (row !== undefined)) return undefined;
      return row === undefined ? `${owner} has ${denom} but is not among its owners` : `${owner} has no ${denom} and is among its owners`;
    }),
  );
}
