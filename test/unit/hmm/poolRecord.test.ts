import assert from "node:assert/strict";
import { test } from "node:test";
import { Pool } from "#proto/hanzo/hmm/v1/types";
import { defaultHmmGenesis } from "../../../modules/hmm/index.ts";
import { bookTrade, openBlock } from "../../../modules/hmm/market.ts";
import { poolRecord } from "../../../modules/hmm/poolRecord.ts";
import { type PoolState, poolFromProto, poolToProto } from "../../../modules/hmm/records.ts";

const { pools } = defaultHmmGenesis({ account: "hanzo1market", nativeDenom: "aai" }).genesis;
/** Pools of their own for every test: what is remembered of a pool is found by its identifier. */
const poolsOf = (name: string): PoolState[] => pools.map((pool) => poolFromProto({ ...pool, id: `${name}-${pool.id}` }));
const traded = (pool: PoolState, n: bigint): PoolState =>
  bookTrade(openBlock(pool, 7n), { psi: pool.psi - n, theta: pool.theta + 3n * n }, { burn: n, treasury: 2n * n, lp: 10n ** 30n * n });

/** What the bytes say to any reader of protobuf. */
const read = (bytes: Uint8Array): PoolState => poolFromProto(Pool.decode(bytes));

test("a stored pool is the pool's message, whatever was remembered of it", () => {
  for (const pool of poolsOf("plain")) {
    assert.deepEqual(read(poolRecord.encode(pool)), pool);
    let state = pool;
    for (let n = 1n; n < 60n; n++) {
      state = traded(state, n);
      assert.deepEqual(read(poolRecord.encode(state)), state);
    }
    const changed = { ...state, marketFeeE18: 1n, ramp: { centreE18: 1n, wE18: 2n, lambdaE18: 3n }, block: { ...state.block, height: 0n } };
    assert.deepEqual(read(poolRecord.encode(changed)), changed);
    assert.deepEqual(read(poolRecord.encode(state)), state);
  }
});

test("numbers of their full width fit", () => {
  const [pool] = poolsOf("wide");
  assert.ok(pool);
  const most = (bits: bigint): bigint => (1n << bits) - 1n;
  const block = { height: most(64n), psi: most(112n), fees: most(256n), freshShares: most(128n), burn: most(256n), treasury: most(256n) };
  const state = {
    ...pool,
    psi: most(112n),
    theta: most(112n),
    feesHeld: most(256n),
    block,
    service: { ...pool.service, region: "é".repeat(20_000) },
  };
  assert.deepEqual(read(poolRecord.encode(state)), state);
});

test("bytes depend on the pool alone: after other pools, other states, and in an array of their own", () => {
  const list = poolsOf("alone");
  const first = list.map((pool) => Buffer.from(poolRecord.encode(traded(pool, 5n))).toString("hex"));
  for (const pool of list) for (let n = 6n; n < 40n; n++) poolRecord.encode(traded(pool, n));
  const again = list.map((pool) => Buffer.from(poolRecord.encode(traded(pool, 5n))).toString("hex"));
  assert.deepEqual(again, first);
});

test("what was written comes back, and what is written over comes back from its bytes", () => {
  const [pool] = poolsOf("back");
  assert.ok(pool);
  const before = traded(pool, 1n);
  const after = traded(before, 2n);
  const [old, bytes] = [poolRecord.encode(before), poolRecord.encode(after)];
  assert.equal(poolRecord.decode(bytes), after);
  assert.equal(poolRecord.decode(bytes.slice()), after, "equal bytes in another array");
  assert.deepEqual(poolRecord.decode(old), before);
  assert.deepEqual(poolRecord.decode(bytes), after);
  assert.deepEqual(poolRecord.scan?.(old), before);
  assert.deepEqual(poolRecord.decode(Pool.encode(poolToProto(after)).finish()), after, "fields in the order of their numbers");
});
