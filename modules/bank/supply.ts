import { AMOUNT_LIMIT, type CoinAmount, type Ctx, formatCoins, type ReadCtx, sdkError } from "#sdk";
import { credit, debit } from "./balances.ts";
import type { Bank } from "./bank.ts";

/** Atomic units of a denomination in existence. */
export function supplyOf({ state }: Pick<Bank, "state">, ctx: ReadCtx, denom: string): bigint {
  return state.supply.find(ctx, denom) ?? 0n;
}

/**
 * Makes coins on an account.
 * @param amount at least 0; 0 does nothing
 * @throws sdk/10 when the supply would reach 2^256; sdk/35 for a negative amount
 */
export function mint(bank: Bank, ctx: Ctx, to: string, denom: string, amount: bigint): void {
  if (!isPositive(amount)) return;
  const supply = supplyOf(bank, ctx, denom) + amount;
  if (supply >= AMOUNT_LIMIT) throw sdkError.invalidCoins(`supply of ${denom} below 2^256 expected, got ${supply}`);
  const minter = bank.address.canonical(to);
  const coins = [{ denom, amount }];
  credit(bank, ctx, minter, coins);
  bank.needs.auth.ensureAccount(ctx, minter);
  bank.state.supply.set(ctx, denom, supply);
  ctx.event("coinbase", [
    ["minter", minter],
    ["amount", formatCoins(coins)],
  ]);
}

/**
 * Destroys coins of an account.
 * @param amount at least 0; 0 does nothing
 * @throws sdk/5 when the account has less; sdk/35 for a negative amount
 */
export function burn(bank: Bank, ctx: Ctx, from: string, denom: string, amount: bigint): void {
  if (isPositive(amount)) burnCoins(bank, ctx, from, [{ denom, amount }]);
}

/**
 * Destroys coins of an account.
 * @param coins valid: sorted, positive, no doubles; of none the events tell, as in the SDK
 * @throws sdk/5 when the account has less
 */
export function burnCoins(bank: Bank, ctx: Ctx, from: string, coins: readonly CoinAmount[]): void {
  const burner = bank.address.canonical(from);
  debit(bank, ctx, burner, coins);
  for (const { denom, amount } of coins) {
    const supply = supplyOf(bank, ctx, denom) - amount;
    if (supply === 0n) bank.state.supply.delete(ctx, denom);
    else bank.state.supply.set(ctx, denom, supply);
  }
  ctx.event("burn", [
    ["burner", burner],
    ["amount", formatCoins(coins)],
  ]);
}

/** Whether there is anything to do. @throws sdk/35 for a negative amount: a module's mistake */
export function isPositive(amount: bigint): boolean {
  if (amount < 0n) throw sdkError.logic(`amount of at least 0 expected, got ${amount}`);
  return amount > 0n;
}
