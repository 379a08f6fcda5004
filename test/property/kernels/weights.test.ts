import assert from "node:assert/strict";
import { test } from "node:test";
import { medianQ, openBackend, quantile, weights } from "#kernels";
import { fc } from "../../harness/fastCheck.ts";

const stakes = fc.array(fc.bigInt({ min: 0n, max: 10n ** 30n }), { minLength: 1, maxLength: 20 });
const fraction = fc
  .tuple(fc.integer({ min: 1, max: 65_536 }), fc.integer({ min: 0, max: 65_536 }))
  .map(([den, num]) => ({ num: num % (den + 1), den }));

test("weights never sum to 2^24 or more, and are 0 together only without stake that counts", () => {
  fc.assert(
    fc.property(stakes, fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 0, max: 65_535 }), (list, capBps, qMin) => {
      const w = weights(
        list,
        list.map((_, i) => (i * 7919) % 65_536),
        { capBps, qMin },
      );
      assert.ok(w.every((weight) => weight >= 0) && w.reduce((sum, weight) => sum + weight, 0) < 2 ** 24);
    }),
  );
});

// Stake times quality is a whole number before it is scaled to 2^24: with 10^8 units of quality 1 it was 1,525, and a half of it 762.
test("a stake of at least a coin, in k parts of the same quality, weighs the same, up to k less and 1 more", () => {
  fc.assert(
    fc.property(
      fc.array(fc.bigInt({ min: 10n ** 18n, max: 10n ** 26n }), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 2, max: 20 }),
      fc.integer({ min: 1, max: 65_535 }),
      (list, k, quality) => {
        const params = { capBps: 10_000, qMin: 0 };
        const first = list[0] as bigint;
        const part = first / BigInt(k);
        const parts = Array.from({ length: k }, (_, i) => (i === 0 ? first - part * BigInt(k - 1) : part));
        const whole = weights(
          list,
          list.map(() => quality),
          params,
        )[0] as number;
        const split = weights([...parts, ...list.slice(1)], new Array(k + list.length - 1).fill(quality), params);
        const change = split.subarray(0, k).reduce((sum, weight) => sum + weight, 0) - whole;
        assert.ok(change >= -k && change <= 1, `${change}`);
      },
    ),
  );
});

/** The definition: try every value. */
function plainQuantile(values: readonly number[], w: readonly number[], { num, den }: { num: number; den: number }): number {
  const total = w.reduce((sum, weight) => sum + weight, 0);
  const reached = values
    .filter((_, i) => w[i] !== 0)
    .filter((v) => {
      const c = w.reduce((sum, weight, i) => sum + ((values[i] as number) <= v ? weight : 0), 0);
      return c > 0 && c * den >= total * num;
    });
  return total === 0 ? 0 : Math.min(...reached);
}

const entries = (most: number): fc.Arbitrary<(readonly [number, number])[]> =>
  fc.array(
    fc.tuple(
      fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -most, max: most })),
      fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 800_000 })),
    ),
    { minLength: 1, maxLength: 20 },
  );

test("the lower weighted quantile is what its definition says, up to the largest safe integers", () => {
  fc.assert(
    fc.property(entries(Number.MAX_SAFE_INTEGER), fraction, (list, q) => {
      const [values, w] = [list.map(([v]) => v), list.map(([, weight]) => weight)];
      assert.equal(quantile(values, w, q), plainQuantile(values, w, q));
    }),
    { numRuns: 1000 },
  );
});

test("every backend's quantile of columns is that of their values", async () => {
  for (const name of ["reference", "wasm"] as const) {
    const kernels = await openBackend(name);
    await fc.assert(
      fc.asyncProperty(entries(2 ** 24 - 1), fraction, async (list, q) => {
        const [values, w] = [list.map(([v]) => v), list.map(([, weight]) => weight)];
        const twice = Int32Array.from(values.flatMap((v) => [v, -v]));
        const expected = [
          plainQuantile(values, w, q),
          plainQuantile(
            values.map((v) => -v),
            w,
            q,
          ),
        ];
        assert.deepEqual(
          [...(await medianQ(kernels, twice, Int32Array.from(w), q))],
          expected.map((v) => v + 0),
        );
      }),
      { numRuns: 300 },
    );
  }
});
