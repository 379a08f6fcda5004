import {
  addDecCoins,
  type CoinAmount,
  type Ctx,
  type DecCoins,
  formatCoins,
  minDecCoins,
  type ReadCtx,
  sdkError,
  subDecCoins,
  toDecCoins,
  truncateDecCoins,
} from "#sdk";
import type { ValidatorInfo } from "../staking/index.ts";
import { settle } from "./books.ts";
import { rewardsOf, startDelegation } from "./delegations.ts";
import type { Distribution } from "./distribution.ts";
import { endPeriod, releasePeriod } from "./periods.ts";
import { addToPool } from "./pool.ts";
import { getShares, getValidator } from "./validators.ts";

/** Where withdrawn coins go. */
export interface Destination {
  /** What the owner chose. */
  readonly chosen: string;
  /** What it became; undefined: the community pool. */
  readonly resolved: string | undefined;
}

/** Account that an owner's rewards go to: the owner's own unless another was chosen. */
export function withdrawAddressOf({ state, address }: Pick<Distribution, "state" | "address">, ctx: ReadCtx, owner: string): string {
  const chosen = state.withdrawAddresses.find(ctx, owner);
  return chosen === undefined ? address.canonical(owner) : address.format(chosen);
}

/**
 * Where an owner's coins go. An account that may not receive fails a user's message; a transition that must go on takes the owner's own account
 * instead, and after that the community pool.
 * @throws sdk/4 when `isStrict`
 */
export function destinationOf(distribution: Distribution, ctx: ReadCtx, owner: string, isStrict: boolean): Destination {
  const { bank } = distribution.needs;
  const chosen = withdrawAddressOf(distribution, ctx, owner);
  if (!bank.isBlocked(ctx, chosen)) return { chosen, resolved: chosen };
  if (isStrict) throw sdkError.unauthorized(`${chosen} is not allowed to receive funds`);
  return { chosen, resolved: bank.isBlocked(ctx, owner) ? undefined : owner };
}

/** Pays whole coins out; the fractions, and what has no destination, are the community's. @returns the whole coins */
export function payOut(distribution: Distribution, ctx: Ctx, coins: DecCoins, { resolved }: Destination): readonly CoinAmount[] {
  const { whole, change } = truncateDecCoins(coins);
  if (resolved === undefined) {
    addToPool(distribution, ctx, addDecCoins(change, toDecCoins(whole)));
    return whole;
  }
  if (whole.length > 0) distribution.needs.bank.sendCoins(ctx, distribution.account, resolved, whole);
  addToPool(distribution, ctx, change);
  return whole;
}

/**
 * Ends a delegation's reckoning and pays what it earned. CONTRACT: whoever keeps the delegation begins it again.
 * @returns whole coins; zero of the chain's denomination when there are none, as the SDK shows it
 * @throws distribution/5, distribution/6
 */
export function withdrawRewards(
  distribution: Distribution,
  ctx: Ctx,
  validator: ValidatorInfo,
  delegator: string,
  destination: Destination,
): readonly CoinAmount[] {
  const { state, err } = distribution;
  const { operator } = validator;
  const start = state.starts.find(ctx, [operator, delegator]);
  if (start === undefined) throw err.noDelegationInfo();
  settle(distribution, ctx, operator);
  const earned = rewardsOf(distribution, ctx, validator, delegator, getShares(distribution, ctx, delegator, operator));
  endPeriod(distribution, ctx, validator);
  // The last digits of several roundings may add up to more than there is.
  const outstanding = state.outstanding.find(ctx, operator) ?? [];
  const rewards = minDecCoins(earned, outstanding);
  const paid = payOut(distribution, ctx, rewards, destination);
  state.outstanding.set(ctx, operator, subDecCoins(outstanding, rewards));
  releasePeriod(distribution, ctx, operator, start.period);
  state.starts.delete(ctx, [operator, delegator]);
  const shown = paid.length > 0 ? paid : [{ denom: distribution.chain.baseDenom, amount: 0n }];
  ctx.event("withdraw_rewards", [
    ["amount", formatCoins(shown)],
    ["validator", operator],
    ["delegator", delegator],
  ]);
  return shown;
}

/** A delegator's own withdrawal. @throws staking/3, staking/19, distribution/5, sdk/4 */
export function withdrawDelegatorReward(distribution: Distribution, ctx: Ctx, delegator: string, operator: string): readonly CoinAmount[] {
  const validator = getValidator(distribution, ctx, operator);
  getShares(distribution, ctx, delegator, operator);
  const destination = destinationOf(distribution, ctx, delegator, true);
  const paid = withdrawRewards(distribution, ctx, validator, delegator, destination);
  startDelegation(distribution, ctx, delegator, operator);
  return paid;
}

/** Pays a validator's commission, whole coins of it. @throws distribution/7, sdk/4 */
export function withdrawCommission(distribution: Distribution, ctx: Ctx, operator: string): readonly CoinAmount[] {
  const { state, needs, address, account, err } = distribution;
  settle(distribution, ctx, operator);
  const commission = state.commission.find(ctx, operator) ?? [];
  if (commission.length === 0) throw err.noCommission();
  const { whole, change } = truncateDecCoins(commission);
  state.commission.set(ctx, operator, change);
  state.outstanding.set(ctx, operator, subDecCoins(state.outstanding.find(ctx, operator) ?? [], toDecCoins(whole)));
  if (whole.length > 0) {
    const owner = address.format(address.operator.parse(operator));
    const { resolved = "" } = destinationOf(distribution, ctx, owner, true);
    needs.bank.sendCoins(ctx, account, resolved, whole);
  }
  ctx.event("withdraw_commission", [["amount", formatCoins(whole)]]);
  return whole;
}
