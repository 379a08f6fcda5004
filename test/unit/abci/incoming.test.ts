import assert from "node:assert/strict";
import { test } from "node:test";
import { CheckTxType, Request } from "#proto/tendermint/abci/types";
import { Incoming } from "../../../app/abci/incoming.ts";

const check = (id: number, type: CheckTxType = CheckTxType.NEW): Uint8Array =>
  Request.encode(Request.fromPartial({ checkTx: { tx: Uint8Array.of(id), type } })).finish();
const flush = Request.encode(Request.fromPartial({ flush: {} })).finish();

/** Calls, and an application that says when it is prepared. */
function setUp() {
  const incoming = new Incoming();
  const told: number[][] = [];
  const ready: (() => void)[] = [];
  let resumed = 0;
  return {
    incoming,
    told,
    tell: () =>
      incoming.tell(
        (txs) => {
          told.push(txs.map(([id]) => id ?? -1));
          return new Promise((resolve) => ready.push(resolve));
        },
        () => resumed++,
      ),
    prepared: async (batch: number) => {
      const before = resumed;
      ready[batch]?.();
      while (resumed === before) await Promise.resolve();
    },
    /** First bytes of the transactions that can be taken now; 0 for another call. */
    taken: () => {
      const ids: number[] = [];
      for (let call = incoming.take(); call !== undefined; call = incoming.take()) ids.push(call.check?.tx[0] ?? 0);
      return ids;
    },
  };
}

const range = (from: number, to: number): Uint8Array[] => Array.from({ length: to - from + 1 }, (_, i) => check(from + i));

test("transactions are told while those before them are prepared, and taken in their order", async () => {
  const { incoming, told, tell, prepared, taken } = setUp();
  incoming.push(range(1, 5));
  tell();
  incoming.push([flush, ...range(6, 9)]);
  tell();
  incoming.push(range(10, 14));
  tell();
  assert.deepEqual(told, [
    [1, 2, 3, 4, 5],
    [6, 7, 8, 9],
    [10, 11, 12, 13, 14],
  ]);
  await prepared(1);
  assert.deepEqual(taken(), [], "none before those that came before it");
  await prepared(0);
  assert.deepEqual(taken(), [1, 2, 3, 4, 5, 0, 6, 7, 8, 9]);
  await prepared(2);
  assert.deepEqual(taken(), [10, 11, 12, 13, 14]);
  assert.ok(incoming.isEmpty);
});

test("batches have a limit, and few wait for more only behind a batch", async () => {
  const { incoming, told, tell, prepared, taken } = setUp();
  incoming.push(range(1, 3));
  tell();
  assert.deepEqual(taken(), [1, 2, 3], "nothing is prepared for three");
  incoming.push(range(1, 66));
  tell();
  assert.deepEqual(
    told.map((txs) => txs.length),
    [64],
  );
  incoming.push(range(67, 68));
  tell();
  assert.deepEqual(told[1], [65, 66, 67, 68]);
  for (let batch = 0; batch < 8; batch++) {
    incoming.push(range(1, 5));
    tell();
  }
  assert.equal(told.length, 8);
  await prepared(0);
  tell();
  assert.deepEqual(told[8]?.length, 10, "what waited meanwhile");
});

test("rechecks are not told, and what cannot be prepared for is taken at once", () => {
  const incoming = new Incoming();
  const told: number[] = [];
  incoming.push([check(1, CheckTxType.RECHECK), ...range(2, 5)]);
  incoming.tell(
    (txs) => {
      told.push(...txs.map(([id]) => id ?? -1));
      return undefined;
    },
    () => assert.fail("nothing was prepared"),
  );
  assert.deepEqual(told, [2, 3, 4, 5]);
  assert.equal(incoming.take()?.check?.type, CheckTxType.RECHECK);
});

test("it is full by the bytes that wait", () => {
  const incoming = new Incoming();
  const large = new Uint8Array(600_000);
  incoming.push([large]);
  assert.ok(!incoming.isFull);
  incoming.push([large]);
  assert.ok(incoming.isFull);
  incoming.take();
  assert.ok(!incoming.isFull);
});
