import type { Coin } from "#proto/cosmos/base/v1beta1/coin";
import type { CoinAmount } from "#sdk";
import { txParseError } from "../encoding/encodingError.ts";

/** A coin of a fee as it came: the amount may be missing or negative until the basic checks have looked at it. */
export interface FeeCoin {
  readonly denom: string;
  /** Atomic units; undefined for an empty text. */
  readonly amount: bigint | undefined;
}

const INTEGER = /^-?(0|[1-9][0-9]*)$/;
const MAX_BITS = 256;
/** All numbers of so many digits have fewer bits. */
const SAFE_DIGITS = 77;

/**
 * Reads the coins of a fee.
 * @throws sdk/2 when an amount is no canonical decimal or longer than 256 bits.
 */
export function parseFeeCoins(coins: readonly Coin[]): readonly FeeCoin[] {
  return coins.map(({ denom, amount }) => ({ denom, amount: parseAmount(amount) }));
}

function parseAmount(text: string): bigint | undefined {
  if (text === "") return undefined;
  if (!INTEGER.test(text) || text === "-0")
    throw txParseError(`canonical decimal amount expected, got ${JSON.stringify(text.slice(0, 80))}`);
  if (text.length <= SAFE_DIGITS) return BigInt(text);
  // 256 bits have at most 78 digits: longer texts are refused before the costly conversion.
  const amount = text.length <= 79 ? BigInt(text) : 1n << 256n;
  const bits = (amount < 0n ? -amount : amount).toString(2).length;
  if (bits > MAX_BITS) throw txParseError(`integer out of range; got: ${bits}, max: ${MAX_BITS}`);
  return amount;
}

/** `5stake,3photon`: coins as texts and events show them. */
export function formatFeeCoins(coins: readonly FeeCoin[]): string {
  return coins.map(({ denom, amount }) => `${amount ?? 0n}${denom}`).join(",");
}

const DENOM = /^[a-zA-Z][a-zA-Z0-9/:._-]{2,127}$/;

/** Whether coins are a valid set: positive amounts, valid denominations, strictly ascending by denomination. */
export function areValidCoins(coins: readonly FeeCoin[]): coins is readonly CoinAmount[] {
  let last = "";
  for (const { denom, amount } of coins) {
    if (amount === undefined || amount <= 0n || !DENOM.test(denom) || (last !== "" && denom <= last)) return false;
    last = denom;
  }
  return true;
}

/** Whether nothing is to be paid. */
export function isZeroFee(coins: readonly FeeCoin[]): boolean {
  return coins.every(({ amount }) => amount === 0n);
}

/** A price per unit of gas; 18 decimals. */
export interface GasPrice {
  readonly denom: string;
  /** Atomic units of the denomination per 10^18 gas. */
  readonly priceE18: bigint;
}

const E18 = 10n ** 18n;

/**
 * Reads prices such as `0.025stake,1photon`; an empty text is no price.
 * @throws sdk/2 on anything else.
 */
export function parseGasPrices(text: string): readonly GasPrice[] {
  if (text.trim() === "") return [];
  return text.split(",").map((part) => {
    const match = /^(0|[1-9][0-9]{0,30})(?:\.([0-9]{1,18}))?([a-zA-Z][a-zA-Z0-9/:._-]{2,127})$/.exec(part.trim());
    if (match === null) throw txParseError(`gas price such as 0.025stake expected, got ${JSON.stringify(part)}`);
    const [, whole = "0", fraction = "", denom = ""] = match;
    return { denom, priceE18: BigInt(whole) * E18 + BigInt(fraction.padEnd(18, "0")) };
  });
}

/** `0.025000000000000000stake`: prices with all 18 decimals, as the node's configuration query shows them. */
export function formatGasPrices(prices: readonly GasPrice[]): string {
  return prices.map(({ denom, priceE18 }) => `${priceE18 / E18}.${(priceE18 % E18).toString().padStart(18, "0")}${denom}`).join(",");
}

/** What a gas limit costs at least, rounded up, in the order of the prices. */
export function requiredFee(prices: readonly GasPrice[], gasLimit: bigint): readonly FeeCoin[] {
  return prices.map(({ denom, priceE18 }) => ({ denom, amount: (priceE18 * gasLimit + E18 - 1n) / E18 }));
}
