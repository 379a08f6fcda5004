import assert from "node:assert/strict";
import { test } from "node:test";
import { KnownTxs } from "../../../app/runtime/knownTxs.ts";

const NAME = 64;
/** More than there are places. */
const MANY = 10_000;

interface Known {
  readonly bytes: Uint8Array;
  readonly number: number;
}

function txOf(number: number, ending = number): Known {
  const bytes = new Uint8Array(100);
  new DataView(bytes.buffer).setUint32(0, number);
  new DataView(bytes.buffer).setUint32(bytes.length - NAME, ending);
  return { bytes, number };
}

const copyOf = ({ bytes }: Known): Uint8Array => bytes.slice();

test("what is known is found by equal bytes, in the order in which it came and in any other", () => {
  const known = new KnownTxs<Known>();
  const txs = Array.from({ length: 100 }, (_, number) => txOf(number));
  for (const tx of txs) known.add(tx);
  for (const order of [txs, [...txs].reverse(), txs.filter(({ number }) => number % 3 === 0), txs])
    for (const tx of order) assert.equal(known.find(copyOf(tx)), tx);
  assert.equal(known.find(txOf(100).bytes), undefined);
});

test("transactions that end alike are told apart, and the last one of them is found", () => {
  const known = new KnownTxs<Known>();
  const [one, two] = [txOf(1, 7), txOf(2, 7)];
  known.add(one);
  assert.equal(known.find(two.bytes), undefined);
  known.add(two);
  assert.equal(known.find(copyOf(two)), two);
  known.delete(one.bytes);
  assert.equal(known.find(copyOf(two)), two);
});

test("one that is forgotten takes no other of its name with it", () => {
  const known = new KnownTxs<Known>();
  const [before, one, two] = [txOf(0), txOf(1, 7), txOf(2, 7)];
  for (const tx of [before, one, two]) known.add(tx);
  known.find(before.bytes);
  known.delete(one.bytes);
  known.find(before.bytes);
  assert.equal(known.find(copyOf(one)), undefined);
  assert.equal(known.find(copyOf(two)), two);
});

test("what was forgotten is not found, its neighbours are", () => {
  const known = new KnownTxs<Known>();
  const txs = Array.from({ length: 10 }, (_, number) => txOf(number));
  for (const tx of txs) known.add(tx);
  for (const tx of txs.slice(2, 5)) known.delete(copyOf(tx));
  known.delete(txOf(99).bytes);
  assert.deepEqual(
    txs.map((tx) => known.find(copyOf(tx))?.number),
    [0, 1, undefined, undefined, undefined, 5, 6, 7, 8, 9],
  );
  known.add(txs[3] as Known);
  assert.equal(known.find(copyOf(txs[3] as Known)), txs[3]);
});

test("the oldest make room, whatever became of the others", () => {
  const known = new KnownTxs<Known>();
  const txs = Array.from({ length: MANY }, (_, number) => txOf(number));
  for (const tx of txs) {
    known.add(tx);
    if (tx.number % 7 === 0) known.delete(tx.bytes);
  }
  const found = txs.filter((tx) => known.find(copyOf(tx)) !== undefined);
  assert.ok(found.every(({ number }) => number >= MANY - 8192 && number % 7 !== 0));
  assert.ok(found.length > 7000, `${found.length} found`);
});
