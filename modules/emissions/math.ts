// What a block emits and whose it is (whitepaper 9.2: R, beta, gamma, delta). Amounts are base units, shares parts per million.
import { minOf } from "#sdk";

/** Parts of a whole share. */
export const PPM = 1_000_000n;

/** A step of the schedule. */
export interface Step {
  readonly startHeight: bigint;
  /** Base units of each block from there on. */
  readonly reward: bigint;
}

/** Shares of a reward in parts per million, together at most {@link PPM}. */
export interface Shares {
  readonly validatorsPpm: bigint;
  readonly workPpm: bigint;
  readonly curationPpm: bigint;
}

/** A reward by purpose, base units. */
export interface Split {
  readonly reward: bigint;
  readonly validators: bigint;
  readonly work: bigint;
  readonly curation: bigint;
  readonly treasury: bigint;
}

/** The step that holds at a height, and the one after it. @param schedule by rising heights */
export function stepAt(schedule: readonly Step[], height: bigint): { readonly reward: bigint; readonly next?: Step } {
  let reward = 0n;
  for (const step of schedule) {
    if (step.startHeight > height) return { reward, next: step };
    reward = step.reward;
  }
  return { reward };
}

/** Divides a reward. Shares are rounded down; the treasury has the rest, so that nothing is lost. */
export function splitReward(reward: bigint, shares: Shares): Split {
  const part = (ppm: bigint): bigint => (reward * ppm) / PPM;
  const [validators, work, curation] = [part(shares.validatorsPpm), part(shares.workPpm), part(shares.curationPpm)];
  return { reward, validators, work, curation, treasury: reward - validators - work - curation };
}

/** What may be minted for one purpose, base units. INVARIANT: authorized = available + minted + expired, none below 0. */
export interface Allowance {
  readonly available: bigint;
  readonly authorized: bigint;
  readonly minted: bigint;
  readonly expired: bigint;
}

/** Nothing yet. */
export const NO_ALLOWANCE: Allowance = { available: 0n, authorized: 0n, minted: 0n, expired: 0n };

/**
 * Authorises a block's share. What stands above `limit` afterwards expires: it never comes into being.
 * @param share at least 0 @param limit at least 0
 */
export function authorize({ available, authorized, minted, expired }: Allowance, share: bigint, limit: bigint): Allowance {
  const standing = available + share;
  const kept = minOf(standing, limit);
  return { available: kept, authorized: authorized + share, minted, expired: expired + standing - kept };
}

/** Uses up an allowance. @param amount 0 to `available` */
export function use({ available, minted, ...rest }: Allowance, amount: bigint): Allowance {
  return { ...rest, available: available - amount, minted: minted + amount };
}
