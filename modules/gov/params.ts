import type { Params } from "#proto/cosmos/gov/v1/gov";
import type { Duration } from "#proto/google/protobuf/duration";
import {
  amountOf,
  type ChainConfig,
  type Coin,
  durationNs,
  E18,
  encodeCoin,
  explainCoins,
  formatCoins,
  parseDecimal,
  sdkError,
} from "#sdk";
import { coinsOf } from "./coins.ts";

const HOUR = 3_600n;
const DAY = 24n * HOUR;
/** Longer ones would end beyond the years that a time can have, and nothing could be decided any more. */
const MAX_PERIOD_NS = 100n * 365n * DAY * 1_000_000_000n;
const seconds = (span: bigint): Duration => ({ seconds: span, nanos: 0 });

/** Parameters without a denomination: no deposit is possible, no proposal can be made. */
export const DEFAULT_PARAMS: Params = {
  minDeposit: [],
  maxDepositPeriod: seconds(2n * DAY),
  votingPeriod: seconds(5n * DAY),
  quorum: "0.334000000000000000",
  threshold: "0.500000000000000000",
  vetoThreshold: "0.334000000000000000",
  minInitialDepositRatio: "0.250000000000000000",
  proposalCancelRatio: "0.500000000000000000",
  proposalCancelDest: "",
  expeditedVotingPeriod: seconds(DAY),
  expeditedThreshold: "0.667000000000000000",
  expeditedMinDeposit: [],
  burnVoteQuorum: false,
  burnProposalDepositPrevote: false,
  burnVoteVeto: true,
  minDepositRatio: "0.010000000000000000",
};

/** Parameters of a new chain: 1,000 coins of stake, 5,000 where it is urgent. */
export function defaultParams({ baseDenom, powerReduction }: ChainConfig): Params {
  const coins = (count: bigint): Coin[] => [encodeCoin({ denom: baseDenom, amount: count * powerReduction })];
  return { ...DEFAULT_PARAMS, minDeposit: coins(1_000n), expeditedMinDeposit: coins(5_000n) };
}

/** @throws sdk/18 naming the parameter and what was expected of it */
export function validateParams(params: Params): void {
  validateDeposits(params);
  requirePeriod("max_deposit_period", params.maxDepositPeriod);
  const voting = requirePeriod("voting_period", params.votingPeriod);
  const expedited = requirePeriod("expedited_voting_period", params.expeditedVotingPeriod);
  if (expedited >= voting) throw wrong("expedited_voting_period", `less than voting_period, ${voting} ns,`, `${expedited} ns`);
  requireShare("quorum", params.quorum, 0n);
  const threshold = requireShare("threshold", params.threshold, 1n);
  const higher = requireShare("expedited_threshold", params.expeditedThreshold, 1n);
  if (higher <= threshold) throw wrong("expedited_threshold", `above threshold, ${params.threshold},`, params.expeditedThreshold);
  requireShare("veto_threshold", params.vetoThreshold, 1n);
  requireShare("min_initial_deposit_ratio", params.minInitialDepositRatio, 0n);
  requireShare("proposal_cancel_ratio", params.proposalCancelRatio, 0n);
  requireShare("min_deposit_ratio", params.minDepositRatio, 0n);
}

function validateDeposits({ minDeposit, expeditedMinDeposit }: Params): void {
  for (const [name, coins] of [
    ["min_deposit", minDeposit],
    ["expedited_min_deposit", expeditedMinDeposit],
  ] as const) {
    const reason = coins.length === 0 ? "none" : explainCoins(coins);
    if (reason !== undefined) throw wrong(name, "coins", reason);
  }
  const least = coinsOf(minDeposit);
  // The SDK's words: not everything of it is at most the ordinary deposit.
  if (coinsOf(expeditedMinDeposit).every(({ denom, amount }) => amount <= amountOf(least, denom)))
    throw wrong("expedited_min_deposit", `more than min_deposit, ${formatCoins(minDeposit)},`, formatCoins(expeditedMinDeposit));
}

function requirePeriod(name: string, span: Duration | undefined): bigint {
  const ns = durationNs(span);
  if (span === undefined || ns <= 0n || ns > MAX_PERIOD_NS)
    throw wrong(name, "a time above 0, at most 100 years,", span === undefined ? "none" : `${ns} ns`);
  return ns;
}

/** A share of at least `least` atomics and at most 1, in 10^-18. */
function requireShare(name: string, text: string, least: bigint): bigint {
  const share = parseDecimal(text);
  if (share < least || share > E18) throw wrong(name, least === 0n ? "0 to 1" : "above 0, at most 1", text);
  return share;
}

function wrong(name: string, expected: string, got: string): Error {
  return sdkError.invalidRequest(`${name}: ${expected} expected, got ${got}`);
}
