import assert from "node:assert/strict";
import { test } from "node:test";
import { compareBytes, toHex } from "../../../app/encoding/bytes.ts";
import { EventPostings, eventRows, type Posted, postingRange, readPosting } from "../../../app/runtime/eventIndex.ts";
import type { IndexRow } from "../../../app/runtime/txIndex.ts";
import { fc } from "../../harness/fastCheck.ts";

/** Few, so that they meet; a dot may stand in a type as well as in a key. */
const word = fc.constantFrom("", "a", "b", "a.b", "b.a", ".", "é", "transfer", "recipient");
const attribute = fc.record({ key: word, value: fc.oneof(word, fc.string({ maxLength: 60 })), index: fc.boolean() });
const event = fc.record({ type: word, attributes: fc.array(attribute, { maxLength: 4 }) });
const results = fc.array(fc.record({ events: fc.array(event, { maxLength: 4 }), gap: fc.constantFrom(0, 0, 1, 200, 20_000) }), {
  maxLength: 8,
});
const names = fc.array(fc.constantFrom("a.b", "transfer.recipient", "a.b.a"), { maxLength: 2 });

/** Hex of the row's key, and the transactions that it names. */
function readRow([key, value]: IndexRow): readonly [string, readonly number[]] {
  return [toHex(key), readPosting(key, value ?? new Uint8Array(0)).indices];
}

test("every text and every name of a block's attributes has one row, which names the transactions that it occurs in", () => {
  fc.assert(
    fc.property(results, names, fc.bigInt({ min: 1n, max: 2n ** 62n }), (found, indexed, height) => {
      const postings = new EventPostings({ names: new Set(indexed) });
      const expected = new Map<string, number[]>();
      const expect = (posted: Posted, index: number): void => {
        const { start, end } = postingRange(posted, height, height);
        assert.ok(compareBytes(start, end) < 0);
        const places = expected.get(toHex(start)) ?? [];
        if (!places.includes(index)) places.push(index);
        expected.set(toHex(start), places);
      };
      let index = 0;
      for (const { events, gap } of found) {
        postings.add(index, events);
        for (const { type, attributes } of events)
          for (const { key, value, index: isMarked } of attributes) {
            const name = `${type}.${key}`;
            if (indexed.length === 0 ? !isMarked : !(indexed as readonly string[]).includes(name)) continue;
            expect({ text: value }, index);
            expect({ name }, index);
          }
        index += 1 + gap;
      }
      const rows = postings.rows(height).map(readRow);
      assert.equal(rows.length, expected.size);
      assert.deepEqual(new Map(rows), expected);
    }),
    { numRuns: 500 },
  );
});

test("rows of a block that is known already are those that were collected while it was executed", () => {
  const events = [{ type: "transfer", attributes: [{ key: "recipient", value: "ann" }] }];
  const postings = new EventPostings({ names: new Set() });
  for (const index of [0, 1, 300]) postings.add(index, events);
  const known = Array.from({ length: 301 }, (_, index) => ({ events: index < 2 || index === 300 ? events : [] }));
  assert.deepEqual(eventRows(7n, known, { names: new Set() }), postings.rows(7n));
  assert.deepEqual(
    postings
      .rows(7n)
      .map(readRow)
      .map(([, places]) => places),
    [
      [0, 1, 300],
      [0, 1, 300],
    ],
  );
});
