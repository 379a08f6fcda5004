import assert from "node:assert/strict";
import { test } from "node:test";
import { bech32 } from "@scure/base";
import { decodeBech32, encodeBech32 } from "../../../app/encoding/bech32.ts";
import { compareBytes, decodeUtf8, fromBase64, fromHex, isUtf8, toBase64, toHex } from "../../../app/encoding/bytes.ts";
import { civilFromDays, daysFromCivil } from "../../../app/encoding/calendar.ts";
import { formatDec, parseDec } from "../../../app/encoding/decText.ts";
import { EncodingError } from "../../../app/encoding/encodingError.ts";
import { formatSortedJson, type JsonTree } from "../../../app/encoding/goJson.ts";
import { type KeyPart, lengthPrefixedKey, stringKey, uint64Key } from "../../../app/encoding/keys.ts";
import { formatDuration, formatTimestamp, parseDuration, parseTimestamp } from "../../../app/encoding/timeText.ts";
import { decodeUvarint, decodeVarint, encodeUvarint, encodeVarint } from "../../../app/encoding/varint.ts";
import { fc } from "../../harness/fastCheck.ts";

const RUN = { seed: 20261124, numRuns: 300 };
const bytes = (maxLength = 40): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength });
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

test("hexadecimal and base64 agree with Node and are read back", () => {
  fc.assert(
    fc.property(bytes(), (value) => {
      assert.equal(toHex(value), Buffer.from(value).toString("hex"));
      assert.equal(toBase64(value), Buffer.from(value).toString("base64"));
      assert.deepEqual(fromHex(toHex(value)), value);
      assert.deepEqual(fromBase64(toBase64(value)), value);
    }),
    RUN,
  );
});

test("whatever text is read as base64 is the text that its bytes are written as", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."AQgw/+=Z9"), maxLength: 12 }), (text) => {
      let read: Uint8Array;
      try {
        read = fromBase64(text);
      } catch (cause) {
        assert.ok(cause instanceof EncodingError);
        return;
      }
      assert.equal(toBase64(read), text);
    }),
    { ...RUN, numRuns: 2000 },
  );
});

test("the UTF-8 check agrees with the platform's decoder on any bytes", () => {
  const near = fc.array(
    fc.constantFrom(0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(near, (list) => {
      const value = Uint8Array.from(list);
      let fine = true;
      try {
        decodeUtf8(value);
      } catch {
        fine = false;
      }
      assert.equal(isUtf8(value), fine);
    }),
    { ...RUN, numRuns: 3000 },
  );
});

test("varints are read back and never have a second form", () => {
  fc.assert(
    fc.property(uint64, int64, bytes(12), (u, i, garbage) => {
      assert.deepEqual(decodeUvarint(encodeUvarint(u)), { value: u, next: encodeUvarint(u).length });
      assert.equal(decodeVarint(encodeVarint(i)).value, i);
      try {
        const { value, next } = decodeUvarint(garbage);
        assert.deepEqual(encodeUvarint(value), garbage.slice(0, next));
      } catch (cause) {
        assert.ok(cause instanceof EncodingError);
      }
    }),
    RUN,
  );
});

test("bech32 agrees with an independent implementation in both directions", () => {
  const prefix = fc.string({ unit: fc.constantFrom(..."abchnoz1"), minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(prefix, bytes(64), (hrp, value) => {
      const text = encodeBech32(hrp, value);
      assert.equal(text, bech32.encode(hrp, bech32.toWords(value), false));
      assert.deepEqual(decodeBech32(text), { text, prefix: hrp, bytes: value });
    }),
    RUN,
  );
});

test("bech32 reads what an independent implementation reads, and refuses what that refuses", () => {
  const letter = fc.constantFrom(..."qpzry9x8gf2tvdw0s3jn54khce6mua7l1bioQZ ~é");
  const damage = fc.record({ at: fc.nat(60), removed: fc.nat(2), added: fc.string({ unit: letter, maxLength: 2 }), upper: fc.boolean() });
  fc.assert(
    fc.property(bytes(32), damage, (value, { at, removed, added, upper }) => {
      const good = encodeBech32("hanzo", value);
      const damaged = good.slice(0, at) + added + good.slice(at + removed);
      const text = upper ? damaged.toUpperCase() : damaged;
      const theirs = bech32.decodeUnsafe(text as `${string}1${string}`, false);
      const data = theirs === undefined ? undefined : bech32.fromWordsUnsafe(theirs.words);
      if (theirs === undefined || !(data instanceof Uint8Array)) assert.throws(() => decodeBech32(text), EncodingError);
      else assert.deepEqual(decodeBech32(text), { text: text.toLowerCase(), prefix: theirs.prefix, bytes: data });
    }),
    { ...RUN, numRuns: 2_000 },
  );
});

function ordered<T>(part: KeyPart<T>, value: fc.Arbitrary<T>, compare: (a: T, b: T) => number): void {
  fc.assert(
    fc.property(value, value, bytes(4), (a, b, tail) => {
      assert.equal(Math.sign(compareBytes(part.encode(a), part.encode(b))), Math.sign(compare(a, b)));
      const written = part.encode(a);
      const joined = Uint8Array.from([9, ...written, ...tail]);
      assert.deepEqual(part.decode(joined, 1), { value: a, next: 1 + written.length });
    }),
    RUN,
  );
}

test("parts of keys keep the order of their values and are read back from the middle of a key", () => {
  const number = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);
  ordered(uint64Key, uint64, number);
  ordered(lengthPrefixedKey, bytes(6), (a, b) => a.length - b.length || compareBytes(a, b));
  const text = fc.string({ unit: fc.constantFrom("a", "b", "é", "😀", "\u0001"), maxLength: 4 });
  ordered(stringKey, text, (a, b) => compareBytes(Buffer.from(a), Buffer.from(b)));
});

test("days and times agree with the platform's calendar", () => {
  const second = fc.integer({ min: -62_135_596_800, max: 253_402_300_799 });
  fc.assert(
    fc.property(second, fc.integer({ min: 0, max: 999_999_999 }), (seconds, nanos) => {
      const text = formatTimestamp({ seconds: BigInt(seconds), nanos }, "groups");
      assert.equal(text.slice(0, 19), new Date(seconds * 1000).toISOString().slice(0, 19));
      assert.deepEqual(parseTimestamp(text), { seconds: BigInt(seconds), nanos });
      assert.deepEqual(parseTimestamp(formatTimestamp({ seconds: BigInt(seconds), nanos }, "shortest")), {
        seconds: BigInt(seconds),
        nanos,
      });
      const day = BigInt(Math.floor(seconds / 86_400));
      assert.equal(daysFromCivil(civilFromDays(day)), day);
    }),
    RUN,
  );
});

test("durations and fractions are read back", () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -315_576_000_000n, max: 315_576_000_000n }),
      fc.integer({ min: 0, max: 999_999_999 }),
      fc.bigInt(),
      (seconds, nanos, atomics) => {
        const whole = seconds === 315_576_000_000n || seconds === -315_576_000_000n;
        const span = { seconds, nanos: whole ? 0 : seconds < 0n && nanos !== 0 ? -nanos : nanos };
        assert.deepEqual(parseDuration(formatDuration(span)), span);
        assert.equal(parseDec(formatDec(atomics.toString())), atomics.toString());
      },
    ),
    RUN,
  );
});

test("sorted JSON means the same as the tree, has no raw HTML characters and sorts the names", () => {
  const tree = fc.jsonValue({ maxDepth: 3, stringUnit: "grapheme" }) as fc.Arbitrary<JsonTree>;
  fc.assert(
    fc.property(tree, (value) => {
      const text = formatSortedJson(value, true);
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
      assert.doesNotMatch(text, /[&<>\u2028\u2029]/);
      assert.equal(formatSortedJson(JSON.parse(text) as JsonTree, true), text);
    }),
    RUN,
  );
});
