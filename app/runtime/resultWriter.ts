// Results of a block's transactions as bytes, written as soon as each is known: a block of thousands keeps one array instead of a hundred
// thousand small objects, which a collection in the middle of the block would have to move.
import type { ChainEvent, EventAttribute } from "#sdk";
import { encodeUvarint } from "../encoding/varint.ts";
import type { TxOutcome } from "./tx.ts";

/** Room for the largest honest result; grows when one needs more. */
const SCRATCH_BYTES = 1 << 14;
const BLOCK_BYTES = 1 << 16;

/** Field numbers and kinds of tendermint.abci.ExecTxResult, Event and EventAttribute. */
const RESULT = { code: 0x08, data: 0x12, log: 0x1a, gasWanted: 0x28, gasUsed: 0x30, events: 0x3a, codespace: 0x42 } as const;
const EVENT = { type: 0x0a, attributes: 0x12 } as const;
/** Of tendermint.abci.ResponseFinalizeBlock. */
const BLOCK = { events: 0x0a, txResults: 0x12 } as const;
const ATTRIBUTE = { key: 0x0a, value: 0x12, index: 0x18 } as const;

/** What the runtime itself wants to know of a result later. */
export interface TxFacts {
  readonly code: number;
  readonly codespace: string;
  readonly gasWanted: bigint;
  readonly gasUsed: bigint;
}

/** Numbers below this one are written without bigints, each of whose shifts is another one: gas nearly always is. */
const MOST_SMALL = 1n << 31n;

/** Largest room for a block that is kept for the next one. */
const KEPT_BYTES = 1 << 22;
/**
 * Rooms of a writer that has ended: arrays of their size lie outside of V8's heap, and making them costs more than what is written into them in
 * most blocks.
 */
let spare: { readonly encoder: ResultEncoder; readonly block: Uint8Array } | undefined;

/** What was written of a block's results. */
export interface WrittenResults {
  /** Fields 2 of an encoded tendermint.abci.ResponseFinalizeBlock, in order. CONTRACT: to be copied before the next block */
  readonly fields: Uint8Array;
  /** Where each encoded tendermint.abci.ExecTxResult begins and ends in them, in turns. */
  readonly places: readonly number[];
}

/** Writes results as fields of a block's answer, one behind the other. */
export class ResultWriter {
  readonly #encoder: ResultEncoder;
  #block: Uint8Array;
  readonly #places: number[] = [];
  readonly facts: TxFacts[] = [];

  constructor() {
    const { encoder, block } = spare ?? { encoder: new ResultEncoder(), block: new Uint8Array(BLOCK_BYTES) };
    [this.#encoder, this.#block] = [encoder, block];
    spare = undefined;
  }

  add(outcome: TxOutcome): void {
    const facts = factsOf(outcome);
    this.facts.push(facts);
    const { field, length } = this.#encoder.encode(outcome, facts);
    const start = this.#places.at(-1) ?? 0;
    const end = start + field.length;
    if (end > this.#block.length) {
      const larger = new Uint8Array(Math.max(end, 2 * this.#block.length));
      larger.set(this.#block.subarray(0, start));
      this.#block = larger;
    }
    this.#block.set(field, start);
    this.#places.push(end - length, end);
  }

  /** All of them. CONTRACT: the writer is over. */
  end(): WrittenResults {
    const places = this.#places;
    const fields = this.#block.subarray(0, places.at(-1) ?? 0);
    if (this.#block.length <= KEPT_BYTES) spare = { encoder: this.#encoder, block: this.#block };
    return { fields, places };
  }
}

/**
 * The events of a block's hooks as field 1 of tendermint.abci.ResponseFinalizeBlock, with the attribute `mode` behind the others of each.
 * @param mode `BeginBlock` or `EndBlock`
 * @returns bytes of the caller's own
 */
export function encodeHookEvents(events: readonly ChainEvent[], mode: string): Uint8Array {
  if (events.length === 0) return NOTHING;
  hookEncoder ??= new ResultEncoder();
  return hookEncoder.encodeEvents(events, { key: "mode", value: mode }).slice();
}

/** Not that of a writer, whose results are not over when a block ends. */
let hookEncoder: ResultEncoder | undefined;
const NOTHING = new Uint8Array(0);

/** What an outcome says in numbers. Gas without limit is 2^64 − 1, which the wire's signed number shows as −1. */
export function factsOf({ error, gasWanted, gasUsed }: TxOutcome): TxFacts {
  return {
    code: error?.code ?? 0,
    codespace: error?.codespace ?? "",
    gasWanted: BigInt.asIntN(64, gasWanted),
    gasUsed: BigInt.asIntN(64, gasUsed),
  };
}

/**
 * Encodes one outcome after the other. Each is written from its end to its beginning, so that every length is known when it is due.
 * DETERMINISM: code, data, gas wanted and gas used are hashed into the next header; all attributes are indexed.
 */
class ResultEncoder {
  #scratch = new Uint8Array(SCRATCH_BYTES);
  /** First written byte of the scratch. */
  #at = SCRATCH_BYTES;

  /** A result as a field of a block's answer, and its own length; a view that stands until the next one is encoded. */
  encode({ error, data, events }: TxOutcome, facts: TxFacts): { readonly field: Uint8Array; readonly length: number } {
    this.#at = this.#scratch.length;
    if (facts.codespace !== "") this.#text(RESULT.codespace, facts.codespace);
    for (let i = events.length - 1; i >= 0; i--) this.#event(RESULT.events, events[i] as ChainEvent);
    if (facts.gasUsed !== 0n) this.#number(RESULT.gasUsed, facts.gasUsed);
    if (facts.gasWanted !== 0n) this.#number(RESULT.gasWanted, facts.gasWanted);
    if (error !== undefined && error.log !== "") this.#text(RESULT.log, error.log);
    if (data.length > 0) {
      this.#room(data.length);
      this.#at -= data.length;
      this.#scratch.set(data, this.#at);
      this.#head(RESULT.data, data.length);
    }
    if (facts.code !== 0) this.#number(RESULT.code, BigInt(facts.code));
    const length = this.#written();
    this.#head(BLOCK.txResults, length);
    return { field: this.#scratch.subarray(this.#at), length };
  }

  /** Events of a block, each with one more attribute as its last; a view that stands until something else is encoded. */
  encodeEvents(events: readonly ChainEvent[], last: EventAttribute): Uint8Array {
    this.#at = this.#scratch.length;
    for (let i = events.length - 1; i >= 0; i--) this.#event(BLOCK.events, events[i] as ChainEvent, last);
    return this.#scratch.subarray(this.#at);
  }

  #event(tag: number, { type, attributes }: ChainEvent, last?: EventAttribute): void {
    const end = this.#written();
    if (last !== undefined) this.#attribute(last);
    for (let i = attributes.length - 1; i >= 0; i--) this.#attribute(attributes[i] as EventAttribute);
    if (type !== "") this.#text(EVENT.type, type);
    this.#head(tag, this.#written() - end);
  }

  #attribute({ key, value }: EventAttribute): void {
    const end = this.#written();
    this.#room(2);
    this.#scratch[--this.#at] = 1;
    this.#scratch[--this.#at] = ATTRIBUTE.index;
    if (value !== "") this.#text(ATTRIBUTE.value, value);
    if (key !== "") this.#text(ATTRIBUTE.key, key);
    this.#head(EVENT.attributes, this.#written() - end);
  }

  /** Bytes of the result so far; unlike the place of its first byte it stays the same when the scratch grows. */
  #written(): number {
    return this.#scratch.length - this.#at;
  }

  /** Letters of ASCII one by one, since most text is short; anything else by the platform's encoder. */
  #text(tag: number, text: string): void {
    const { length } = text;
    this.#room(length);
    const scratch = this.#scratch;
    const end = this.#at;
    let at = end;
    for (let i = length - 1; i >= 0; i--) {
      const unit = text.charCodeAt(i);
      if (unit > 0x7f) {
        this.#wideText(tag, text);
        return;
      }
      scratch[--at] = unit;
    }
    this.#at = at;
    this.#head(tag, length);
  }

  #wideText(tag: number, text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.#room(bytes.length);
    this.#at -= bytes.length;
    this.#scratch.set(bytes, this.#at);
    this.#head(tag, bytes.length);
  }

  #number(tag: number, value: bigint): void {
    if (value >= 0n && value < MOST_SMALL) {
      this.#head(tag, Number(value));
      return;
    }
    this.#room(11);
    const bytes = encodeUvarint(BigInt.asUintN(64, value));
    this.#at -= bytes.length;
    this.#scratch.set(bytes, this.#at);
    this.#scratch[--this.#at] = tag;
  }

  /** A tag and a number, such as the length of what was just written. */
  #head(tag: number, length: number): void {
    this.#room(6);
    if (length < 0x80) this.#scratch[--this.#at] = length;
    else {
      let bytes = 1;
      for (let rest = length >>> 7; rest > 0; rest >>>= 7) bytes++;
      this.#at -= bytes;
      let rest = length;
      for (let i = 0; i < bytes; i++, rest >>>= 7) this.#scratch[this.#at + i] = (rest & 0x7f) | (i + 1 < bytes ? 0x80 : 0);
    }
    this.#scratch[--this.#at] = tag;
  }

  /** Makes room for more bytes before the first one. */
  #room(bytes: number): void {
    if (this.#at >= bytes) return;
    const written = this.#written();
    const larger = new Uint8Array(Math.max(2 * this.#scratch.length, written + bytes));
    larger.set(this.#scratch.subarray(this.#at), larger.length - written);
    this.#scratch = larger;
    this.#at = larger.length - written;
  }
}
