import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { test } from "node:test";
import { loadSecp256k1 } from "../../../app/runtime/secp256k1Backend.ts";
import { ExpandedKeys } from "../../../app/threads/expandedKeys.ts";

const { ecdsaSign, publicKeyCreate } = createRequire(import.meta.url)("secp256k1") as {
  ecdsaSign(digest: Uint8Array, key: Uint8Array): { signature: Uint8Array };
  publicKeyCreate(key: Uint8Array): Uint8Array;
};
const digestOf = (text: string): Uint8Array => new Uint8Array(createHash("sha256").update(text).digest());

test("an expanded key finds the same signatures right, and is expanded once", () => {
  const backend = loadSecp256k1();
  let expanded = 0;
  const keys = new ExpandedKeys({
    ...backend,
    expand(publicKey) {
      expanded++;
      return backend.expand(publicKey);
    },
  });
  for (let i = 0; i < 8; i++) {
    const key = digestOf(`key ${i}`);
    const publicKey = publicKeyCreate(key);
    const digest = digestOf(`document ${i}`);
    const { signature } = ecdsaSign(digest, key);
    for (let again = 0; again < 2; again++) {
      const long = keys.expand(publicKey.slice());
      assert.equal(long.length, 65);
      assert.equal(backend.verify(signature, digest, long), true);
      assert.equal(backend.verify(signature, digestOf("another"), long), false);
    }
  }
  assert.equal(expanded, 8);
});

test("a key that is no point of the curve finds nothing right", () => {
  const backend = loadSecp256k1();
  const keys = new ExpandedKeys(backend);
  const none = new Uint8Array(33).fill(255);
  const digest = digestOf("document");
  const { signature } = ecdsaSign(digest, digestOf("key"));
  for (let again = 0; again < 2; again++) assert.equal(backend.verify(signature, digest, keys.expand(none)), false);
});
