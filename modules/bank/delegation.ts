import { type CoinAmount, type Ctx, formatCoins, sdkError } from "#sdk";
import { type BalanceKey, balanceAt, credit, debit, writeBalance } from "./balances.ts";
import type { Bank } from "./bank.ts";

/**
 * Moves coins of an account into a pool of stake. Locked coins may be staked, too: the whole balance counts, and x/auth counts how much of what is
 * staked was locked. There is no `transfer` event, as in the Cosmos SDK.
 * @param coins valid: sorted, positive, no doubles
 * @throws sdk/5 with the balance in the text
 */
export function delegateCoins(bank: Bank, ctx: Ctx, delegator: string, moduleAccount: string, coins: readonly CoinAmount[]): void {
  const [owner, pool] = [bank.address.canonical(delegator), bank.address.canonical(moduleAccount)];
  for (const { denom, amount } of coins) {
    const at: BalanceKey = [owner, denom];
    const balance = balanceAt(bank, ctx, at);
    if (balance < amount) throw sdkError.insufficientFunds(`failed to delegate; ${balance}${denom} is smaller than ${formatCoins(coins)}`);
    writeBalance(bank, ctx, at, balance, balance - amount);
  }
  bank.needs.auth.trackDelegation(ctx, owner, coins);
  ctx.event("coin_spent", [
    ["spender", owner],
    ["amount", formatCoins(coins)],
  ]);
  credit(bank, ctx, pool, coins);
}

/**
 * Moves coins out of a pool of stake back to an account.
 * @param coins valid: sorted, positive, no doubles
 * @throws sdk/5 when the pool has less
 */
export function undelegateCoins(bank: Bank, ctx: Ctx, moduleAccount: string, delegator: string, coins: readonly CoinAmount[]): void {
  const owner = bank.address.canonical(delegator);
  debit(bank, ctx, bank.address.canonical(moduleAccount), coins);
  bank.needs.auth.trackUndelegation(ctx, owner, coins);
  credit(bank, ctx, owner, coins);
}
