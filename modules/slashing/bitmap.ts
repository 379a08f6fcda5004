// The blocks that a validator missed, one bit for each place of its window, in chunks: a block writes a chunk, not the window.
// A chunk is stored as the number of its bits in eight bytes, then words of 64 bits, highest byte first; the lowest bit of a word comes first.
import type { Ctx, ReadCtx } from "#sdk";
import type { SlashingState } from "./state.ts";

/** Bits of a chunk. */
export const CHUNK_BITS = 1024n;

const WORD_BITS = 64;
const HEADER_BYTES = 8;
const CHUNK_BYTES = HEADER_BYTES + Number(CHUNK_BITS) / 8;

/** Whether the block at a place was missed. @param index place in the window, from 0 on */
export function isMissed(state: SlashingState, ctx: ReadCtx, consAddress: Uint8Array, index: bigint): boolean {
  const bytes = state.missedBlocks.stored(ctx, [consAddress, index / CHUNK_BITS]);
  return isMarked(bytes, Number(index % CHUNK_BITS));
}

/**
 * How many places from one on are free of marks, as far as its chunk goes.
 * @param index place in the window, from 0 on
 * @param end first place that is not looked at
 */
export function countFree(state: SlashingState, ctx: ReadCtx, consAddress: Uint8Array, index: bigint, end: bigint): bigint {
  const bytes = state.missedBlocks.stored(ctx, [consAddress, index / CHUNK_BITS]);
  const first = Number(index % CHUNK_BITS);
  const last = Math.min(Number(CHUNK_BITS), first + Number(end - index));
  let bit = first;
  while (bit < last && !isMarked(bytes, bit)) bit++;
  return BigInt(bit - first);
}

/** Marks a place. A chunk without marks stays, as in the Cosmos SDK. @param index place in the window, from 0 on */
export function setMissed(state: SlashingState, ctx: Ctx, consAddress: Uint8Array, index: bigint, missed: boolean): void {
  const number = index / CHUNK_BITS;
  const bytes = state.missedBlocks.find(ctx, [consAddress, number])?.slice() ?? emptyChunk();
  const { at, mask } = placeOf(Number(index % CHUNK_BITS));
  bytes[at] = missed ? (bytes[at] ?? 0) | mask : (bytes[at] ?? 0) & ~mask;
  state.missedBlocks.set(ctx, [consAddress, number], bytes);
}

/** Forgets everything that a validator missed. */
export function clearMissed(state: SlashingState, ctx: Ctx, consAddress: Uint8Array): void {
  for (const [at] of [...state.missedBlocks.under(ctx, consAddress)]) state.missedBlocks.delete(ctx, at);
}

/** Everything that a validator missed goes on under another key; what stood there is forgotten. */
export function moveMissed(state: SlashingState, ctx: Ctx, oldCons: Uint8Array, newCons: Uint8Array): void {
  clearMissed(state, ctx, newCons);
  for (const [[, number], bytes] of [...state.missedBlocks.under(ctx, oldCons)]) state.missedBlocks.set(ctx, [newCons, number], bytes);
  clearMissed(state, ctx, oldCons);
}

/** How many places of a chunk are marked. */
export function countMarks(chunk: Uint8Array): number {
  let marks = 0;
  for (let at = HEADER_BYTES; at < chunk.length; at++) for (let byte = chunk[at] ?? 0; byte !== 0; byte &= byte - 1) marks++;
  return marks;
}

/** Places that are marked, lowest first. */
export function missedIndexes(state: SlashingState, ctx: ReadCtx, consAddress: Uint8Array): bigint[] {
  const found: bigint[] = [];
  const chunks = [...state.missedBlocks.under(ctx, consAddress)];
  for (const [[, number], bytes] of chunks.sort(([[, a]], [[, b]]) => (a < b ? -1 : 1))) {
    for (let bit = 0; bit < CHUNK_BITS; bit++) if (isMarked(bytes, bit)) found.push(number * CHUNK_BITS + BigInt(bit));
  }
  return found;
}

function emptyChunk(): Uint8Array {
  const bytes = new Uint8Array(CHUNK_BYTES);
  new DataView(bytes.buffer).setBigUint64(0, CHUNK_BITS);
  return bytes;
}

/** @param chunk none has no marks */
function isMarked(chunk: Uint8Array | undefined, bit: number): boolean {
  if (chunk === undefined) return false;
  const { at, mask } = placeOf(bit);
  return ((chunk[at] ?? 0) & mask) !== 0;
}

/** Byte of a chunk and the mask of a bit in it. */
function placeOf(bit: number): { readonly at: number; readonly mask: number } {
  const word = Math.floor(bit / WORD_BITS);
  const byteOfWord = 7 - ((bit % WORD_BITS) >> 3);
  return { at: HEADER_BYTES + word * 8 + byteOfWord, mask: 1 << (bit & 7) };
}
