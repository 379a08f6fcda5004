import { addCoins, amountOf, type CoinAmount, equalCoins, explainCoins, formatCoins } from "#sdk";
import type { Period, Schedule, Vesting } from "./vesting.ts";

/** Times on the wire are signed 64-bit numbers. */
const MAX_TIME = (1n << 63n) - 1n;

/**
 * Says in the SDK's words what is wrong with a schedule (cosmos-sdk x/auth/vesting, Validate of each kind).
 * @returns undefined when nothing is
 * @throws sdk/10 when the steps add up to 2^256 or more
 */
export function explainVesting(vesting: Vesting): string | undefined {
  return explainSchedule(vesting) ?? explainShared(vesting);
}

/**
 * Second at which the last step of a schedule is over.
 * @returns undefined beyond the last second that the wire can name
 */
export function endOfPeriods(startTime: bigint, periods: readonly Period[]): bigint | undefined {
  let end = startTime;
  for (const { length } of periods) end += length;
  return end > MAX_TIME ? undefined : end;
}

function explainSchedule({ schedule, original, endTime }: Vesting): string | undefined {
  switch (schedule.kind) {
    case "delayed":
      return undefined;
    case "locked":
      return endTime > 0n ? "permanently vested accounts cannot have an end-time" : undefined;
    case "continuous":
      return explainOrder(schedule.startTime, endTime);
    case "periodic":
      return explainOrder(schedule.startTime, endTime) ?? explainPeriods(schedule, original, endTime);
  }
}

function explainOrder(startTime: bigint, endTime: bigint): string | undefined {
  return startTime >= endTime ? "vesting start-time cannot be before end-time" : undefined;
}

function explainPeriods(
  { startTime, periods }: Extract<Schedule, { kind: "periodic" }>,
  original: readonly CoinAmount[],
  endTime: bigint,
): string | undefined {
  let sum: readonly CoinAmount[] = [];
  for (const [i, { length, amount }] of periods.entries()) {
    if (length < 0n) return `period #${i} has a negative length: ${length}`;
    if (!areCoins(amount)) return `period #${i} has invalid coins: ${formatCoins(amount)}`;
    sum = addCoins(sum, amount);
  }
  if (endOfPeriods(startTime, periods) !== endTime) return "vesting end time does not match length of all vesting periods";
  if (equalCoins(sum, original)) return undefined;
  return `original vesting coins (${formatCoins(original)}) does not match the sum of all coins in vesting periods (${formatCoins(sum)})`;
}

function explainShared({ original, delegatedFree, delegatedVesting, endTime }: Vesting): string | undefined {
  if (endTime < 0n) return "end time cannot be negative";
  if (!areCoins(original)) return `invalid coins: ${formatCoins(original)}`;
  const delegated = explainCoins(delegatedFree) ?? explainCoins(delegatedVesting);
  if (delegated !== undefined) return `invalid delegated coins: ${delegated}`;
  return explainDelegated({ original, delegatedVesting });
}

/** Says whether more locked coins are delegated than there were. @returns undefined when not */
export function explainDelegated({ original, delegatedVesting }: Pick<Vesting, "original" | "delegatedVesting">): string | undefined {
  if (delegatedVesting.some(({ denom, amount }) => amount > amountOf(original, denom)))
    return "delegated vesting amount cannot be greater than original vesting amount";
  return undefined;
}

/** Whether a list has at least one coin and all are valid. */
function areCoins(coins: readonly CoinAmount[]): boolean {
  return coins.length > 0 && explainCoins(coins) === undefined;
}
