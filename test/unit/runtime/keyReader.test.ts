import assert from "node:assert/strict";
import { test } from "node:test";
import { createKeyReader } from "../../../app/runtime/keyReader.ts";
import { KEY_TYPES } from "../../../app/runtime/pubKey.ts";
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
