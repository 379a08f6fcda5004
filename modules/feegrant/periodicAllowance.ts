import { BasicAllowance, PeriodicAllowance } from "#proto/cosmos/feegrant/v1beta1/feegrant";
import type { Duration } from "#proto/google/protobuf/duration";
import type { Timestamp } from "#proto/google/protobuf/timestamp";
import { type Coin, encodeCoins, isTimestamp, NS_PER_SECOND, sdkError, timestampNs, toTimestamp, unregisteredError } from "#sdk";
import type { AllowanceKind } from "./allowanceKind.ts";
import { basicAllowance } from "./basicAllowance.ts";
import { checkLimit, covers, readLimit, spend } from "./limit.ts";

const NO_LIMIT = BasicAllowance.fromPartial({});
const NO_TIME: Duration = { seconds: 0n, nanos: 0 };
/** 0001-01-01T00:00:00Z, which stands for no time in Go: a period that was never begun. */
const NEVER: Timestamp = { seconds: -62_135_596_800n, nanos: 0 };

/** Pays fees up to a limit for every period, and up to another one in all. */
export const periodicAllowance: AllowanceKind<PeriodicAllowance> = {
  type: PeriodicAllowance,
  complete: ({ basic = NO_LIMIT, period = NO_TIME, periodReset = NEVER, ...rest }) => ({ ...rest, basic, period, periodReset }),
  check({ basic = NO_LIMIT, period = NO_TIME, periodSpendLimit, periodCanSpend }, err) {
    basicAllowance.check(basic, err);
    checkLimit(periodSpendLimit, "spend amount");
    if (periodSpendLimit.length === 0) throw sdkError.invalidCoins("spend limit must be positive");
    checkLimit(periodCanSpend, "can spend amount");
    if (basic.spendLimit.length > 0 && !areDenomsOf(periodSpendLimit, basic.spendLimit))
      throw sdkError.invalidCoins("period spend limit has different currency than basic spend limit");
    if (durationNs(period) < 0n) throw err.invalidDuration("negative clock step");
  },
  expiresNs: ({ basic = NO_LIMIT }, err) => basicAllowance.expiresNs(basic, err),
  use(allowance, { ctx, fee, err }) {
    const { basic = NO_LIMIT } = allowance;
    if (basic.expiration !== undefined && timestampNs(basic.expiration) < ctx.timeNs) throw err.expired("absolute limit");
    const { periodCanSpend, periodReset } = beginPeriod(allowance, basic, ctx.timeNs);
    const periodLeft = encodeCoins(spend(readLimit(periodCanSpend), fee(), err, "period limit"));
    const rest = { ...allowance, periodCanSpend: periodLeft, periodReset };
    if (basic.spendLimit.length === 0) return { ...rest, basic };
    const left = spend(readLimit(basic.spendLimit), fee(), err, "absolute limit");
    return left.length === 0 ? undefined : { ...rest, basic: { ...basic, spendLimit: encodeCoins(left) } };
  },
};

/** What the current period allows, and when the next begins. */
interface Period {
  readonly periodCanSpend: Coin[];
  readonly periodReset: Timestamp;
}

/**
 * The period of a moment. When the last one is over, the new one allows its limit, or all that is left when that is less. It ends one period after
 * the last, or, when that has passed as well, one period after now.
 */
function beginPeriod(allowance: PeriodicAllowance, { spendLimit }: BasicAllowance, nowNs: bigint): Period {
  const { periodCanSpend, periodSpendLimit, period = NO_TIME, periodReset = NEVER } = allowance;
  const resetNs = timestampNs(periodReset);
  if (nowNs < resetNs) return { periodCanSpend, periodReset };
  const isWhole = spendLimit.length === 0 || covers(readLimit(spendLimit), readLimit(periodSpendLimit));
  const periodNs = durationNs(period);
  const nextNs = resetNs + periodNs < nowNs ? nowNs + periodNs : resetNs + periodNs;
  if (!isTimestamp(nextNs)) throw unregisteredError(`a period that ends before the year 10000 expected, got ${periodNs} ns`);
  return { periodCanSpend: isWhole ? periodSpendLimit : spendLimit, periodReset: toTimestamp(nextNs) };
}

function durationNs({ seconds, nanos }: Duration): bigint {
  return seconds * NS_PER_SECOND + BigInt(nanos);
}

function areDenomsOf(coins: readonly Coin[], of: readonly Coin[]): boolean {
  return coins.every(({ denom }) => of.some((coin) => coin.denom === denom));
}
