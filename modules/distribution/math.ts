// F1 fee distribution in the Cosmos SDK's order of operations: multiply and divide where it does and round as it does, because the last digit of
// every reward is consensus. Decimals are whole numbers of 10^-18.
import {
  addDecCoins,
  type DecCoins,
  decMulTruncate,
  decQuoTruncate,
  E18,
  mulDecCoins,
  mulDecCoinsTruncate,
  quoDecCoinsTruncate,
  sdkError,
  subDecCoins,
} from "#sdk";

/** How far a delegation's stake, cut slash by slash, may come out above its tokens: each cut rounds for itself. */
const STAKE_MARGIN_E18 = 3n;

/**
 * What delegators and validators share of a block's fees.
 * @param taxE18 the community pool's part, 0 to 1
 * @returns rounded down; the pool gets what is left of the fees
 */
export function taxedFees(fees: DecCoins, taxE18: bigint): DecCoins {
  return mulDecCoinsTruncate(fees, E18 - taxE18);
}

/**
 * One vote's part of {@link taxedFees}.
 * @param total sum of all votes' power, above 0
 * @returns rounded down twice: the fraction, then the coins
 */
export function rewardOfVote(taxed: DecCoins, power: bigint, total: bigint): DecCoins {
  return mulDecCoinsTruncate(taxed, decQuoTruncate(power * E18, total * E18));
}

/** Divides a validator's reward. @param rateE18 commission, 0 to 1 @returns the commission rounded half to even, the delegators' part exact */
export function splitReward(reward: DecCoins, rateE18: bigint): { readonly commission: DecCoins; readonly shared: DecCoins } {
  const commission = mulDecCoins(reward, rateE18);
  return { commission, shared: subDecCoins(reward, commission) };
}

/** Reward per atomic unit of stake, rounded down so that nobody can withdraw more than there is. @param tokens of the validator, above 0 */
export function rewardRatio(rewards: DecCoins, tokens: bigint): DecCoins {
  return quoDecCoinsTruncate(rewards, tokens * E18);
}

/** A slash between two periods of a delegation. */
export interface Slash {
  /** Period that ended with the slash. */
  readonly period: bigint;
  /** What was taken, 0 to 1. */
  readonly fractionE18: bigint;
}

/** A delegation whose rewards are reckoned. */
export interface Stretch {
  /** Period that ended when it began. */
  readonly startPeriod: bigint;
  /** Period that ends it. */
  readonly endPeriod: bigint;
  /** Atomic units at the beginning, rounded down. */
  readonly stakeE18: bigint;
  /** Atomic units that its shares are worth now. */
  readonly currentStakeE18: bigint;
  /** Slashes since the beginning, oldest first. */
  readonly slashes: readonly Slash[];
}

/**
 * What a delegation has earned: from slash to slash, each time with the stake that was left.
 * @param ratioOf {@link rewardRatio}, summed up to the end of a period
 * @throws sdk/35 when the stake comes out above what the shares are worth, or a ratio falls: state is corrupt
 */
export function rewardsOfStretch(stretch: Stretch, ratioOf: (period: bigint) => DecCoins): DecCoins {
  let rewards: DecCoins = [];
  let { startPeriod, stakeE18 } = stretch;
  const earn = (period: bigint): void => {
    const gained = subDecCoins(ratioOf(period), ratioOf(startPeriod));
    rewards = addDecCoins(rewards, mulDecCoinsTruncate(gained, stakeE18));
  };
  for (const { period, fractionE18 } of stretch.slashes) {
    if (period <= startPeriod) continue;
    earn(period);
    stakeE18 = decMulTruncate(stakeE18, E18 - fractionE18);
    startPeriod = period;
  }
  stakeE18 = finalStake(stakeE18, stretch.currentStakeE18);
  if (startPeriod > stretch.endPeriod) throw sdkError.logic(`a period up to ${stretch.endPeriod} expected, got ${startPeriod}`);
  earn(stretch.endPeriod);
  return rewards;
}

function finalStake(stakeE18: bigint, currentStakeE18: bigint): bigint {
  if (stakeE18 <= currentStakeE18) return stakeE18;
  if (stakeE18 <= currentStakeE18 + STAKE_MARGIN_E18) return currentStakeE18;
  throw sdkError.logic(`a stake of at most ${currentStakeE18} expected after all slashes, got ${stakeE18}`);
}
