import assert from "node:assert/strict";
import { test } from "node:test";
import { aggregate, aggregateWithout, openBackend, parseShard, signBytes } from "#kernels";
import { Xorshift } from "../../../gpu-kernels/prng.ts";
import { fc } from "../../harness/fastCheck.ts";
import { rounds } from "./worlds.ts";

const kernels = await openBackend("wasm");
const runs = { numRuns: 150 };

/** A permutation of 0…n−1. */
function permutation(n: number, seed: number): number[] {
  const random = new Xorshift(seed);
  return Array.from({ length: n }, (_, i) => [random.next(), i] as const)
    .sort(([a], [b]) => a - b)
    .map(([, i]) => i);
}

test("the order of contributors does not change the aggregate", async () => {
  await fc.assert(
    fc.asyncProperty(rounds(), fc.integer({ min: 1, max: 2 ** 31 }), async ({ world, shards, w }, seed) => {
      const order = permutation(shards.length, seed);
      const plain = await aggregate(kernels, shards, w, world);
      const permuted = await aggregate(
        kernels,
        order.map((i) => shards[i] as Uint8Array),
        Int32Array.from(order, (i) => w[i] as number),
        world,
      );
      assert.deepEqual([permuted.e, permuted.cid, permuted.noCore], [plain.e, plain.cid, plain.noCore]);
    }),
    runs,
  );
});

// With a weight of 8192·k the floors of λ (specification §5.4) are exact for the whole and for its halves, so nothing but the shift of §5.5 is left to
// round. For other weights no small bound holds: λ of some tens of units, halved, moves the factors of all others by a per cent and more.
test("a contributor in two halves of equal weight leaves every factor as it was, and changes an element by 1 at most", async () => {
  await fc.assert(
    fc.asyncProperty(rounds(), fc.nat(), fc.integer({ min: 1, max: 158 }), async ({ world, shards, w }, at, k) => {
      const i = at % shards.length;
      const whole = await aggregate(kernels, shards, w.with(i, 8192 * k), world);
      const halves = Int32Array.from([...w.with(i, 4096 * k), 4096 * k]);
      const split = await aggregate(kernels, [...shards, shards[i] as Uint8Array], halves, world);
      assert.deepEqual(split.globalFactors, Int32Array.from([...whole.globalFactors, whole.globalFactors[i] as number]));
      assert.deepEqual(split.rowFactors.subarray(0, whole.rowFactors.length), whole.rowFactors);
      whole.e.forEach((element, c) => {
        assert.ok(Math.abs(element - (split.e[c] as number)) <= 1, `element ${c}: ${element} becomes ${split.e[c]}`);
      });
    }),
    runs,
  );
});

test("contributors without weight are inert: they may stay or be dropped", async () => {
  await fc.assert(
    fc.asyncProperty(rounds(), async ({ world, shards, w }) => {
      const counted = shards.map((_, i) => i).filter((i) => w[i] !== 0);
      if (counted.length === 0) return;
      const all = await aggregate(kernels, shards, w, world);
      const rest = await aggregate(
        kernels,
        counted.map((i) => shards[i] as Uint8Array),
        Int32Array.from(counted, (i) => w[i] as number),
        world,
      );
      assert.deepEqual([rest.e, rest.caps, rest.noCore], [all.e, all.caps, all.noCore]);
    }),
    runs,
  );
});

test("turning every sign of every row around negates the aggregate", async () => {
  await fc.assert(
    fc.asyncProperty(rounds(), async ({ world, shards, w }) => {
      const turned = shards.map((bytes) => {
        const { codes } = parseShard(bytes, world);
        const rowBytes = world.cols / 8;
        return bytes.map((byte, at) => (at < signBytes(world) && codes[Math.floor(at / rowBytes)] !== 0 ? ~byte : byte));
      });
      const plain = await aggregate(kernels, shards, w, world);
      const negated = await aggregate(kernels, turned, w, world);
      assert.deepEqual(
        negated.e,
        plain.e.map((element) => -element),
      );
    }),
    runs,
  );
});

test("the aggregate without a contributor is that of the others with their weights", async () => {
  await fc.assert(
    fc.asyncProperty(rounds(), async ({ world, shards, w }) => {
      if (shards.length < 2) return;
      const without = await aggregateWithout(kernels, shards, w, world);
      assert.equal(without.length, shards.length);
      for (const [i, e] of without.entries()) {
        const others = shards.filter((_, j) => j !== i);
        const weights = w.filter((_, j) => j !== i);
        assert.deepEqual(e, (await aggregate(kernels, others, weights, world)).e, `without ${i}`);
      }
    }),
    { numRuns: 60 },
  );
});

test("votes sum to the same in any order, and no partial sum reaches 2^24", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 2 ** 24 - 1 }), { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 2 ** 31 }),
      async (shares, seed) => {
        const n = shares.length;
        const votes = Int32Array.from(shares, (share) => Math.floor(share / n));
        const random = new Xorshift(seed);
        const signs = Uint8Array.from({ length: n }, () => random.next() >>> 9);
        const sums = await kernels.vote(signs, votes, n, { rows: 1, cols: 8 });
        for (let c = 0; c < 8; c++) {
          let sum = 0;
          for (const i of permutation(n, random.next() || 1)) {
            sum += ((signs[i] as number) >> c) & 1 ? -(votes[i] as number) : (votes[i] as number);
            assert.ok(Math.abs(sum) < 2 ** 24 && Math.fround(sum) === sum);
          }
          assert.equal(sums[c], sum + 0);
        }
      },
    ),
    runs,
  );
});
