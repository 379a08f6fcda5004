import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { PageRequest } from "#proto/cosmos/base/query/v1beta1/pagination";
import {
  bindModules,
  coll,
  createAddressCodec,
  createCtx,
  createGasMeter,
  defineModule,
  key,
  type PageOptions,
  paginate,
  QueryError,
  value,
} from "#sdk";
import { bindMap } from "../../../app/sdk/collections.ts";
import { createMemoryKv } from "../../harness/memoryKv.ts";
import { TEST_CHAIN } from "../../harness/moduleBench.ts";

const rows = coll.map(1, key.pair(key.string, key.string), value.int);
const [module] = bindModules({ modules: [defineModule({ name: "pages", version: 1, state: { rows } })], chain: TEST_CHAIN });
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
const map = bindMap("pages", { address: createAddressCodec("pages") }, "rows", rows);
for (const [group, names] of [
  ["a", "klmnop"],
  ["ab", "z"],
  ["b", "xy"],
] as const)
  for (const name of names) map.set(ctx, [group, name], BigInt(name.charCodeAt(0)));

function page(request: Partial<PageRequest>, options: PageOptions<readonly [string, string], bigint> = { first: "a" }): string {
  const { items, pagination } = paginate(ctx, map, PageRequest.fromPartial(request), options);
  const next = Buffer.from(pagination.nextKey).toString();
  return `${items.map(([[, name]]) => name).join("")} next ${next || "-"} total ${pagination.total}`;
}
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("pages of a map", () => {
  it("belong to a module that binds", () => assert.equal(module?.name, "pages"));
  it("hold everything without a request, counted", () => {
    const { items, pagination } = paginate(ctx, map, undefined, { first: "a" });
    assert.equal(items.length, 6);
    assert.deepEqual([pagination.nextKey.length, pagination.total], [0, 6n]);
  });
  const table: readonly (readonly [label: string, request: Partial<PageRequest>, expected: string])[] = [
    ["a limit does not count", { limit: 2n }, "kl next m total 0"],
    ["a limit counts when asked", { limit: 2n, countTotal: true }, "kl next m total 6"],
    ["the last page has no next key", { limit: 6n }, "klmnop next - total 0"],
    ["a key begins the page", { limit: 2n, key: bytes("m") }, "mn next o total 0"],
    ["a key that is gone begins at the one after", { limit: 2n, key: bytes("mm") }, "no next p total 0"],
    ["a key behind the end gives nothing", { limit: 2n, key: bytes("zz") }, " next - total 0"],
    ["a key never counts", { limit: 2n, key: bytes("m"), countTotal: true }, "mn next o total 0"],
    ["a key without limit does not count either", { key: bytes("m") }, "mnop next - total 0"],
    ["an offset skips", { limit: 2n, offset: 3n }, "no next p total 0"],
    ["an offset is part of the count", { limit: 1n, offset: 3n, countTotal: true }, "n next o total 6"],
    ["an offset at the end gives an empty page", { limit: 1n, offset: 6n, countTotal: true }, " next - total 6"],
    ["an offset behind the end counts nothing", { limit: 1n, offset: 7n, countTotal: true }, " next - total 0"],
    ["reverse walks from the end", { limit: 2n, reverse: true }, "po next n total 0"],
    ["reverse goes on from a key", { limit: 2n, reverse: true, key: bytes("n") }, "nm next l total 0"],
    ["reverse goes on from the last key", { limit: 2n, reverse: true, key: bytes("p") }, "po next n total 0"],
    ["the largest limit takes everything", { limit: (1n << 64n) - 1n }, "klmnop next - total 0"],
  ];
  for (const [label, request, expected] of table) it(label, () => assert.equal(page(request), expected));

  it("stop at 100 entries without a limit", () => {
    const many = createMemoryKv();
    const wide = createCtx({
      height: 1n,
      timeNs: 0n,
      chainId: "test",
      gas: createGasMeter(),
      stores: () => many,
      events: [],
      formatEvent: () => assert.fail(),
    });
    for (let i = 0; i < 130; i++) map.set(wide, ["a", String(i).padStart(3, "0")], 1n);
    const { items, pagination } = paginate(wide, map, undefined);
    assert.deepEqual([items.length, pagination.total], [100, 130n]);
  });
  it("filter, and count what passes", () => {
    const options = { first: "a", filter: (_key: unknown, amount: bigint) => (amount & 1n) === 1n };
    // The SDK's three ways to the next page: the next entry, the next that passes where all are counted or the page began at a key.
    assert.equal(page({ limit: 2n }, options), "km next n total 0");
    assert.equal(page({ limit: 2n, countTotal: true }, options), "km next o total 3");
    assert.equal(page({ limit: 3n, countTotal: true }, options), "kmo next p total 3");
    assert.equal(page({ limit: 1n, key: bytes("l") }, options), "m next o total 0");
    assert.equal(page({ limit: 2n, key: bytes("l") }, options), "mo next - total 0");
    assert.equal(page({ limit: 2n, key: bytes("n") }, options), "o next - total 0");
  });
  it("cover every group with whole raw keys", () => {
    assert.equal(page({ limit: 7n }, {}), "klmnopz next b\0x total 0");
    assert.equal(page({ limit: 7n, key: bytes("b\0x") }, {}), "xy next - total 0");
  });
  it("count even when the offset lies behind the end, where the SDK's list does", () => {
    const options = { first: "a", countsBehindEnd: true };
    assert.equal(page({ limit: 1n, offset: 7n, countTotal: true }, options), " next - total 6");
    assert.equal(page({ limit: 1n, offset: 7n }, options), " next - total 0");
    assert.equal(page({ limit: 1n, offset: 3n, countTotal: true }, options), "n next o total 6");
  });
  it("refuse a key together with an offset", () => {
    for (const refusal of [undefined, "paginate: "])
      assert.throws(
        () => page({ key: bytes("m"), offset: 1n }, { first: "a", ...(refusal === undefined ? {} : { refusal }) }),
        (error) =>
          error instanceof QueryError &&
          error.status === 3 &&
          error.message === `${refusal ?? ""}invalid request, either offset or key is expected, got both`,
      );
  });
});
