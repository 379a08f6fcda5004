import assert from "node:assert/strict";
import { it } from "node:test";
import { PageRequest } from "#proto/cosmos/base/query/v1beta1/pagination";
import { addCoins, coll, createAddressCodec, createCtx, createGasMeter, equalCoins, key, paginate, subCoins, value } from "#sdk";
import { bindMap } from "../../../app/sdk/collections.ts";
import { fc } from "../../harness/fastCheck.ts";
import { createMemoryKv } from "../../harness/memoryKv.ts";

const map = bindMap("pages", { address: createAddressCodec("pages") }, "pages", coll.map(1, key.bytes, value.uint64));

it("pages put together are the whole list, in either direction, by key and by offset", () => {
  const keys = fc.uniqueArray(fc.uint8Array({ minLength: 1, maxLength: 3 }), { maxLength: 20, selector: (k) => k.join(",") });
  fc.assert(
    fc.property(keys, fc.bigInt(1n, 7n), fc.boolean(), (given, limit, reverse) => {
      const kv = createMemoryKv();
      const ctx = createCtx({
        height: 1n,
        timeNs: 0n,
        chainId: "test",
        gas: createGasMeter(),
        stores: () => kv,
        events: [],
        formatEvent: () => assert.fail(),
      });
      for (const [i, k] of given.entries()) map.set(ctx, k, BigInt(i));
      const whole = [...map.entries(ctx, { reverse })].map(([, i]) => i);
      const byKey: bigint[] = [];
      let next: Uint8Array = new Uint8Array(0);
      do {
        const { items, pagination } = paginate(ctx, map, PageRequest.fromPartial({ key: next, limit, reverse }));
        byKey.push(...items.map(([, i]) => i));
        next = pagination.nextKey;
      } while (next.length > 0);
      assert.deepEqual(byKey, whole);
      const byOffset: bigint[] = [];
      for (let offset = 0n; offset < BigInt(whole.length); offset += limit) {
        const { items, pagination } = paginate(ctx, map, PageRequest.fromPartial({ offset, limit, reverse, countTotal: true }));
        byOffset.push(...items.map(([, i]) => i));
        assert.equal(pagination.total, BigInt(whole.length));
      }
      assert.deepEqual(byOffset, whole);
    }),
    { seed: 20_261_124, numRuns: 200 },
  );
});

it("what is added to coins can be taken away again", () => {
  const list = fc
    .uniqueArray(fc.record({ denom: fc.constantFrom("abc", "photon", "stake", "zzz"), amount: fc.bigInt(1n, 1n << 200n) }), {
      selector: ({ denom }) => denom,
    })
    .map((coins) => coins.sort((a, b) => (a.denom < b.denom ? -1 : 1)));
  fc.assert(
    fc.property(list, list, (a, b) => {
      const sum = addCoins(a, b);
      assert.ok(equalCoins(sum, addCoins(b, a)));
      assert.ok(equalCoins(subCoins(sum, b), a));
      assert.deepEqual(subCoins(sum, sum), []);
    }),
    { seed: 20_261_124, numRuns: 300 },
  );
});
