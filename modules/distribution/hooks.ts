import { type Ctx, subDecCoins } from "#sdk";
import { settle } from "./books.ts";
import { startDelegation } from "./delegations.ts";
import type { Distribution } from "./distribution.ts";
import { endPeriod, recordSlash, startValidator } from "./periods.ts";
import { addToPool } from "./pool.ts";
import { getValidator } from "./validators.ts";
import { type Destination, destinationOf, payOut, withdrawRewards } from "./withdraw.ts";

/** What distribution does when stakes change. */
export function stakingHooks(distribution: Distribution) {
  return {
    afterValidatorCreated: (ctx: Ctx, operator: string): void => startValidator(distribution, ctx, operator),
    afterValidatorRemoved: (ctx: Ctx, _cons: Uint8Array, operator: string, isStrict: boolean): void =>
      closeValidator(distribution, ctx, operator, isStrict),
    beforeDelegationCreated(ctx: Ctx, _delegator: string, operator: string): void {
      endPeriod(distribution, ctx, getValidator(distribution, ctx, operator));
    },
    beforeDelegationSharesModified(ctx: Ctx, delegator: string, operator: string, isStrict: boolean): void {
      const validator = getValidator(distribution, ctx, operator);
      const destination = destinationOf(distribution, ctx, delegator, isStrict);
      withdrawRewards(distribution, ctx, validator, delegator, destination);
      tellRedirection(ctx, destination, operator, delegator);
    },
    afterDelegationModified: (ctx: Ctx, delegator: string, operator: string): void =>
      startDelegation(distribution, ctx, delegator, operator),
    beforeValidatorSlashed: (ctx: Ctx, operator: string, fractionE18: bigint): void =>
      recordSlash(distribution, ctx, getValidator(distribution, ctx, operator), fractionE18),
  };
}

/** Pays a validator's commission and gives what nobody earned, digits lost in roundings, to the community. Its books are closed. */
function closeValidator(distribution: Distribution, ctx: Ctx, operator: string, isStrict: boolean): void {
  const { state, address } = distribution;
  settle(distribution, ctx, operator);
  const commission = state.commission.find(ctx, operator) ?? [];
  const rest = subDecCoins(state.outstanding.find(ctx, operator) ?? [], commission);
  if (commission.length > 0) {
    const destination = destinationOf(distribution, ctx, address.format(address.operator.parse(operator)), isStrict);
    payOut(distribution, ctx, commission, destination);
    tellRedirection(ctx, destination, operator);
  }
  addToPool(distribution, ctx, rest);
  state.outstanding.delete(ctx, operator);
  state.commission.delete(ctx, operator);
  for (const [key] of [...state.slashes.under(ctx, operator)]) state.slashes.delete(ctx, key);
  for (const [key] of [...state.historical.under(ctx, operator)]) state.historical.delete(ctx, key);
  state.current.delete(ctx, operator);
}

/** Says that coins went elsewhere than their owner chose. */
function tellRedirection(ctx: Ctx, { chosen, resolved }: Destination, operator: string, delegator?: string): void {
  if (resolved === chosen) return;
  ctx.event("withdraw_addr_redirected", [
    ["original_withdraw_address", chosen],
    ["withdraw_address", resolved ?? "community_pool"],
    ["validator", operator],
    ...(delegator === undefined ? [] : [["delegator", delegator] as const]),
  ]);
}
