import assert from "node:assert/strict";
import { test } from "node:test";
import { compareBytes } from "../../../app/encoding/bytes.ts";
import { Arena } from "../../../app/store/arena.ts";
import { keyPrefix, NodeColumns } from "../../../app/store/nodeColumns.ts";
import { maxSharedSlot, sizeClassCount, sizeClassOf, sizeOfClass } from "../../../app/store/sizeClass.ts";
import { fc } from "../../harness/fastCheck.ts";

test("every slot size has the smallest class that holds it, and wastes at most a fifth beyond eight bytes", () => {
  for (let bytes = 1; bytes <= maxSharedSlot; bytes++) {
    const sizeClass = sizeClassOf(bytes);
    const size = sizeOfClass(sizeClass);
    assert.ok(size >= bytes && size % 8 === 0, `${bytes} in ${size}`);
    assert.ok(sizeClass === 0 || sizeOfClass(sizeClass - 1) < bytes, `${bytes} fits the class below ${size}`);
    assert.ok(size - bytes < 8 || (size - bytes) * 5 <= size, `${bytes} wastes ${size - bytes}`);
  }
  assert.equal(sizeOfClass(sizeClassCount - 1), maxSharedSlot);
});

test("stored strings come back whatever was stored and freed around them", () => {
  const size = fc.oneof(
    { weight: 8, arbitrary: fc.nat(300) },
    { weight: 2, arbitrary: fc.nat(40_000) },
    fc.constantFrom(32_764, 32_765, 262_140, 300_000),
  );
  const property = fc.property(fc.array(fc.tuple(size, fc.boolean(), fc.nat()), { minLength: 1, maxLength: 60 }), (steps) => {
    const arena = new Arena();
    const stored = new Map<number, Uint8Array>();
    for (const [i, [length, frees, pick]] of steps.entries()) {
      const data = new Uint8Array(length).fill(i + 1);
      const ref = arena.store(data);
      assert.ok(ref !== 0 && !stored.has(ref), `reference ${ref} is new`);
      stored.set(ref, data);
      const victim = [...stored.keys()][pick % stored.size];
      if (!frees || victim === undefined) continue;
      arena.free(victim);
      stored.delete(victim);
    }
    for (const [ref, data] of stored) {
      assert.equal(arena.length(ref), data.length);
      assert.ok(Buffer.compare(arena.load(ref), data) === 0, `${data.length} bytes`);
    }
  });
  fc.assert(property, { seed: 20261124, numRuns: 120 });
});

test("freed slots are used again, of every size", () => {
  const arena = new Arena();
  const sizes = [0, 1, 4, 5, 60, 124, 125, 500, 5000, 32_764, 32_765, 400_000];
  let refs = sizes.map((size) => arena.store(new Uint8Array(size)));
  const { reservedBytes, usedBytes } = arena;
  const segments = arena.segments.length;
  for (let round = 0; round < 50; round++) {
    for (const ref of refs) arena.free(ref);
    refs = sizes.map((size) => arena.store(new Uint8Array(size)));
  }
  assert.deepEqual([arena.reservedBytes, arena.usedBytes, arena.segments.length], [reservedBytes, usedBytes, segments]);
  assert.equal(
    usedBytes,
    sizes.reduce((sum, size) => sum + size, 0),
  );
});

test("stored strings are compared like byte strings", () => {
  const bytes = fc.uint8Array({ maxLength: 6 });
  const property = fc.property(bytes, bytes, (key, other) => {
    const arena = new Arena();
    assert.equal(Math.sign(arena.compare(key, arena.store(other))), Math.sign(compareBytes(key, other)));
    const [a, b] = [keyPrefix(key), keyPrefix(other)];
    if (a !== b) assert.equal(a < b, compareBytes(key, other) < 0, "prefixes that differ decide");
  });
  fc.assert(property, { seed: 20261124, numRuns: 500 });
});

test("the order from a byte on is the order, and says how many bytes are equal", () => {
  const bytes = fc.array(fc.nat(2), { maxLength: 9 }).map((list) => Uint8Array.from(list));
  const property = fc.property(bytes, bytes, fc.nat(9), (key, other, skip) => {
    const arena = new Arena();
    let equal = 0;
    while (equal < Math.min(key.length, other.length) && key[equal] === other[equal]) equal++;
    const order = arena.orderFrom(key, arena.store(other), Math.min(skip, equal));
    assert.equal(order < 0, compareBytes(key, other) < 0);
    assert.equal(order < 0 ? ~order : order, equal);
  });
  fc.assert(property, { seed: 20261129, numRuns: 1000 });
});

test("stored strings of every length and place are copied whole", () => {
  const arena = new Arena();
  for (let length = 0; length < 1100; length = length < 140 ? length + 1 : length + 61) {
    const data = Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 255);
    const ref = arena.store(data);
    const target = new Uint8Array(length + 8).fill(255);
    assert.equal(arena.copyTo(ref, new DataView(target.buffer), 3), length + 3);
    assert.deepEqual(target, Uint8Array.of(255, 255, 255, ...data, 255, 255, 255, 255, 255));
  }
});

test("rows are used again and counted", () => {
  const nodes = new NodeColumns();
  const ids = Array.from({ length: 10_000 }, () => nodes.allocate());
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(!ids.includes(0));
  const { reservedBytes } = nodes;
  for (const id of ids) nodes.free(id);
  assert.equal(nodes.count, 0);
  assert.equal(new Set(Array.from({ length: 10_000 }, () => nodes.allocate())).size, 10_000);
  assert.deepEqual([nodes.count, nodes.reservedBytes], [10_000, reservedBytes]);
});
