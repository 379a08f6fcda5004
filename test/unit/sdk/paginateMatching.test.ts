import assert from "node:assert/strict";
import { it } from "node:test";
import { coll, createAddressCodec, createCtx, createGasMeter, key, paginateMatching, QueryError, value } from "#sdk";
import { bindMap } from "../../../app/sdk/collections.ts";
import { createMemoryKv } from "../../harness/memoryKv.ts";

const map = bindMap("pages", { address: createAddressCodec("pages") }, "pages", coll.map(1, key.bytes, value.uint64));
const kv = createMemoryKv();
const ctx = createCtx({
  height: 1n,
  timeNs: 0n,
  chainId: "pages",
  gas: createGasMeter(),
  stores: () => kv,
  events: [],
  formatEvent: () => assert.fail(),
});
for (let i = 0; i < 10; i++) map.set(ctx, Uint8Array.of(i), BigInt(i));

/** Even entries: 0, 2, 4, 6, 8. */
function page(request: object) {
  const whole = { key: new Uint8Array(), offset: 0n, limit: 0n, countTotal: false, reverse: false, ...request };
  const { items, pagination } = paginateMatching(ctx, map, whole, { filter: (_, number) => number % 2n === 0n });
  return { found: items.map(([, number]) => Number(number)), next: [...pagination.nextKey], total: pagination.total };
}

it("the next page begins at the next match, and there is none behind the last one", () => {
  assert.deepEqual(page({ limit: 2n }), { found: [0, 2], next: [4], total: 0n });
  assert.deepEqual(page({ limit: 5n }), { found: [0, 2, 4, 6, 8], next: [], total: 0n });
  assert.deepEqual(page({ limit: 2n, reverse: true }), { found: [8, 6], next: [4], total: 0n });
});

it("an offset steps over matches, and matches are counted", () => {
  assert.deepEqual(page({ offset: 3n, limit: 1n, countTotal: true }), { found: [6], next: [8], total: 5n });
  assert.deepEqual(page({ offset: 9n }), { found: [], next: [], total: 5n });
  assert.deepEqual(page({}), { found: [0, 2, 4, 6, 8], next: [], total: 5n });
});

it("a page that begins at a key ends before the next entry, whether it matches or not", () => {
  assert.deepEqual(page({ key: Uint8Array.of(4), limit: 2n, countTotal: true }), { found: [4, 6], next: [7], total: 0n });
  assert.deepEqual(page({ key: Uint8Array.of(8), limit: 1n }), { found: [8], next: [9], total: 0n });
  assert.throws(() => page({ key: Uint8Array.of(4), offset: 1n }), QueryError);
});
