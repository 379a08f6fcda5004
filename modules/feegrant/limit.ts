import { type Coin, type CoinAmount, explainCoins, findAmount, formatCoins, ModuleError, SDK_ERRORS, sdkError, subCoins } from "#sdk";
import type { FeegrantErrors } from "./feegrant.ts";

/** Amounts of a limit that was checked when it was granted. */
export function readLimit(coins: readonly Coin[]): readonly CoinAmount[] {
  return coins.map(({ denom, amount }) => ({ denom, amount: findAmount(amount) ?? 0n }));
}

/** A limit must be sorted, without doubles, all amounts positive. An empty one passes. @throws sdk/10 saying what it is of */
export function checkLimit(coins: readonly Coin[], what: string): void {
  if (explainCoins(coins) !== undefined) throw sdkError.invalidCoins(`${what} is invalid: ${formatCoins(coins)}`);
}

/** What is left of a limit. @throws feegrant/2 naming the limit */
export function spend(limit: readonly CoinAmount[], fee: readonly CoinAmount[], err: FeegrantErrors, name: string): readonly CoinAmount[] {
  try {
    return subCoins(limit, fee);
  } catch (error) {
    if (error instanceof ModuleError && error.code === SDK_ERRORS.insufficientFunds[0]) throw err.limitExceeded(name);
    throw error;
  }
}

/** Whether a limit holds at least so much of everything. */
export function covers(limit: readonly CoinAmount[], coins: readonly CoinAmount[]): boolean {
  return coins.every(({ denom, amount }) => (limit.find((coin) => coin.denom === denom)?.amount ?? 0n) >= amount);
}
