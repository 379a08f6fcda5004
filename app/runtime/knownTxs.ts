import { areSameBytes, formatKeyText } from "../store/keyText.ts";

/** Transactions kept: some more than CometBFT's mempool holds by default. A power of two. */
const PLACES = 8192;
/** Bytes at the end of a transaction that tell it from others: a signature, as a rule. */
const TELLING = 64;

/**
 * The last transactions that were seen, each found by its bytes. One is asked for some ten times on its way into a block, nearly always behind the one
 * that came before it: looking there first costs a fifth of looking for its name. Names are last bytes, which cost less than half of a hash; who makes
 * another transaction with the same ones can only cost time.
 */
export class KnownTxs<T extends { readonly bytes: Uint8Array }> {
  /** In the order in which they came; a newcomer takes the place of the oldest. */
  readonly #row = new Array<T | undefined>(PLACES).fill(undefined);
  readonly #names = new Array<string>(PLACES).fill("");
  readonly #places = new Map<string, number>();
  #newest = 0;
  #expected = 0;

  find(bytes: Uint8Array): T | undefined {
    const place = this.#placeOf(bytes);
    if (place === undefined) return undefined;
    this.#expected = next(place);
    return this.#row[place];
  }

  /** CONTRACT: its bytes were not found. */
  add(tx: T): void {
    this.#newest = next(this.#newest);
    this.#clear(this.#newest);
    const name = nameOf(tx.bytes);
    this.#row[this.#newest] = tx;
    this.#names[this.#newest] = name;
    this.#places.set(name, this.#newest);
  }

  /** Forgets a transaction; one that is not there is none. */
  delete(bytes: Uint8Array): void {
    const place = this.#placeOf(bytes);
    if (place === undefined) return;
    this.#expected = next(place);
    this.#clear(place);
  }

  #placeOf(bytes: Uint8Array): number | undefined {
    if (this.#isAt(this.#expected, bytes)) return this.#expected;
    const place = this.#places.get(nameOf(bytes));
    return place !== undefined && this.#isAt(place, bytes) ? place : undefined;
  }

  #isAt(place: number, bytes: Uint8Array): boolean {
    const known = this.#row[place]?.bytes;
    return known !== undefined && (known === bytes || areSameBytes(known, bytes));
  }

  #clear(place: number): void {
    if (this.#row[place] === undefined) return;
    const name = this.#names[place] as string;
    // Another one with the same name may have come since.
    if (this.#places.get(name) === place) this.#places.delete(name);
    this.#row[place] = undefined;
    this.#names[place] = "";
  }
}

const next = (place: number): number => (place + 1) % PLACES;
const nameOf = (bytes: Uint8Array): string => formatKeyText(bytes, Math.max(bytes.length - TELLING, 0));
