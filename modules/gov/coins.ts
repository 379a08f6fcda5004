import { amountOf, type Coin, type CoinAmount, decMul, E18, findAmount } from "#sdk";

/** Coins of state or of a message that was checked. */
export function coinsOf(coins: readonly Coin[]): readonly CoinAmount[] {
  return coins.map(({ denom, amount }) => ({ denom, amount: findAmount(amount) ?? 0n }));
}

/** Whether there is at least as much of every denomination (the SDK's IsAllGTE). No coins do not cover amounts of 0 either. */
export function coversAll(coins: readonly CoinAmount[], wanted: readonly CoinAmount[]): boolean {
  if (wanted.length > 0 && coins.length === 0) return false;
  return wanted.every(({ denom, amount }) => amountOf(coins, denom) >= amount);
}

/** A share of an amount, both as the SDK multiplies them: a decimal of 18 places, halves to even. @param shareE18 in 10^-18 */
export function shareOf(amount: bigint, shareE18: bigint): bigint {
  return decMul(amount * E18, shareE18);
}
