import type { Ctx, DecCoins, ReadCtx } from "#sdk";
import type { ValidatorInfo } from "../staking/index.ts";
import type { Distribution } from "./distribution.ts";
import { rewardsOfStretch, type Slash } from "./math.ts";
import { getCurrent, getHistorical, holdPeriod, ratioSoFar } from "./periods.ts";
import { getShares, getValidator } from "./validators.ts";

/** Begins the reckoning of a delegation with the period that has just ended. Its stake is rounded down so that it never earns what it has not. */
export function startDelegation(distribution: Distribution, ctx: Ctx, delegator: string, operator: string): void {
  const { state, needs } = distribution;
  const period = getCurrent(distribution, ctx, operator).period - 1n;
  holdPeriod(distribution, ctx, operator, period);
  const validator = getValidator(distribution, ctx, operator);
  const stakeE18 = needs.staking.tokensOfSharesDown(validator, getShares(distribution, ctx, delegator, operator));
  state.starts.set(ctx, [operator, delegator], { period, stakeE18, height: ctx.height });
}

/**
 * What a delegation has earned up to now, as if its validator's period ended. One that began in this block has earned nothing.
 * @param sharesE18 of the delegation
 * @throws distribution/5, distribution/6; sdk/35 when the books contradict themselves
 */
export function rewardsOf(
  distribution: Pick<Distribution, "state" | "needs" | "err">,
  ctx: ReadCtx,
  validator: ValidatorInfo,
  delegator: string,
  sharesE18: bigint,
): DecCoins {
  const { state, needs, err } = distribution;
  const { operator } = validator;
  const start = state.starts.find(ctx, [operator, delegator]);
  if (start === undefined) throw err.noDelegationInfo();
  if (start.height === ctx.height) return [];
  const { period: endPeriod } = getCurrent(distribution, ctx, operator);
  const stretch = {
    startPeriod: start.period,
    endPeriod,
    stakeE18: start.stakeE18,
    currentStakeE18: needs.staking.tokensOfShares(validator, sharesE18),
    slashes: slashesSince(distribution, ctx, operator, start.height),
  };
  return rewardsOfStretch(stretch, (period) =>
    period === endPeriod ? ratioSoFar(distribution, ctx, validator) : getHistorical(distribution, ctx, operator, period).ratio,
  );
}

/** Slashes of a validator from a height to the present one, oldest first. */
function slashesSince({ state }: Pick<Distribution, "state">, ctx: ReadCtx, operator: string, height: bigint): Slash[] {
  const slashes: Slash[] = [];
  for (const [[, [at]], slash] of state.slashes.under(ctx, operator, { from: [operator, [height, 0n]] })) {
    if (at > ctx.height) break;
    slashes.push(slash);
  }
  return slashes;
}
