import { AMOUNT_LIMIT, type CoinAmount, type Ctx, formatCoins, type ReadCtx, sdkError } from "#sdk";
import type { Bank } from "./bank.ts";

/** Atomic units of a denomination that an account holds. */
export function balanceOf({ state }: Pick<Bank, "state">, ctx: ReadCtx, owner: string, denom: string): bigint {
  return state.balances.find(ctx, [owner, denom]) ?? 0n;
}

/** Atomic units that an account may send away. Nothing locks balances yet: it is all of them. */
export function spendableOf(bank: Pick<Bank, "state">, ctx: ReadCtx, owner: string, denom: string): bigint {
  return balanceOf(bank, ctx, owner, denom);
}

/**
 * Takes coins off an account and says so with `coin_spent`. All or nothing: a caller that goes on after the failure finds the state unchanged.
 * @param coins valid: sorted, positive, no doubles
 * @throws sdk/5 with the spendable balance in the text.
 */
export function debit(bank: Bank, ctx: Ctx, owner: string, coins: readonly CoinAmount[]): void {
  const before = coins.map(({ denom, amount }) => {
    const balance = spendableOf(bank, ctx, owner, denom);
    if (balance < amount) throw sdkError.insufficientFunds(`spendable balance ${balance}${denom} is smaller than ${amount}${denom}`);
    return balance;
  });
  for (const [i, { denom, amount }] of coins.entries()) {
    const balance = before[i] ?? 0n;
    writeBalance(bank, ctx, owner, denom, balance, balance - amount);
  }
  ctx.event("coin_spent", [
    ["spender", owner],
    ["amount", formatCoins(coins)],
  ]);
}

/**
 * Gives coins to an account and says so with `coin_received`.
 * @param coins valid: sorted, positive, no doubles
 */
export function credit(bank: Bank, ctx: Ctx, owner: string, coins: readonly CoinAmount[]): void {
  for (const { denom, amount } of coins) {
    const balance = balanceOf(bank, ctx, owner, denom);
    writeBalance(bank, ctx, owner, denom, balance, balance + amount);
  }
  ctx.event("coin_received", [
    ["receiver", owner],
    ["amount", formatCoins(coins)],
  ]);
}

/** INVARIANT: no zero and no negative balance is stored, and every balance has its row under the owners of its denomination. */
export function writeBalance({ state }: Pick<Bank, "state">, ctx: Ctx, owner: string, denom: string, before: bigint, after: bigint): void {
  if (after < 0n || after >= AMOUNT_LIMIT) throw sdkError.invalidCoins(`balance of ${denom} in [0, 2^256) expected, got ${after}`);
  if (after === 0n) {
    state.balances.delete(ctx, [owner, denom]);
    if (before > 0n) state.owners.delete(ctx, [denom, owner]);
    return;
  }
  state.balances.set(ctx, [owner, denom], after);
  if (before === 0n) state.owners.set(ctx, [denom, owner], true);
}
