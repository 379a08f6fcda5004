import type { Params } from "#proto/cosmos/gov/v1/gov";
import type { Duration } from "#proto/google/protobuf/duration";
import {
  type AddressCodec,
  amountOf,
  type ChainConfig,
  type Coin,
  durationNs,
  E18,
  encodeCoin,
  explainAddress,
  explainCoins,
  formatCoins,
  formatDecimal,
  ModuleError,
  parseDecimal,
  unregisteredError,
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

/** In the order and words of the SDK: they stand in the reason of a proposal that failed. @throws undefined/1 */
export function validateParams(params: Params, address: AddressCodec): void {
  validateDeposits(params);
  requirePeriod("maximum deposit period", params.maxDepositPeriod);
  requireShare("quorum string", "quorom", params.quorum);
  const threshold = requirePart("threshold", "vote threshold", params.threshold);
  const higher = requirePart("expedited threshold", "expedited vote threshold", params.expeditedThreshold);
  if (higher <= threshold) {
    const [fast, ordinary] = [formatDecimal(higher), formatDecimal(threshold)];
    throw unregisteredError(`expedited vote threshold ${fast}, must be greater than the regular threshold ${ordinary}`);
  }
  requirePart("vetoThreshold", "veto threshold", params.vetoThreshold);
  const voting = requirePeriod("voting period", params.votingPeriod);
  const expedited = requirePeriod("expedited voting period", params.expeditedVotingPeriod);
  if (expedited >= voting)
    throw unregisteredError(`expedited voting period ${expedited} ns must be strictly less that the regular voting period ${voting} ns`);
  requireRatio("mininum initial deposit ratio of proposal", params.minInitialDepositRatio);
  requireRatio("burn rate of cancel proposal", params.proposalCancelRatio);
  if (params.proposalCancelDest !== "" && explainAddress(address, params.proposalCancelDest) !== undefined)
    throw unregisteredError(`deposits destination address is invalid: ${params.proposalCancelDest}`);
  // The SDK lets any text be this one, and stops at it when a deposit comes.
  requireRatio("minimum deposit ratio", params.minDepositRatio);
}

function validateDeposits({ minDeposit, expeditedMinDeposit }: Params): void {
  for (const [name, coins] of [
    ["minimum deposit", minDeposit],
    ["expedited minimum deposit", expeditedMinDeposit],
  ] as const)
    if (coins.length === 0 || explainCoins(coins) !== undefined) throw unregisteredError(`invalid ${name}: ${formatCoins(coins)}`);
  const least = coinsOf(minDeposit);
  if (coinsOf(expeditedMinDeposit).every(({ denom, amount }) => amount <= amountOf(least, denom)))
    throw unregisteredError(`expedited minimum deposit must be greater than minimum deposit: ${formatCoins(expeditedMinDeposit)}`);
}

function requirePeriod(name: string, span: Duration | undefined): bigint {
  const ns = durationNs(span);
  if (span === undefined) throw unregisteredError(`${name} must not be nil`);
  if (ns <= 0n) throw unregisteredError(`${name} must be positive: ${ns} ns`);
  if (ns > MAX_PERIOD_NS) throw unregisteredError(`${name} must be at most 100 years: ${ns} ns`);
  return ns;
}

/** From 0 to 1, in 10^-18. @param what of the text @param name of the number */
function requireShare(what: string, name: string, text: string): void {
  const share = parseShare(what, text);
  if (share < 0n) throw unregisteredError(`${name} cannot be negative: ${formatDecimal(share)}`);
  if (share > E18) throw unregisteredError(`${name} too large: ${text}`);
}

/** Above 0, at most 1. */
function requirePart(what: string, name: string, text: string): bigint {
  const share = parseShare(`${what} string`, text);
  if (share <= 0n) throw unregisteredError(`${name} must be positive: ${formatDecimal(share)}`);
  if (share > E18) throw unregisteredError(`${name} too large: ${formatDecimal(share)}`);
  return share;
}

function requireRatio(name: string, text: string): void {
  const share = parseShare(name, text);
  if (share < 0n) throw unregisteredError(`${name} must be positive: ${formatDecimal(share)}`);
  if (share > E18) throw unregisteredError(`${name} is too large: ${formatDecimal(share)}`);
}

function parseShare(what: string, text: string): bigint {
  try {
    return parseDecimal(text);
  } catch (error) {
    if (error instanceof ModuleError) throw unregisteredError(`invalid ${what}: ${explainDecimal(text)}`);
    throw error;
  }
}

/** What the SDK says of a text that is no decimal number. */
function explainDecimal(text: string): string {
  const digits = text.replace(/^-/, "");
  if (digits === "") return "decimal string cannot be empty";
  const [whole = "", decimals, ...more] = digits.split(".");
  if (more.length > 0) return "invalid decimal string";
  if (decimals === "" || (decimals !== undefined && whole === "")) return "invalid decimal length";
  const places = decimals?.length ?? 0;
  if (places > 18) return `value '${digits}' exceeds max precision by ${18 - places} decimal places: max precision 18`;
  return `failed to set decimal string with base 10: ${whole}${decimals ?? ""}${"0".repeat(18 - places)}`;
}
