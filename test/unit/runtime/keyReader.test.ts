import assert from "node:assert/strict";
import { test } from "node:test";
import { createKeyReader } from "../../../app/runtime/keyReader.ts";
import { addressOfKey, isSameKey, KEY_TYPES } from "../../../app/runtime/pubKey.ts";
import { LegacyAminoPubKey } from "../../../proto/gen/cosmos/crypto/multisig/keys.ts";
import { PubKey } from "../../../proto/gen/cosmos/crypto/secp256k1/keys.ts";

const value = PubKey.encode({ key: Uint8Array.of(2, ...new Uint8Array(32).fill(7)) }).finish();
const single = { typeUrl: KEY_TYPES.secp256k1, value };

test("a key of another type is not the remembered one of the same bytes", () => {
  const { read } = createKeyReader();
  read(single);
  assert.throws(() => read({ typeUrl: KEY_TYPES.ed25519, value }), /32 bytes of \/cosmos\.crypto\.ed25519\.PubKey expected, got 33/);
  assert.throws(() => read({ typeUrl: "/cosmos.crypto.secp256r1.PubKey", value }), /unable to resolve type URL/);
});

test("keys of many members, which have no bound in size, are read each time", () => {
  const { read } = createKeyReader();
  const many = { typeUrl: KEY_TYPES.multisig, value: LegacyAminoPubKey.encode({ threshold: 1, publicKeys: [single, single] }).finish() };
  assert.notEqual(read(many), read(many));
  assert.deepEqual(read(many).address, read(many).address);
});

test("the address of a key is its own, remembered or not", () => {
  const { read } = createKeyReader();
  for (let round = 0; round < 2; round++)
    for (let i = 0; i < 300; i++) {
      // Alike but for one byte in the middle, and all zeros among them.
      const bytes = new Uint8Array(33);
      bytes[7] = i & 255;
      bytes[8] = i >> 8;
      const { key, address } = read({ typeUrl: KEY_TYPES.secp256k1, value: PubKey.encode({ key: bytes }).finish() });
      assert.deepEqual(address, addressOfKey({ kind: "secp256k1", bytes }));
      assert.deepEqual(key, { kind: "secp256k1", bytes });
    }
});

test("nodes of a process share one table of addresses: a simulation starts hundreds of them", () => {
  const before = process.memoryUsage().arrayBuffers;
  const readers = Array.from({ length: 20 }, () => createKeyReader());
  for (const { read } of readers) assert.deepEqual(read(single).address, addressOfKey(read(single).key));
  assert.ok(process.memoryUsage().arrayBuffers - before < 20_000_000);
});

test("a key is found in any form of its message", () => {
  const { read } = createKeyReader();
  // The field twice: the last one counts, as ever.
  const twice = Uint8Array.of(0x0a, 1, 5, ...value);
  assert.deepEqual(read({ typeUrl: KEY_TYPES.secp256k1, value: twice }).key, read(single).key);
  // As long as the plain form, but of another length of key.
  const short = Uint8Array.of(0x0a, 32, ...new Uint8Array(32), 0x10);
  assert.throws(() => read({ typeUrl: KEY_TYPES.secp256k1, value: short }));
});

test("keys are the same by kind and bytes, those of many members as one object", () => {
  const { read } = createKeyReader();
  const other = { ...single, value: PubKey.encode({ key: Uint8Array.of(3, ...new Uint8Array(32).fill(7)) }).finish() };
  const many = { typeUrl: KEY_TYPES.multisig, value: LegacyAminoPubKey.encode({ threshold: 1, publicKeys: [single, other] }).finish() };
  const [a, b, c, d] = [single, single, other, many].map((any) => read(any).key);
  assert.ok(a && b && c && d);
  assert.deepEqual(
    [isSameKey(a, b), isSameKey(a, c), isSameKey(a, d), isSameKey(d, a), isSameKey(d, d)],
    [true, false, false, false, true],
  );
  assert.equal(isSameKey({ kind: "secp256k1", bytes: new Uint8Array(32) }, { kind: "ed25519", bytes: new Uint8Array(32) }), false);
});
