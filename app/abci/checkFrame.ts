import { CheckTxType, type RequestCheckTx, type ResponseCheckTx } from "#proto/tendermint/abci/types";
import { putUvarint, sizeOfUvarint } from "../encoding/varint.ts";

/** First byte of a Request that holds a CheckTx, and of the fields of a RequestCheckTx: their numbers and kinds. */
const CHECK_TX = (8 << 3) | 2;
const TX = (1 << 3) | 2;
const TYPE = 2 << 3;

/** Whether a message begins as a CheckTx does. */
export function isCheckTx(frame: Uint8Array): boolean {
  return frame[0] === CHECK_TX;
}

/**
 * The call in a message that is a CheckTx as CometBFT writes it, read without objects between: most messages are one.
 * @returns undefined for any other message, which the general decoder may understand nevertheless. The transaction is a view
 */
export function readCheckTx(frame: Uint8Array): RequestCheckTx | undefined {
  if (frame[0] !== CHECK_TX) return undefined;
  const [length, inner] = readLength(frame, 1);
  if (inner === 0 || inner + length !== frame.length || frame[inner] !== TX) return undefined;
  const [size, start] = readLength(frame, inner + 1);
  const end = start + size;
  if (start === 0 || end > frame.length) return undefined;
  const tx = frame.subarray(start, end);
  if (end === frame.length) return { tx, type: CheckTxType.NEW };
  const isRecheck = frame[end] === TYPE && end + 2 === frame.length && frame[end + 1] === CheckTxType.RECHECK;
  return isRecheck ? { tx, type: CheckTxType.RECHECK } : undefined;
}

/** First byte of a Response that holds an answer to CheckTx, and of the gas in it. */
const ANSWER = (9 << 3) | 2;
const GAS_WANTED = 5 << 3;
const GAS_USED = 6 << 3;
const NUMBER_LIMIT = 1n << 31n;

/**
 * An encoded Response that holds an answer to CheckTx which says nothing but gas, as those to good transactions do.
 * @returns undefined for any other answer
 */
export function writeCheckAnswer({
  code,
  data,
  log,
  info,
  gasWanted,
  gasUsed,
  events,
  codespace,
}: ResponseCheckTx): Uint8Array | undefined {
  if (code !== 0 || data.length > 0 || log !== "" || info !== "" || events.length > 0 || codespace !== "") return undefined;
  if (gasWanted < 0n || gasWanted >= NUMBER_LIMIT || gasUsed < 0n || gasUsed >= NUMBER_LIMIT) return undefined;
  const [wanted, used] = [Number(gasWanted), Number(gasUsed)];
  const length = sizeOfNumber(wanted) + sizeOfNumber(used);
  // Of the right length at once: a view of a small array moves its bytes out of V8's heap.
  const frame = new Uint8Array(2 + length);
  frame[0] = ANSWER;
  frame[1] = length;
  writeNumber(frame, writeNumber(frame, 2, GAS_WANTED, wanted), GAS_USED, used);
  return frame;
}

/** Bytes of a number with its tag; none for 0. */
function sizeOfNumber(value: number): number {
  return value === 0 ? 0 : 1 + sizeOfUvarint(value);
}

/** Writes a number with its tag; nothing for 0. @returns the place behind it */
function writeNumber(frame: Uint8Array, from: number, tag: number, value: number): number {
  if (value === 0) return from;
  frame[from] = tag;
  return putUvarint(frame, from + 1, value);
}

/** A length of up to four bytes and what follows it; the latter is 0 where there is none. */
function readLength(frame: Uint8Array, from: number): readonly [length: number, next: number] {
  let length = 0;
  for (let at = from; at < from + 4; at++) {
    const byte = frame[at];
    if (byte === undefined) break;
    length |= (byte & 0x7f) << (7 * (at - from));
    if (byte < 0x80) return [length, at + 1];
  }
  return [0, 0];
}
