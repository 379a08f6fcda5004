import { addCoins, amountOf, type CoinAmount, decMul, decQuo, decRound, E18, minOf, subCoins } from "#sdk";

/** One step of a schedule. */
export interface Period {
  /** Seconds after the step before. */
  readonly length: bigint;
  /** Unlocked when it is over. */
  readonly amount: readonly CoinAmount[];
}

/** How coins unlock; times are Unix seconds. */
export type Schedule =
  | { readonly kind: "continuous"; readonly startTime: bigint }
  | { readonly kind: "delayed" }
  | { readonly kind: "periodic"; readonly startTime: bigint; readonly periods: readonly Period[] }
  | { readonly kind: "locked" };

/** What an account with locked coins knows of them. All lists are valid: sorted, positive, no doubles. */
export interface Vesting {
  readonly schedule: Schedule;
  /** Locked at the start. */
  readonly original: readonly CoinAmount[];
  /** Of the delegated coins, those that were free when they were delegated. */
  readonly delegatedFree: readonly CoinAmount[];
  /** Of the delegated coins, those that were locked. */
  readonly delegatedVesting: readonly CoinAmount[];
  /** Unix seconds at which everything is unlocked; 0 where that never is. */
  readonly endTime: bigint;
}

/** A new schedule, nothing of it delegated. @param original valid coins */
export function createVesting(schedule: Schedule, original: readonly CoinAmount[], endTime: bigint): Vesting {
  return { schedule, original, delegatedFree: [], delegatedVesting: [], endTime };
}

/**
 * Coins of a schedule that are unlocked.
 * @param time Unix seconds, whole ones
 */
export function vestedCoins({ schedule, original, endTime }: Vesting, time: bigint): readonly CoinAmount[] {
  switch (schedule.kind) {
    case "locked":
      return [];
    case "delayed":
      return time >= endTime ? original : [];
    case "continuous":
      return between(schedule.startTime, endTime, time, original, () =>
        scaled(original, time - schedule.startTime, endTime - schedule.startTime),
      );
    case "periodic":
      return between(schedule.startTime, endTime, time, original, () => elapsed(schedule.periods, time - schedule.startTime));
  }
}

/** Coins of a schedule that are still locked, delegated or not. @param time Unix seconds */
export function vestingCoins(vesting: Vesting, time: bigint): readonly CoinAmount[] {
  return subCoins(vesting.original, vestedCoins(vesting, time));
}

/** Coins that the account may not send: those still locked, as far as they are not delegated. @param time Unix seconds */
export function lockedCoins(vesting: Vesting, time: bigint): readonly CoinAmount[] {
  const locked = vestingCoins(vesting, time);
  return subCoins(locked, lesser(locked, vesting.delegatedVesting));
}

/**
 * Counts a delegation: locked coins go first, since delegating is the one thing that they can do.
 * @param coins valid, and not more than the account holds
 * @param time Unix seconds
 */
export function trackDelegation(vesting: Vesting, coins: readonly CoinAmount[], time: bigint): Vesting {
  const ofLocked = lesser(coins, lockedCoins(vesting, time));
  return {
    ...vesting,
    delegatedVesting: addCoins(vesting.delegatedVesting, ofLocked),
    delegatedFree: addCoins(vesting.delegatedFree, subCoins(coins, ofLocked)),
  };
}

/**
 * Counts coins that come back from a delegation: free ones first. More may come back than was counted, because shares are rounded; the rest is free.
 * @param coins valid
 */
export function trackUndelegation(vesting: Vesting, coins: readonly CoinAmount[]): Vesting {
  const ofFree = lesser(coins, vesting.delegatedFree);
  const ofLocked = lesser(subCoins(coins, ofFree), vesting.delegatedVesting);
  return {
    ...vesting,
    delegatedFree: subCoins(vesting.delegatedFree, ofFree),
    delegatedVesting: subCoins(vesting.delegatedVesting, ofLocked),
  };
}

/** The start is looked at before the end: a schedule that ends before it starts unlocks with the first second after its start. */
function between(
  startTime: bigint,
  endTime: bigint,
  time: bigint,
  original: readonly CoinAmount[],
  inside: () => readonly CoinAmount[],
): readonly CoinAmount[] {
  if (time <= startTime) return [];
  return time >= endTime ? original : inside();
}

/** The part `passed` of `total` seconds, rounded half to even twice: the ratio to 18 places, then the amount (cosmos-sdk x/auth/vesting). */
function scaled(coins: readonly CoinAmount[], passed: bigint, total: bigint): readonly CoinAmount[] {
  const ratioE18 = decQuo(passed * E18, total * E18);
  return coins.map(({ denom, amount }) => ({ denom, amount: decRound(decMul(amount * E18, ratioE18)) }));
}

/** Coins of the steps that are over `passed` seconds after the start. */
function elapsed(periods: readonly Period[], passed: bigint): readonly CoinAmount[] {
  let left = passed;
  let vested: readonly CoinAmount[] = [];
  for (const { length, amount } of periods) {
    if (left < length) break;
    left -= length;
    vested = addCoins(vested, amount);
  }
  return vested;
}

/** Of each coin the smaller amount of two valid lists. */
function lesser(a: readonly CoinAmount[], b: readonly CoinAmount[]): readonly CoinAmount[] {
  return a.flatMap(({ denom, amount }) => {
    const least = minOf(amount, amountOf(b, denom));
    return least > 0n ? [{ denom, amount: least }] : [];
  });
}
