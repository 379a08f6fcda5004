// Periods of validators: one ends whenever a delegation or the validator's tokens change, so that within it rewards are shared by fixed stakes.
import { addDecCoins, type Ctx, type DecCoins, type ReadCtx, sdkError, subDecCoins } from "#sdk";
import type { ValidatorInfo } from "../staking/index.ts";
import { accruedOf, settle } from "./books.ts";
import type { Distribution } from "./distribution.ts";
import { rewardRatio } from "./math.ts";
import { addToPool } from "./pool.ts";
import type { Current, Historical } from "./records.ts";

/** Who can need a period: the one after it, and one delegation or slash that began with it. */
const MAX_REFERENCES = 2;

type Reads = Pick<Distribution, "state" | "err">;

/** A validator's period with all that it was given. @throws distribution/6 */
export function getCurrent({ state, err }: Reads, ctx: ReadCtx, operator: string): Current {
  const current = state.current.find(ctx, operator);
  if (current === undefined) throw err.noValidatorInfo(`no current rewards for validator ${operator}`);
  const { rewards, period } = current;
  return { rewards: addDecCoins(rewards, accruedOf({ state }, ctx, operator).shared), period };
}

/** @throws distribution/6 */
export function getHistorical({ state, err }: Reads, ctx: ReadCtx, operator: string, period: bigint): Historical {
  const historical = state.historical.find(ctx, [operator, period]);
  if (historical === undefined) throw err.noValidatorInfo(`no historical rewards for validator ${operator} period ${period}`);
  return historical;
}

/** Books of a new validator: period 0 is over and earned nothing. */
export function startValidator({ state }: Pick<Distribution, "state">, ctx: Ctx, operator: string): void {
  state.historical.set(ctx, [operator, 0n], { ratio: [], references: 1 });
  state.current.set(ctx, operator, { rewards: [], period: 1n });
  state.commission.set(ctx, operator, []);
  state.outstanding.set(ctx, operator, []);
}

/** What one unit of stake would have earned if the validator's period ended now. Without tokens there is nobody to earn. @throws distribution/6 */
export function ratioSoFar(distribution: Reads, ctx: ReadCtx, { operator, tokens }: ValidatorInfo): DecCoins {
  const { rewards, period } = getCurrent(distribution, ctx, operator);
  const { ratio } = getHistorical(distribution, ctx, operator, period - 1n);
  return tokens === 0n ? ratio : addDecCoins(ratio, rewardRatio(rewards, tokens));
}

/**
 * Ends a validator's period. Rewards of a validator without tokens are nobody's: they go to the community pool.
 * @returns the period that ended
 * @throws distribution/6
 */
export function endPeriod(distribution: Distribution, ctx: Ctx, validator: ValidatorInfo): bigint {
  const { state } = distribution;
  const { operator } = validator;
  settle(distribution, ctx, operator);
  const { rewards, period } = getCurrent(distribution, ctx, operator);
  const ratio = ratioSoFar(distribution, ctx, validator);
  if (validator.tokens === 0n) {
    addToPool(distribution, ctx, rewards);
    state.outstanding.set(ctx, operator, subDecCoins(state.outstanding.find(ctx, operator) ?? [], rewards));
  }
  releasePeriod(distribution, ctx, operator, period - 1n);
  state.historical.set(ctx, [operator, period], { ratio, references: 1 });
  state.current.set(ctx, operator, { rewards: [], period: period + 1n });
  return period;
}

/** Keeps a period for one more who needs it. @throws distribution/6; sdk/35 when too many would */
export function holdPeriod(distribution: Distribution, ctx: Ctx, operator: string, period: bigint): void {
  const { ratio, references } = getHistorical(distribution, ctx, operator, period);
  if (references >= MAX_REFERENCES)
    throw sdkError.logic(`at most ${MAX_REFERENCES} references to period ${period} of ${operator} expected`);
  distribution.state.historical.set(ctx, [operator, period], { ratio, references: references + 1 });
}

/** Lets a period go; it is forgotten with the last who needed it. @throws distribution/6; sdk/35 when nobody did */
export function releasePeriod(distribution: Distribution, ctx: Ctx, operator: string, period: bigint): void {
  const { ratio, references } = getHistorical(distribution, ctx, operator, period);
  if (references === 0) throw sdkError.logic(`a reference to period ${period} of ${operator} expected`);
  if (references === 1) distribution.state.historical.delete(ctx, [operator, period]);
  else distribution.state.historical.set(ctx, [operator, period], { ratio, references: references - 1 });
}

/** Ends the period before a slash and remembers it: delegations from before have less stake afterwards. @param fractionE18 0 to 10^18 @throws sdk/35 */
export function recordSlash(distribution: Distribution, ctx: Ctx, validator: ValidatorInfo, fractionE18: bigint): void {
  const period = endPeriod(distribution, ctx, validator);
  holdPeriod(distribution, ctx, validator.operator, period);
  distribution.state.slashes.set(ctx, [validator.operator, [ctx.height, period]], { period, fractionE18 });
}
