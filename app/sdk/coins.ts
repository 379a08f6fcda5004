import { sdkError } from "./errors.ts";

/** A coin as messages, queries and genesis files carry it: the amount is decimal text of atomic units. */
export interface Coin {
  readonly denom: string;
  readonly amount: string;
}

/** A coin to calculate with: atomic units, never negative, below 2^256. */
export interface CoinAmount {
  readonly denom: string;
  readonly amount: bigint;
}

/** Amounts are below this, as the SDK's math.Int. */
export const AMOUNT_LIMIT = 1n << 256n;

const DENOM = /^[a-zA-Z][a-zA-Z0-9/:._-]{2,127}$/;
const DECIMAL = /^(0|[1-9][0-9]{0,77})$/;
const COIN = /^([0-9]+)\s*([a-zA-Z][a-zA-Z0-9/:._-]{2,127})$/;

/** Whether text is a denomination: 3–128 characters, a letter first (cosmos-sdk types/coin.go). */
export function isDenom(text: string): boolean {
  return DENOM.test(text);
}

/**
 * Amount of canonical decimal text: no sign, no leading zeros, below 2^256. Other ways to write a number (`0x11`, `017`, `1_7`), which the
 * SDK takes, are no amounts here: every amount has one text.
 * @returns undefined for anything else.
 */
export function findAmount(text: string): bigint | undefined {
  if (!DECIMAL.test(text)) return undefined;
  const amount = BigInt(text);
  return amount < AMOUNT_LIMIT ? amount : undefined;
}

/**
 * Amount of canonical decimal text.
 * @throws sdk/10 saying which text came.
 */
export function parseAmount(text: string): bigint {
  const amount = findAmount(text);
  if (amount === undefined) throw sdkError.invalidCoins(`amount as canonical decimal below 2^256 expected, got ${JSON.stringify(text)}`);
  return amount;
}

/**
 * Coin of text such as `5000stake`, as flags and configuration files have it.
 * @throws sdk/10
 */
export function parseCoin(text: string): CoinAmount {
  const match = COIN.exec(text.trim());
  const [, amount, denom] = match ?? [];
  if (amount === undefined || denom === undefined) throw sdkError.invalidCoins(`invalid coin expression: ${JSON.stringify(text)}`);
  return { denom, amount: parseAmount(amount) };
}

/**
 * Coins of text such as `40photon,100stake`; empty text is no coins. The result is sorted.
 * @throws sdk/10 also for a zero amount or a denomination that comes twice.
 */
export function parseCoins(text: string): readonly CoinAmount[] {
  if (text.trim() === "") return [];
  const coins = text.split(",").map(parseCoin);
  coins.sort((a, b) => compareDenoms(a.denom, b.denom));
  const wrong = explainCoins(coins);
  if (wrong !== undefined) throw sdkError.invalidCoins(wrong);
  return coins;
}

/** Text of coins as events and errors show it: `40photon,100stake`; an amount that is missing reads as 0. */
export function formatCoins(coins: readonly (Coin | CoinAmount)[]): string {
  let text = "";
  for (const { denom, amount } of coins) {
    const coin = `${amount === "" ? "0" : amount}${denom}`;
    text = text === "" ? coin : `${text},${coin}`;
  }
  return text;
}

/** Coin in wire form. */
export function encodeCoin({ denom, amount }: CoinAmount): { denom: string; amount: string } {
  return { denom, amount: amount.toString() };
}

/** Coins in wire form. */
export function encodeCoins(coins: readonly CoinAmount[]): { denom: string; amount: string }[] {
  return coins.map(encodeCoin);
}

/**
 * Says in the SDK's words what is wrong with a list of coins: a bad denomination, an amount that is not positive, the order, a double.
 * @returns undefined when the list is valid; the empty list is.
 */
export function explainCoins(coins: readonly (Coin | CoinAmount)[]): string | undefined {
  let last: string | undefined;
  for (const { denom, amount } of coins) {
    if (!isDenom(denom)) return `invalid denom: ${denom}`;
    const value = typeof amount === "bigint" ? amount : findAmount(amount);
    if (value === undefined || value <= 0n || value >= AMOUNT_LIMIT)
      return `coin ${formatCoins([{ denom, amount } as Coin])} amount is not positive`;
    if (last === denom) return `duplicate denomination ${denom}`;
    if (last !== undefined && last > denom) return `denomination ${denom} is not sorted`;
    last = denom;
  }
  return undefined;
}

/**
 * Coins of wire form, for amounts that somebody moves: at least one, all positive, sorted, no doubles, canonical amounts.
 * @throws sdk/10 with the coins in the text.
 */
export function requireCoins(coins: readonly Coin[]): readonly CoinAmount[] {
  if (coins.length === 0 || explainCoins(coins) !== undefined) throw sdkError.invalidCoins(formatCoins(coins));
  return coins.map(({ denom, amount }) => ({ denom, amount: BigInt(amount) }));
}

/**
 * Coins as the SDK counts with what somebody wants to spend: in order, without those of nothing.
 * @throws sdk/10 for what is no amount or denomination, negative or doubled, at which the SDK panics
 */
export function readSpentCoins(coins: readonly Coin[]): readonly CoinAmount[] {
  const spent = coins.filter(({ amount }) => amount !== "" && findAmount(amount) !== 0n).sort((a, b) => compareDenoms(a.denom, b.denom));
  return spent.length === 0 ? [] : requireCoins(spent);
}

/** Order of denominations: by bytes (they are ASCII). */
export function compareDenoms(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Amount of a denomination in a list; 0 if it is not there. */
export function amountOf(coins: readonly CoinAmount[], denom: string): bigint {
  for (const coin of coins) if (coin.denom === denom) return coin.amount;
  return 0n;
}

/**
 * Sum of two valid lists, again valid.
 * @throws sdk/10 when an amount reaches 2^256.
 */
export function addCoins(a: readonly CoinAmount[], b: readonly CoinAmount[]): readonly CoinAmount[] {
  return mergeCoins(a, b, (x, y) => x + y);
}

/**
 * Difference of two valid lists, zeros left out.
 * @throws sdk/5 when `b` holds more of a denomination than `a`.
 */
export function subCoins(a: readonly CoinAmount[], b: readonly CoinAmount[]): readonly CoinAmount[] {
  return mergeCoins(a, b, (x, y) => {
    if (x < y) throw sdkError.insufficientFunds(`${formatCoins(a)} is smaller than ${formatCoins(b)}`);
    return x - y;
  });
}

/** Whether two valid lists hold the same. */
export function equalCoins(a: readonly CoinAmount[], b: readonly CoinAmount[]): boolean {
  return a.length === b.length && a.every((coin, i) => coin.denom === b[i]?.denom && coin.amount === b[i]?.amount);
}

/** Walks two sorted lists side by side. */
function mergeCoins(a: readonly CoinAmount[], b: readonly CoinAmount[], combine: (x: bigint, y: bigint) => bigint): readonly CoinAmount[] {
  const merged: CoinAmount[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const x = a[i];
    const y = b[j];
    const denom = y === undefined || (x !== undefined && x.denom <= y.denom) ? (x?.denom ?? "") : y.denom;
    let left = 0n;
    let right = 0n;
    if (x?.denom === denom) {
      left = x.amount;
      i++;
    }
    if (y?.denom === denom) {
      right = y.amount;
      j++;
    }
    const amount = combine(left, right);
    if (amount >= AMOUNT_LIMIT) throw sdkError.invalidCoins(`amount of ${denom} below 2^256 expected, got ${amount}`);
    if (amount > 0n) merged.push({ denom, amount });
  }
  return merged;
}
