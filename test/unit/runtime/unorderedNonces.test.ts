import assert from "node:assert/strict";
import { test } from "node:test";
import { isNonceUsed, removeExpiredNonces, useNonce } from "../../../app/runtime/unorderedNonces.ts";
import { createMemoryKv } from "../../harness/memoryKv.ts";

const address = (n: number): Uint8Array => new Uint8Array(20).fill(n);

test("nonces before a time go oldest first, no more at once than allowed; that time itself and everything else stays", () => {
  const store = createMemoryKv();
  store.set(Uint8Array.of(3, 1), Uint8Array.of(9));
  store.set(Uint8Array.of(5), Uint8Array.of(9));
  for (const [time, n] of [
    [30n, 1],
    [10n, 2],
    [10n, 1],
    [20n, 1],
    [21n, 1],
  ] as const)
    useNonce(store, address(n), time);
  const left = (): readonly string[] =>
    (
      [
        [10n, 1],
        [10n, 2],
        [20n, 1],
        [21n, 1],
        [30n, 1],
      ] as const
    )
      .filter(([time, n]) => isNonceUsed(store, address(n), time))
      .map(([time, n]) => `${time}/${n}`);
  removeExpiredNonces(store, 10n);
  assert.deepEqual(left(), ["10/1", "10/2", "20/1", "21/1", "30/1"]);
  removeExpiredNonces(store, 25n, 1);
  assert.deepEqual(left(), ["10/2", "20/1", "21/1", "30/1"]);
  removeExpiredNonces(store, 21n);
  assert.deepEqual(left(), ["21/1", "30/1"]);
  removeExpiredNonces(store, 1n << 62n);
  assert.deepEqual([left(), store.dump().length], [[], 2]);
});

test("a block time at or before 1970 removes nothing", () => {
  const store = createMemoryKv();
  useNonce(store, address(1), 5n);
  removeExpiredNonces(store, 0n);
  removeExpiredNonces(store, -5n);
  assert.equal(isNonceUsed(store, address(1), 5n), true);
});

test("accounts whose address is a prefix of another's have nonces of their own", () => {
  const store = createMemoryKv();
  useNonce(store, new Uint8Array(32).fill(1), 5n);
  assert.equal(isNonceUsed(store, address(1), 5n), false);
});
