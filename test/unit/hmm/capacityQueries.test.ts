import assert from "node:assert/strict";
import { test } from "node:test";
import type { Commitment } from "#proto/hanzo/hmm/v1/types";
import { GRPC_STATUS, QueryError } from "#sdk";
import { alice, bob, type CapacityMarket, openCapacityMarket } from "./capacityMarket.ts";
import { accountOf } from "./memoryMarket.ts";

interface PageOfCommitments {
  readonly commitments: readonly Commitment[];
  readonly pagination: { readonly nextKey: Uint8Array; readonly total: bigint };
}

const ids = ({ commitments }: PageOfCommitments): readonly bigint[] => commitments.map(({ id }) => id);

/** Alice's commitments 2, 4, 6, … and Bob's 3, 5, 7, …; 1 is the genesis's. */
function openMarketWith(count: number): CapacityMarket {
  const market = openCapacityMarket({ params: { bondBps: 0 } });
  for (let i = 0; i < count; i++) market.commit({ sender: i % 2 === 0 ? alice : bob, resource: "10", bond: "0" });
  return market;
}

const isStatus =
  (status: number) =>
  (e: unknown): boolean =>
    e instanceof QueryError && e.status === status;

test("one commitment is found, an unknown one is not", () => {
  const market = openMarketWith(1);
  const found = market.query<{ commitment: Commitment }>("Commitment", { commitmentId: 2n }).commitment;
  assert.deepEqual([found.id, found.worker, found.outstanding], [2n, alice, "10"]);
  assert.throws(() => market.query("Commitment", { commitmentId: 3n }), isStatus(GRPC_STATUS.notFound));
});

test("commitments are listed of all pools, of one, and of a worker", () => {
  const market = openMarketWith(4);
  assert.deepEqual(ids(market.query("Commitments", {})), [1n, 2n, 3n, 4n, 5n]);
  assert.deepEqual(ids(market.query("Commitments", { poolId: "gpu" })), [1n, 2n, 3n, 4n, 5n]);
  assert.deepEqual(ids(market.query("CommitmentsByWorker", { worker: bob })), [3n, 5n]);
  assert.deepEqual(ids(market.query("CommitmentsByWorker", { worker: accountOf("nobody") })), []);
  assert.throws(() => market.query("Commitments", { poolId: "tpu" }), isStatus(GRPC_STATUS.notFound));
  assert.throws(() => market.query("CommitmentsByWorker", { worker: "nobody" }), isStatus(GRPC_STATUS.invalidArgument));
});

test("pages by index continue at the next identifier", () => {
  const market = openMarketWith(6);
  const page = (pagination: object): PageOfCommitments => market.query("CommitmentsByWorker", { worker: alice, pagination });
  const first = page({ limit: 2n });
  assert.deepEqual([ids(first), first.pagination.total], [[2n, 4n], 0n]);
  assert.deepEqual([...first.pagination.nextKey], [0, 0, 0, 0, 0, 0, 0, 6]);
  const second = page({ limit: 2n, key: first.pagination.nextKey });
  assert.deepEqual([ids(second), second.pagination.nextKey.length], [[6n], 0]);
  assert.deepEqual(ids(page({ offset: 1n, limit: 1n })), [4n]);
  assert.equal(page({ limit: 1n, countTotal: true }).pagination.total, 3n);
  assert.equal(page({}).pagination.total, 3n);
  assert.deepEqual([ids(page({ offset: 9n })), page({ offset: 9n }).pagination.total], [[], 0n]);
});

test("wrong pages are refused", () => {
  const market = openMarketWith(2);
  const page = (pagination: object): unknown => market.query("Commitments", { poolId: "gpu", pagination });
  for (const wrong of [{ reverse: true }, { key: Uint8Array.of(1) }, { key: new Uint8Array(8), offset: 1n }])
    assert.throws(() => page(wrong), isStatus(GRPC_STATUS.invalidArgument));
});
