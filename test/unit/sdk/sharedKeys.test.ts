import assert from "node:assert/strict";
import { test } from "node:test";
import { AddressError, coll, createAddressCodec, createCtx, createGasMeter, key, value } from "#sdk";
import { bindMap } from "../../../app/sdk/collections.ts";
import { createMemoryKv } from "../../harness/memoryKv.ts";

test("maps of one declaration share what is remembered of keys only where addresses have the same form", () => {
  const declared = coll.map(1, key.address, value.uint64);
  const kv = createMemoryKv();
  const gas = createGasMeter();
  const ctx = createCtx({ height: 1n, timeNs: 0n, chainId: "c", gas, stores: () => kv, events: [], formatEvent: () => assert.fail() });
  const [one, two] = [createAddressCodec("one"), createAddressCodec("two")];
  const owner = Uint8Array.from({ length: 20 }, (_, i) => i);
  const bind = (address: typeof one) => bindMap("s", { address }, "m", declared);
  const [first, second, again] = [bind(one), bind(two), bind(one)];
  first.set(ctx, one.format(owner), 7n);
  assert.equal(again.get(ctx, one.format(owner)), 7n);
  assert.equal(second.get(ctx, two.format(owner)), 7n);
  assert.throws(() => second.get(ctx, one.format(owner)), AddressError);
  assert.throws(() => first.get(ctx, two.format(owner)), AddressError);
});
