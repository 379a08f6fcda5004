import { AMOUNT_LIMIT, amountOf, type CoinAmount, type Ctx, formatCoins, type ReadCtx, sdkError } from "#sdk";
import type { Bank } from "./bank.ts";

/** Whose balance of what. Handed on from a read to a write it is encoded once. */
export type BalanceKey = readonly [owner: string, denom: string];

/** Atomic units of a denomination that an account holds. */
export function balanceOf(bank: Pick<Bank, "state">, ctx: ReadCtx, owner: string, denom: string): bigint {
  return balanceAt(bank, ctx, [owner, denom]);
}

/** {@link balanceOf} by its key. */
export function balanceAt({ state }: Pick<Bank, "state">, ctx: ReadCtx, at: BalanceKey): bigint {
  return state.balances.find(ctx, at) ?? 0n;
}

/** Everything that an account holds, sorted by denomination. Takes time linear in the number of its denominations. */
export function balancesOf({ state }: Pick<Bank, "state">, ctx: ReadCtx, owner: string): readonly CoinAmount[] {
  return [...state.balances.under(ctx, owner)].map(([[, denom], amount]) => ({ denom, amount }));
}

/** Atomic units that an account may send away: what it holds and is not locked; 0 where more is locked than it holds. */
export function spendableOf(bank: Pick<Bank, "state" | "needs">, ctx: ReadCtx, owner: string, denom: string): bigint {
  const free = balanceOf(bank, ctx, owner, denom) - amountOf(bank.needs.auth.lockedCoins(ctx, owner), denom);
  return free > 0n ? free : 0n;
}

/** @throws sdk/5 when what an account holds of a coin and is not locked is less than an amount of it */
export function requireSpendable(balance: bigint, allLocked: readonly CoinAmount[], { denom, amount }: CoinAmount): void {
  const locked = amountOf(allLocked, denom);
  if (balance < locked)
    throw sdkError.insufficientFunds(`locked amount exceeds account balance funds: ${locked}${denom} > ${balance}${denom}`);
  if (balance - locked < amount)
    throw sdkError.insufficientFunds(`spendable balance ${balance - locked}${denom} is smaller than ${amount}${denom}`);
}

/**
 * Takes coins off an account and says so with `coin_spent`. All or nothing: a caller that goes on after the failure finds the state unchanged.
 * @param coins valid: sorted, positive, no doubles
 * @param text the coins as events show them, where the caller has it
 * @throws sdk/5 with the spendable balance in the text.
 */
export function debit(bank: Bank, ctx: Ctx, owner: string, coins: readonly CoinAmount[], text?: string): void {
  const allLocked = bank.needs.auth.lockedCoins(ctx, owner);
  const held = coins.map((coin) => {
    const at: BalanceKey = [owner, coin.denom];
    const balance = balanceAt(bank, ctx, at);
    requireSpendable(balance, allLocked, coin);
    return { at, balance, left: balance - coin.amount };
  });
  for (const { at, balance, left } of held) writeBalance(bank, ctx, at, balance, left);
  if (!ctx.isHeard) return;
  ctx.event("coin_spent", [
    ["spender", owner],
    ["amount", text ?? formatCoins(coins)],
  ]);
}

/**
 * Gives coins to an account and says so with `coin_received`.
 * @param coins valid: sorted, positive, no doubles
 * @param text the coins as events show them, where the caller has it
 */
export function credit(bank: Bank, ctx: Ctx, owner: string, coins: readonly CoinAmount[], text?: string): void {
  for (const { denom, amount } of coins) {
    const at: BalanceKey = [owner, denom];
    const balance = balanceAt(bank, ctx, at);
    writeBalance(bank, ctx, at, balance, balance + amount);
  }
  if (!ctx.isHeard) return;
  ctx.event("coin_received", [
    ["receiver", owner],
    ["amount", text ?? formatCoins(coins)],
  ]);
}

/** INVARIANT: no zero and no negative balance is stored, and every balance has its row under the owners of its denomination. */
export function writeBalance({ state }: Pick<Bank, "state">, ctx: Ctx, at: BalanceKey, before: bigint, after: bigint): void {
  const [owner, denom] = at;
  if (after < 0n || after >= AMOUNT_LIMIT) throw sdkError.invalidCoins(`balance of ${denom} in [0, 2^256) expected, got ${after}`);
  if (after === 0n) {
    state.balances.delete(ctx, at);
    if (before > 0n) state.owners.delete(ctx, [denom, owner]);
    return;
  }
  state.balances.set(ctx, at, after);
  if (before === 0n) state.owners.set(ctx, [denom, owner], true);
}
