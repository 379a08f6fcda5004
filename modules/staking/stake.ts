import type { Coin } from "#proto/cosmos/base/v1beta1/coin";
import { type CoinAmount, findAmount, formatCoins, isDenom, type ReadCtx, sdkError } from "#sdk";
import type { Staking } from "./staking.ts";

/** A coin that somebody stakes or withdraws: positive, canonical. @throws sdk/18 with the text given, which wallets show */
export function requireStake(coin: Coin | undefined, text: string): CoinAmount {
  const amount = coin === undefined || !isDenom(coin.denom) ? undefined : findAmount(coin.amount);
  if (coin === undefined || amount === undefined || amount <= 0n) throw sdkError.invalidRequest(text);
  return { denom: coin.denom, amount };
}

/** @throws sdk/18 for another denomination than the staked one */
export function requireBondDenom({ params }: Pick<Staking, "params">, ctx: ReadCtx, { denom }: CoinAmount): void {
  const { bondDenom } = params.get(ctx);
  if (denom !== bondDenom) throw sdkError.invalidRequest(`invalid coin denomination: got ${denom}, expected ${bondDenom}`);
}

/** `123stake`: a coin as events show it. */
export function coinText(coin: CoinAmount): string {
  return formatCoins([coin]);
}
