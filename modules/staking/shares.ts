// What shares are worth: pure arithmetic in the roundings of the Cosmos SDK (x/staking Validator).
import { decQuo, decQuoTruncate, E18 } from "#sdk";

/** The part of a validator that says what its shares are worth. */
export interface ShareRate {
  /** Atomic units behind all shares. */
  readonly tokens: bigint;
  /** All shares, units of 10^-18. */
  readonly sharesE18: bigint;
}

/** Worth of shares in 10^-18 atomic units, half to even (TokensFromShares). @throws math/3 without any shares */
export function tokensOfShares({ tokens, sharesE18 }: ShareRate, partE18: bigint): bigint {
  return decQuo(partE18 * tokens, sharesE18);
}

/** Worth of shares in 10^-18 atomic units, rounded down (TokensFromSharesTruncated). @throws math/3 without any shares */
export function tokensOfSharesDown({ tokens, sharesE18 }: ShareRate, partE18: bigint): bigint {
  return decQuoTruncate(partE18 * tokens, sharesE18);
}

/**
 * Shares that are worth an amount, rounded down: the first stake sets the rate of one share to one atomic unit.
 * @returns undefined when there are shares without tokens behind them, which nothing can be worth
 */
export function sharesOfTokens({ tokens, sharesE18 }: ShareRate, amount: bigint): bigint | undefined {
  if (sharesE18 === 0n) return amount * E18;
  return tokens === 0n ? undefined : (sharesE18 * amount) / tokens;
}

/** Atomic units that shares leave with. The last ones take everything, the crumbs of earlier roundings included (RemoveDelShares). */
export function tokensLeaving(rate: ShareRate, partE18: bigint): bigint {
  return partE18 === rate.sharesE18 ? rate.tokens : tokensOfShares(rate, partE18) / E18;
}

/** Units of power that an amount gives; the rest counts for nothing. @param powerReduction atomic units to a unit of power */
export function powerOf(tokens: bigint, powerReduction: bigint): bigint {
  return tokens / powerReduction;
}
