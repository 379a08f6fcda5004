import { addDecCoins, type CoinAmount, type Ctx, type DecCoins, findDecDifference, sdkError, toDecCoins } from "#sdk";
import type { Distribution } from "./distribution.ts";

/** Books coins that are on the module's account for the community. */
export function addToPool({ state }: Pick<Distribution, "state">, ctx: Ctx, coins: DecCoins): void {
  if (coins.length > 0) state.pool.set(ctx, addDecCoins(state.pool.get(ctx), coins));
}

/** Moves coins of an account into the community pool. @param coins valid @throws sdk/5 */
export function fundCommunityPool(distribution: Distribution, ctx: Ctx, from: string, coins: readonly CoinAmount[]): void {
  distribution.needs.bank.sendCoins(ctx, from, distribution.account, coins);
  addToPool(distribution, ctx, toDecCoins(coins));
}

/**
 * Pays an account from the community pool.
 * @param coins valid
 * @throws distribution/9 when the pool has less; sdk/4 for an account that may not receive
 */
export function spendFromPool({ state, needs, account, err }: Distribution, ctx: Ctx, to: string, coins: readonly CoinAmount[]): void {
  if (needs.bank.isBlocked(ctx, to)) throw sdkError.unauthorized(`${to} is not allowed to receive external funds`);
  const left = findDecDifference(state.pool.get(ctx), toDecCoins(coins));
  if (left === undefined) throw err.insufficientPool();
  needs.bank.sendCoins(ctx, account, to, coins);
  state.pool.set(ctx, left);
}
