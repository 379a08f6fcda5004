// One record of numbers for all validators, because every block writes it: texts first, then whole numbers of one width.
import { compareDenoms, type DecCoins, decAmountOf, encodeUtf8, formatKeyText, kept, type ValueCodec, value } from "#sdk";

/** A reward divided between a validator and its delegators. */
export interface Parts {
  readonly commission: DecCoins;
  readonly shared: DecCoins;
}

/** What blocks have given a validator since its own records were written. */
export interface Accrual extends Parts {
  /** Where it stands among the others, from 0. */
  readonly place: number;
}

/** Accruals by operator, in the order of their places. */
export type Accrued = ReadonlyMap<string, Accrual>;

/** Length of the texts and width of the numbers. */
const HEAD = 5;
const WORD_BYTES = 8;
const WORD_BITS = 64n;

/** Denominations in a line of their own, then an operator a line. Neither has spaces in it. */
const [BETWEEN_DENOMS, BETWEEN_LINES] = [" ", "\n"];

function encode(accrued: Accrued): Uint8Array {
  const denoms = denomsOf(accrued);
  const amounts: bigint[] = [];
  for (const { commission, shared } of accrued.values())
    for (const denom of denoms) amounts.push(decAmountOf(commission, denom), decAmountOf(shared, denom));
  const texts = encodeUtf8([denoms.join(BETWEEN_DENOMS), ...accrued.keys()].join(BETWEEN_LINES));
  const words = widthOf(amounts);
  const bytes = new Uint8Array(HEAD + texts.length + amounts.length * words * WORD_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, texts.length);
  view.setUint8(4, words);
  bytes.set(texts, HEAD);
  let at = HEAD + texts.length;
  for (const amount of amounts)
    for (let word = 0, rest = amount; word < words; word++, rest >>= WORD_BITS, at += WORD_BYTES)
      view.setBigUint64(at, BigInt.asUintN(64, rest), true);
  return bytes;
}

function denomsOf(accrued: Accrued): string[] {
  const denoms = new Set<string>();
  for (const { commission, shared } of accrued.values()) {
    for (const { denom } of commission) denoms.add(denom);
    for (const { denom } of shared) denoms.add(denom);
  }
  return [...denoms].sort(compareDenoms);
}

/** Words that the largest amount takes. */
function widthOf(amounts: readonly bigint[]): number {
  let words = 0;
  let limit = 1n;
  for (const amount of amounts) for (; amount >= limit; words++) limit <<= WORD_BITS;
  return words;
}

function decode(bytes: Uint8Array): Accrued {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const words = view.getUint8(4);
  let at = HEAD + view.getUint32(0);
  const [denoms = "", ...operators] = formatKeyText(bytes, HEAD, at).split(BETWEEN_LINES);
  const amount = (): bigint => {
    let sum = 0n;
    for (let word = words - 1; word >= 0; word--) sum = (sum << WORD_BITS) | view.getBigUint64(at + word * WORD_BYTES, true);
    at += words * WORD_BYTES;
    return sum;
  };
  const accrued = new Map<string, Accrual>();
  for (const [place, operator] of operators.entries()) {
    const [commission, shared]: [DecCoins[number][], DecCoins[number][]] = [[], []];
    for (const denom of denoms === "" ? [] : denoms.split(BETWEEN_DENOMS))
      for (const coins of [commission, shared]) {
        const amountE18 = amount();
        if (amountE18 !== 0n) coins.push({ denom, amountE18 });
      }
    accrued.set(operator, { place, commission, shared });
  }
  return accrued;
}

/** The record of all accruals. */
export const accruedValue: ValueCodec<Accrued> = kept({
  encode,
  decode,
  json: { to: (accrued) => value.bytes.json.to(encode(accrued)), from: (json) => decode(value.bytes.json.from(json)) },
});
