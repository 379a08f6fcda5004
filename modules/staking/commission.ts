import { type Ctx, E18, type ErrorConstructors, formatDecimal, sdkError } from "#sdk";
import type { STAKING_ERRORS } from "./errors.ts";
import type { Staking } from "./staking.ts";
import type { Commission } from "./validator.ts";

const DAY_NS = 86_400n * 1_000_000_000n;

/** @throws staking/9, /10, /11, /13, /14 */
export function validateRates(err: ErrorConstructors<typeof STAKING_ERRORS>, rates: Omit<Commission, "updateTimeNs">): void {
  const { rateE18, maxRateE18, maxChangeRateE18 } = rates;
  if (maxRateE18 < 0n) throw err.commissionNegative();
  if (maxRateE18 > E18) throw err.commissionHuge();
  if (rateE18 < 0n) throw err.commissionNegative();
  if (rateE18 > maxRateE18) throw err.commissionAboveMax();
  if (maxChangeRateE18 < 0n) throw err.changeRateNegative();
  if (maxChangeRateE18 > maxRateE18) throw err.changeRateAboveMax();
}

/** The commission with another rate from this block on. @throws sdk/18 below the chain's minimum; staking/9, /11, /12, /15 */
export function changeRate({ err }: Pick<Staking, "err">, ctx: Ctx, before: Commission, rateE18: bigint): Commission {
  if (ctx.timeNs - before.updateTimeNs < DAY_NS) throw err.commissionTooSoon();
  if (rateE18 < 0n) throw err.commissionNegative();
  if (rateE18 > before.maxRateE18) throw err.commissionAboveMax();
  // Falling is free.
  if (rateE18 - before.rateE18 > before.maxChangeRateE18) throw err.commissionChangeTooLarge();
  return { ...before, rateE18, updateTimeNs: ctx.timeNs };
}

/** @throws sdk/18 below the chain's minimum */
export function requireMinRate({ params }: Pick<Staking, "params">, ctx: Ctx, rateE18: bigint): void {
  const least = BigInt(params.get(ctx).minCommissionRate);
  if (rateE18 < least) throw sdkError.invalidRequest(`commission rate cannot be less than the min commission rate ${formatDecimal(least)}`);
}

/** A commission as Go's protobuf text form prints it in one line, which is what the event of an edit carries: zero fields are left out. */
export function formatCommission({ rateE18, maxRateE18, maxChangeRateE18, updateTimeNs }: Commission): string {
  const rates = `rate:"${rateE18}" max_rate:"${maxRateE18}" max_change_rate:"${maxChangeRateE18}" `;
  const nanos = ((updateTimeNs % SECOND_NS) + SECOND_NS) % SECOND_NS;
  const seconds = (updateTimeNs - nanos) / SECOND_NS;
  const time = (seconds === 0n ? "" : `seconds:${seconds} `) + (nanos === 0n ? "" : `nanos:${nanos} `);
  return `commission_rates:<${rates}> update_time:<${time}> `;
}

const SECOND_NS = 1_000_000_000n;
