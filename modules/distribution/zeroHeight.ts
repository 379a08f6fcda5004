import { atHeight, type Ctx, subDecCoins } from "#sdk";
import { settle } from "./books.ts";
import { startDelegation } from "./delegations.ts";
import type { Distribution } from "./distribution.ts";
import { endPeriod, startValidator } from "./periods.ts";
import { addToPool } from "./pool.ts";
import { getValidator } from "./validators.ts";
import { destinationOf, payOut, withdrawRewards } from "./withdraw.ts";

/**
 * Pays everything out and begins all books anew, because slashes and delegations name heights. What roundings left over is the community's. The
 * first block of the next chain has number 1, so everything begins at 0.
 */
export function prepareZeroHeight(distribution: Distribution, ctx: Ctx): void {
  const { state, needs } = distribution;
  const validators = [...needs.staking.allValidators(ctx)];
  const delegations = [...needs.staking.allDelegations(ctx)];
  for (const { operator } of validators) payCommission(distribution, ctx, operator);
  for (const { delegator, operator } of delegations)
    withdrawRewards(
      distribution,
      ctx,
      getValidator(distribution, ctx, operator),
      delegator,
      destinationOf(distribution, ctx, delegator, false),
    );
  for (const [key] of [...state.slashes.entries(ctx)]) state.slashes.delete(ctx, key);
  for (const [key] of [...state.historical.entries(ctx)]) state.historical.delete(ctx, key);
  const start = atHeight(ctx, 0n);
  for (const { operator } of validators) {
    addToPool(distribution, ctx, state.outstanding.find(ctx, operator) ?? []);
    startValidator(distribution, start, operator);
  }
  for (const { delegator, operator } of delegations) {
    endPeriod(distribution, start, getValidator(distribution, ctx, operator));
    startDelegation(distribution, start, delegator, operator);
  }
}

/** Pays a commission wherever it may go, its fractions to the community. */
function payCommission(distribution: Distribution, ctx: Ctx, operator: string): void {
  const { state, address } = distribution;
  settle(distribution, ctx, operator);
  const commission = state.commission.find(ctx, operator) ?? [];
  const owner = address.format(address.operator.parse(operator));
  payOut(distribution, ctx, commission, destinationOf(distribution, ctx, owner, false));
  state.outstanding.set(ctx, operator, subDecCoins(state.outstanding.find(ctx, operator) ?? [], commission));
  state.commission.delete(ctx, operator);
}
