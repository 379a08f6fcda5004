// One record of numbers for all validators, because every block writes it: texts first, then whole numbers of one width. What a block gives is added
// to the numbers where they lie, without an object for each of them.
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

/** Length of the texts and width of the numbers. */
const HEAD = 5;
const WORD_BYTES = 8;
const WORD_BITS = 64n;
/** Numbers are added by halves of words, which JavaScript adds without bigints. */
const HALF_BYTES = 4;
const HALF_BITS = 32n;
const HALF = 2 ** 32;

/** Denominations in a line of their own, then an operator a line. Neither has spaces in it. */
const [BETWEEN_DENOMS, BETWEEN_LINES] = [" ", "\n"];

/** What stands before the numbers. */
interface Head {
  readonly denoms: readonly string[];
  /** Places by operator, in their order. */
  readonly places: ReadonlyMap<string, number>;
  /** Words of a number. */
  readonly words: number;
  /** Where the numbers begin: of each operator commission and shared of each denomination, lowest byte first. */
  readonly from: number;
}

/** Accruals by operator, in the order of their places, as they stand in the record. */
export class Accruals {
  /** The record. CONTRACT: nobody changes it. */
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #head: Head;

  /** @param head of the bytes, where it is known */
  constructor(bytes: Uint8Array, head = readHead(bytes)) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#head = head;
  }

  /** @param accruals in the order of their places */
  static of(accruals: ReadonlyMap<string, Parts>): Accruals {
    return new Accruals(encode(accruals));
  }

  find(operator: string): Accrual | undefined {
    const place = this.#head.places.get(operator);
    return place === undefined ? undefined : this.#at(place);
  }

  *[Symbol.iterator](): Iterator<readonly [operator: string, accrual: Accrual]> {
    for (const [operator, place] of this.#head.places) yield [operator, this.#at(place)];
  }

  /**
   * The accruals with what a block gives besides.
   * @param rewards one for each operator, in their order
   * @returns undefined for other operators, and where the sums take a record of another shape: other denominations, wider numbers
   */
  plus(rewards: readonly (readonly [operator: string, parts: Parts])[]): Accruals | undefined {
    const { places, denoms, words, from } = this.#head;
    if (rewards.length !== places.size) return undefined;
    const bytes = this.bytes.slice();
    const view = new DataView(bytes.buffer);
    let row: { readonly parts: Parts; readonly halves: readonly number[] } | undefined;
    let [at, next] = [from, 0];
    for (const operator of places.keys()) {
      const [name, parts] = rewards[next++] as (typeof rewards)[number];
      if (name !== operator) return undefined;
      // Most validators have the same as the one before.
      if (row?.parts !== parts) {
        const halves = halvesOf(parts, denoms, words);
        if (halves === undefined) return undefined;
        row = { parts, halves };
      }
      if (!addHalves(view, at, row.halves, 2 * words)) return undefined;
      at += row.halves.length * HALF_BYTES;
    }
    return new Accruals(bytes, this.#head);
  }

  /** What all operators have of a denomination, commission and shared together. */
  total(denom: string): bigint {
    const { places, denoms, words, from } = this.#head;
    const column = denoms.indexOf(denom);
    if (column === -1) return 0n;
    // Sums of halves are exact as JavaScript's numbers for two million of them.
    const sums = new Array<number>(2 * words).fill(0);
    for (let place = 0; place < places.size; place++)
      for (const part of [0, 1]) {
        const at = from + ((place * denoms.length + column) * 2 + part) * words * WORD_BYTES;
        for (let half = 0; half < sums.length; half++) (sums[half] as number) += this.#view.getUint32(at + half * HALF_BYTES, true);
      }
    return sums.reduceRight((sum, half) => (sum << HALF_BITS) + BigInt(half), 0n);
  }

  #at(place: number): Accrual {
    const { denoms, words, from } = this.#head;
    const [commission, shared]: [DecCoins[number][], DecCoins[number][]] = [[], []];
    let at = from + place * denoms.length * 2 * words * WORD_BYTES;
    for (const denom of denoms)
      for (const coins of [commission, shared]) {
        const amountE18 = this.#number(at, words);
        at += words * WORD_BYTES;
        if (amountE18 !== 0n) coins.push({ denom, amountE18 });
      }
    return { place, commission, shared };
  }

  #number(at: number, words: number): bigint {
    let sum = 0n;
    for (let word = words - 1; word >= 0; word--) sum = (sum << WORD_BITS) | this.#view.getBigUint64(at + word * WORD_BYTES, true);
    return sum;
  }
}

/** An operator's numbers as they stand in the record, by halves of words; undefined where they have no room in it. */
function halvesOf({ commission, shared }: Parts, denoms: readonly string[], words: number): readonly number[] | undefined {
  if (![...commission, ...shared].every(({ denom }) => denoms.includes(denom))) return undefined;
  const halves: number[] = [];
  for (const denom of denoms)
    for (const coins of [commission, shared]) {
      let rest = decAmountOf(coins, denom);
      for (let half = 0; half < 2 * words; half++, rest >>= HALF_BITS) halves.push(Number(BigInt.asUintN(32, rest)));
      if (rest !== 0n) return undefined;
    }
  return halves;
}

/** Adds numbers of so many halves each to those that lie there. @returns whether all sums have room */
function addHalves(view: DataView, from: number, halves: readonly number[], width: number): boolean {
  for (let number = 0; number < halves.length; number += width) {
    let carry = 0;
    for (let half = number; half < number + width; half++) {
      const at = from + half * HALF_BYTES;
      const sum = view.getUint32(at, true) + (halves[half] as number) + carry;
      carry = sum >= HALF ? 1 : 0;
      view.setUint32(at, sum, true);
    }
    if (carry !== 0) return false;
  }
  return true;
}

function readHead(bytes: Uint8Array): Head {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const from = HEAD + view.getUint32(0);
  const [denoms = "", ...operators] = formatKeyText(bytes, HEAD, from).split(BETWEEN_LINES);
  return {
    denoms: denoms === "" ? [] : denoms.split(BETWEEN_DENOMS),
    places: new Map(operators.map((operator, place) => [operator, place])),
    words: view.getUint8(4),
    from,
  };
}

function encode(accruals: ReadonlyMap<string, Parts>): Uint8Array {
  const denoms = denomsOf(accruals);
  const amounts: bigint[] = [];
  for (const { commission, shared } of accruals.values())
    for (const denom of denoms) amounts.push(decAmountOf(commission, denom), decAmountOf(shared, denom));
  const texts = encodeUtf8([denoms.join(BETWEEN_DENOMS), ...accruals.keys()].join(BETWEEN_LINES));
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

function denomsOf(accruals: ReadonlyMap<string, Parts>): string[] {
  const denoms = new Set<string>();
  for (const { commission, shared } of accruals.values()) {
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

/** Nothing of nobody. */
export const NO_ACCRUALS = Accruals.of(new Map());

/** The record of all accruals. */
export const accruedValue: ValueCodec<Accruals> = kept({
  encode: ({ bytes }) => bytes,
  decode: (bytes) => new Accruals(bytes),
  json: { to: ({ bytes }) => value.bytes.json.to(bytes), from: (json) => new Accruals(value.bytes.json.from(json)) },
});
