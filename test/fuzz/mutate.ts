// Changes of valid inputs: bits, bytes, lengths, pieces of other inputs, and words that parsers stumble over.
import type { createRandom } from "../e2e/harness/random.ts";

/** A seeded source of numbers. */
export type Random = ReturnType<typeof createRandom>;

const words = [
  ...[
    "null",
    "true",
    "-1",
    "0",
    "1e999",
    "1.5",
    "{}",
    "[]",
    '""',
    '"__proto__"',
    "\\u0000",
    "'",
    '"',
    "\n",
    "%00",
    "%",
    "..",
    "/",
    "?",
    "&",
    "=",
  ],
  ...["18446744073709551616", "9007199254740993", "constructor", "é", "\ud800", "0x10", "00", "+1", " ", ",", ":", "="],
].map((word) => new Uint8Array(Buffer.from(word)));
const bytesOfNote = [0x00, 0x01, 0x0a, 0x0b, 0x22, 0x2f, 0x5b, 0x7b, 0x7f, 0x80, 0xff];
const longest = 8192;

/** One to four changes of one of the inputs. */
export function mutate(random: Random, inputs: readonly Uint8Array[]): Uint8Array {
  const start = inputs[random.below(inputs.length)] ?? new Uint8Array(0);
  let bytes: Buffer = Buffer.from(start);
  for (let left = 1 + random.below(4); left > 0; left -= 1) bytes = change(random, bytes, inputs);
  return new Uint8Array(bytes.subarray(0, longest));
}

function change(random: Random, bytes: Buffer, inputs: readonly Uint8Array[]): Buffer {
  const at = random.below(bytes.length + 1);
  const length = random.below(9);
  const head = bytes.subarray(0, at);
  switch (random.below(8)) {
    case 0: {
      const flipped = Buffer.from(bytes);
      if (at < bytes.length) flipped[at] = (flipped[at] ?? 0) ^ (1 << random.below(8));
      return flipped;
    }
    case 1: {
      const set = Buffer.from(bytes);
      if (at < bytes.length) set[at] = random.below(2) === 0 ? random.below(256) : (bytesOfNote[random.below(bytesOfNote.length)] ?? 0);
      return set;
    }
    case 2:
      return Buffer.concat([head, bytes.subarray(at + length)]);
    case 3:
      return Buffer.concat([head, bytes.subarray(at, at + 4 * length), bytes.subarray(at)]);
    case 4:
      return Buffer.concat([head, words[random.below(words.length)] ?? head, bytes.subarray(at + length)]);
    case 5:
      return Buffer.from(head);
    case 6: {
      const other = inputs[random.below(inputs.length)] ?? new Uint8Array(0);
      return Buffer.concat([head, other.subarray(random.below(other.length + 1))]);
    }
    default:
      return Buffer.concat([head, Buffer.from(Array.from({ length }, () => random.below(256))), bytes.subarray(at)]);
  }
}
