// Mistakes that libraries and processors are known for, each put to every backend that opens here.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { compress, decode, expert, features, type Kernels, medianQ, SCHEMA_V1, scaleCode, topK } from "#kernels";
import { openedBackends } from "../../conformance/openedBackends.ts";

const ints = (...values: number[]): Int32Array => Int32Array.from(values);

describe("known traps, on every backend", () => {
  let backends: readonly Kernels[] = [];
  before(async () => {
    backends = (await openedBackends()).opened;
  });
  after(async () => {
    for (const kernels of backends) await kernels.close();
  });
  const each = (what: string, run: (kernels: Kernels) => Promise<void>): void => {
    it(what, async () => {
      assert.ok(backends.length >= 2);
      for (const kernels of backends) await run(kernels);
    });
  };

  each("sums near 2^24 keep their last bit, where float32 would lose it one step later", async (kernels) => {
    const signs = new Uint8Array(3);
    assert.equal((await kernels.vote(signs, ints(2 ** 24 - 4, 2, 1), 3, { rows: 1, cols: 8 }))[0], 2 ** 24 - 1);
    await assert.rejects(kernels.vote(signs, ints(2 ** 24 - 2, 1, 1), 3, { rows: 1, cols: 8 }), { kind: "weights" });
  });

  each("matrix units that round inputs to 11 bits or 8 bits are not used as they are", async (kernels) => {
    // 2^23 + 1 and 2^12 + 1 need 24 and 13 bits.
    const votes = ints(2 ** 23 + 1, 2 ** 12 + 1);
    assert.equal((await kernels.vote(Uint8Array.of(0, 255), votes, 2, { rows: 1, cols: 8 }))[0], 2 ** 23 - 2 ** 12);
    const e = new Int16Array(256 * 384).fill(32767).fill(-32766, 384, 768);
    const u = new Int8Array(384).fill(31);
    const dots = await kernels.dots(e, u, SCHEMA_V1);
    assert.deepEqual([dots[0], dots[1]], [384 * 32767 * 31, -384 * 32766 * 31]);
  });

  each("the sign of zero is plus, and no negative zero comes back", async (kernels) => {
    const e = new Int16Array(16).fill(0, 0, 8).fill(-1, 8);
    const { signs } = await compress(kernels, e, { rows: 2, cols: 8 });
    assert.deepEqual([...signs], [0, 255]);
    const values = await kernels.spread(Uint8Array.of(255), ints(0), { rows: 1, cols: 8 });
    assert.ok(values.every((value) => Object.is(value, 0)));
  });

  each("of equal candidates the first is taken: bytes, codes and medians", async (kernels) => {
    assert.equal(decode(new Int32Array(256).fill(7), new Int32Array(256), { alpha: 256, mask: 0 }), 0);
    const codes = Uint8Array.from({ length: 300 }, (_, id) => (id % 3 === 2 ? 1 : 3));
    const found = await topK(kernels, Uint8Array.of(0), codes, 103);
    assert.deepEqual(found.slice(0, 2).concat(found.slice(100)), [
      { id: 2, distance: 1 },
      { id: 5, distance: 1 },
      { id: 0, distance: 2 },
      { id: 1, distance: 2 },
      { id: 3, distance: 2 },
    ]);
    assert.deepEqual(await medianQ(kernels, ints(4, 4, 9, 9), ints(1, 1, 1, 1)), ints(4));
  });

  each("a median is one of its inputs, never a mean of two", async (kernels) => {
    assert.deepEqual(await medianQ(kernels, ints(10, 21), ints(5, 5)), ints(10));
  });

  each("bits are counted exactly in the highest bit, too", async (kernels) => {
    const found = await kernels.distances(new Uint8Array(48).fill(0x80), new Uint8Array(96).fill(0, 0, 48).fill(255, 48), 48);
    assert.deepEqual([...found], [48, 48 * 7]);
    const pair = await kernels.pairDistances(Uint8Array.of(0, 0, 0, 0x80, 255, 255, 255, 255), 2, { rows: 1, cols: 32 });
    assert.deepEqual([...pair], [0, 31, 31, 0]);
  });

  each("scales come from integer sums: the bound of two codes is sharp", async (kernels) => {
    const e = new Int16Array(2 * 384).fill(1, 0, 24).fill(1, 384, 384 + 25);
    const { codes } = await compress(kernels, e, { rows: 2, cols: 384 });
    assert.deepEqual([...codes], [1, 2]);
    assert.equal(scaleCode(25), 2);
  });

  each("an expert without features is silent, and its quotients are cut toward zero", async (kernels) => {
    const e = new Int16Array(256 * 384).fill(-1, 0, 1).fill(1, 384, 385);
    assert.ok((await expert(kernels, e, features(new Uint8Array(0)))).every((value) => Object.is(value, 0)));
    const h = await expert(kernels, e, new Int8Array(384).fill(1));
    // 65536 / ⌊√(65536 · 384)⌋ = 65536 / 5016 = 13.06…
    assert.deepEqual([h[0], h[1]], [-13, 13]);
  });

  each("lengths that are no multiple of a vector are computed to their last column and row", async (kernels) => {
    for (const cols of [8, 24, 40, 376]) {
      const e = new Int16Array(3 * cols).fill(-2);
      const { signs, sums } = await kernels.signsAndSums(e, { rows: 3, cols });
      assert.ok(signs.every((byte) => byte === 255) && sums.every((sum) => sum === 2 * cols));
    }
    for (const d of [1, 15, 17, 1025]) {
      const values = Int32Array.from({ length: 3 * d }, (_, at) => at % d);
      assert.deepEqual(
        await medianQ(kernels, values, ints(1, 1, 1)),
        Int32Array.from({ length: d }, (_, c) => c),
      );
    }
  });
});
