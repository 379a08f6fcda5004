// Holdout sets as bytes: test cases with the base scores of those bytes that a prior may lift.

import { experienceError } from "../errors.ts";

/** One decoding: the base scores of the candidates, and which of them is right. */
export interface HoldoutStep {
  /** Text before the byte, at most 64 bytes. */
  readonly context: Uint8Array;
  /** Bytes that may be decoded, rising. */
  readonly candidates: Uint8Array;
  /** Base score of each, −2^30 to 2^30, units of 2^−20 of a logit. */
  readonly scores: Int32Array;
  /** The right one. */
  readonly target: number;
}

/** Test cases: a case is solved when every step of it decodes its target. */
export interface HoldoutSet {
  /** Weight of the prior, Q8. */
  readonly alphaQ8: number;
  /** How far below the best base score a candidate may lie. */
  readonly mask: number;
  readonly cases: readonly (readonly HoldoutStep[])[];
}

/** Most bytes of a context: earlier ones do not count. */
const MAX_CONTEXT = 64;
/** Largest magnitude of a base score. */
export const MAX_BASE_SCORE = 2 ** 30;
/** Largest mask: bytes that are not named must lie below it. */
const MAX_MASK = 2 ** 30;

/**
 * Reads a holdout set, numbers big-endian:
 *
 * | bytes    | what                                                                          |
 * | -------- | ----------------------------------------------------------------------------- |
 * | 2        | α in Q8                                                                       |
 * | 4        | mask, 0 to 2^30                                                               |
 * | 2        | number of cases, at least 1                                                   |
 * | per case | 1: number of steps, at least 1; then the steps                                |
 * | per step | 1: length of the context, at most 64; the context; 1: candidates less one     |
 * |          | per candidate 5: the byte, rising, and its base score as a signed number      |
 * |          | 1: target, one of the candidates                                              |
 *
 * Every candidate's score is at least the best one's less the mask; all other bytes have −2^30, lie further below, and need not be named.
 * @param rows of the schema: candidates are below
 * @throws experience/30 naming the place, what was expected and what came
 */
export function parseHoldout(bytes: Uint8Array, rows: number): HoldoutSet {
  const reader = new Reader(bytes);
  const alphaQ8 = reader.uint(2);
  const mask = reader.uint(4);
  if (mask > MAX_MASK) reader.refuse(`mask: expected at most ${MAX_MASK}, got ${mask}`);
  const count = reader.uint(2);
  if (count === 0) reader.refuse("expected at least one case, got none");
  const cases: HoldoutStep[][] = [];
  for (let i = 0; i < count; i++) {
    const steps = reader.uint(1);
    if (steps === 0) reader.refuse(`case ${i}: expected at least one step, got none`);
    cases.push(Array.from({ length: steps }, (_, step) => readStep(reader, { at: `case ${i}, step ${step}`, rows, mask })));
  }
  if (!reader.ended) reader.refuse("expected no bytes after the last case");
  return { alphaQ8, mask, cases };
}

function readStep(reader: Reader, { at, rows, mask }: { readonly at: string; readonly rows: number; readonly mask: number }): HoldoutStep {
  const length = reader.uint(1);
  if (length > MAX_CONTEXT) reader.refuse(`${at}: expected a context of at most ${MAX_CONTEXT} bytes, got ${length}`);
  const context = reader.take(length);
  const count = reader.uint(1) + 1;
  const candidates = new Uint8Array(count);
  const scores = new Int32Array(count);
  let [previous, best] = [-1, -Infinity];
  for (let i = 0; i < count; i++) {
    const byte = reader.uint(1);
    const score = reader.uint(4) | 0;
    if (byte <= previous || byte >= rows) reader.refuse(`${at}: expected rising candidates below ${rows}, got ${byte}`);
    if (Math.abs(score) > MAX_BASE_SCORE) reader.refuse(`${at}: expected a base score within ±${MAX_BASE_SCORE}, got ${score}`);
    candidates[i] = byte;
    scores[i] = score;
    previous = byte;
    best = Math.max(best, score);
  }
  if (best - mask <= -MAX_BASE_SCORE) reader.refuse(`${at}: expected a best base score above ${mask - MAX_BASE_SCORE}, got ${best}`);
  const low = scores.find((score) => score < best - mask);
  if (low !== undefined) reader.refuse(`${at}: expected base scores of at least ${best - mask}, got ${low}`);
  const target = reader.uint(1);
  if (!candidates.includes(target)) reader.refuse(`${at}: expected one of the candidates as target, got ${target}`);
  return { context, candidates, scores, target };
}

/** Writes what {@link parseHoldout} reads. The set must obey its rules. */
export function encodeHoldout({ alphaQ8, mask, cases }: HoldoutSet): Uint8Array {
  const bytes: number[] = [];
  const write = (value: number, length: number): void => {
    for (let i = length - 1; i >= 0; i--) bytes.push(Math.floor(value / 2 ** (8 * i)) & 255);
  };
  write(alphaQ8, 2);
  write(mask, 4);
  write(cases.length, 2);
  for (const steps of cases) {
    write(steps.length, 1);
    for (const { context, candidates, scores, target } of steps) {
      write(context.length, 1);
      bytes.push(...context);
      write(candidates.length - 1, 1);
      candidates.forEach((candidate, i) => {
        write(candidate, 1);
        write((scores[i] as number) >>> 0, 4);
      });
      write(target, 1);
    }
  }
  return Uint8Array.from(bytes);
}

/** Reads big-endian numbers and never past the end. */
class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get ended(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** @param length at most 4 */
  uint(length: number): number {
    return this.take(length).reduce((value, byte) => value * 256 + byte, 0);
  }

  take(length: number): Uint8Array {
    const taken = this.#bytes.slice(this.#at, this.#at + length);
    if (taken.length < length) this.refuse(`expected ${length} more bytes, got ${taken.length}`);
    this.#at += length;
    return taken;
  }

  refuse(detail: string): never {
    throw experienceError.invalidHoldout(`byte ${this.#at}: ${detail}`);
  }
}
