import assert from "node:assert/strict";
import { test } from "node:test";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { loadSecp256k1, type Secp256k1Backend } from "../../../app/runtime/secp256k1Backend.ts";
import { createSignatureVerifier, isCanonicalSignature } from "../../../app/runtime/signature.ts";
import { fc } from "../../harness/fastCheck.ts";

const backend = loadSecp256k1();
const ORDER = secp256k1.Point.Fn.ORDER;
const number32 = (value: bigint): Uint8Array => Uint8Array.from(Buffer.from(value.toString(16).padStart(64, "0"), "hex"));
const secret = fc.bigInt({ min: 1n, max: ORDER - 1n }).map(number32);

function oracle(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return secp256k1.verify(signature, sha256(message), publicKey, { prehash: false, lowS: true });
  } catch {
    return false;
  }
}

test("the machine has the native backend", () => {
  assert.equal(backend.kind, "native");
});

test("right and damaged signatures are judged as the other implementation judges them", () => {
  const verifier = createSignatureVerifier(backend);
  fc.assert(
    fc.property(
      secret,
      fc.uint8Array({ maxLength: 80 }),
      fc.nat(63),
      fc.integer({ min: 0, max: 255 }),
      fc.nat(32),
      (key, message, at, byte, keyAt) => {
        const publicKey = secp256k1.getPublicKey(key, true);
        const signature = secp256k1.sign(sha256(message), key, { prehash: false });
        assert.equal(verifier.verify(publicKey, message, signature), true);
        const damaged = signature.slice();
        damaged[at] = byte;
        assert.equal(verifier.verify(publicKey, message, damaged), oracle(publicKey, message, damaged));
        const otherKey = publicKey.slice();
        otherKey[keyAt] = byte;
        assert.equal(verifier.verify(otherKey, message, signature), oracle(otherKey, message, signature));
      },
    ),
    { seed: 7, numRuns: 60 },
  );
});

test("numbers at the edges of their ranges are refused like random ones", () => {
  const key = number32(5n);
  const publicKey = secp256k1.getPublicKey(key, true);
  const message = new Uint8Array(3);
  const verifier = createSignatureVerifier(backend);
  for (const r of [0n, 1n, ORDER - 1n, ORDER, (1n << 256n) - 1n]) {
    for (const s of [0n, 1n, ORDER / 2n, ORDER / 2n + 1n, ORDER - 1n, ORDER]) {
      const signature = Uint8Array.from([...number32(r), ...number32(s)]);
      assert.equal(isCanonicalSignature(signature), r > 0n && r < ORDER && s > 0n && s <= ORDER / 2n, `${r} ${s}`);
      assert.equal(verifier.verify(publicKey, message, signature), oracle(publicKey, message, signature), `${r} ${s}`);
    }
  }
});

test("the twin with a large s is refused", () => {
  const key = number32(77n);
  const message = Uint8Array.of(1, 2, 3);
  const signature = secp256k1.sign(sha256(message), key, { prehash: false });
  const s = ORDER - BigInt(`0x${Buffer.from(signature.subarray(32)).toString("hex")}`);
  const twin = Uint8Array.from([...signature.subarray(0, 32), ...number32(s)]);
  const verifier = createSignatureVerifier(backend);
  assert.equal(verifier.verify(secp256k1.getPublicKey(key, true), message, signature), true);
  assert.equal(verifier.verify(secp256k1.getPublicKey(key, true), message, twin), false);
});

test("a signature of 63 or 65 bytes is refused", () => {
  for (const length of [0, 63, 65]) assert.equal(isCanonicalSignature(new Uint8Array(length).fill(1)), false);
});

test("a right signature is verified once, a wrong one every time, and a full memory only costs time", () => {
  let calls = 0;
  const counting: Secp256k1Backend = {
    kind: "native",
    verify(...args) {
      calls += 1;
      return backend.verify(...args);
    },
  };
  const verifier = createSignatureVerifier(counting, 2);
  const key = number32(9n);
  const publicKey = secp256k1.getPublicKey(key, true);
  const signed = Array.from({ length: 6 }, (_, i) => {
    const message = Uint8Array.of(i);
    return { message, signature: secp256k1.sign(sha256(message), key, { prehash: false }) };
  });
  const [first, second] = signed;
  assert.ok(first && second);
  for (let round = 0; round < 3; round++) assert.equal(verifier.verify(publicKey, first.message, first.signature), true);
  assert.equal(calls, 1);
  for (let round = 0; round < 3; round++) assert.equal(verifier.verify(publicKey, first.message, second.signature), false);
  assert.equal(calls, 4);
  for (const { message, signature } of signed) assert.equal(verifier.verify(publicKey, message, signature), true);
  for (const { signature } of signed.slice(1)) assert.equal(verifier.verify(publicKey, first.message, signature), false);
  assert.equal(verifier.verify(publicKey, first.message, first.signature), true);
  const before = calls;
  for (let round = 0; round < 9; round++) verifier.verify(publicKey, Uint8Array.of(round), first.signature);
  assert.equal(verifier.verify(publicKey, first.message, first.signature), true);
  assert.equal(calls, before + 8, "wrong ones push nothing out");
});
