import assert from "node:assert/strict";
import { test } from "node:test";
import { createMultisigThresholdPubkey, encodeSecp256k1Pubkey, pubkeyToRawAddress } from "@cosmjs/amino";
import { encodePubkey } from "@cosmjs/proto-signing";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { countBits, countSetBits, hasBit } from "../../../app/runtime/compactBitArray.ts";
import { addressOfKey, countKeys, decodePubKey, KEY_TYPES } from "../../../app/runtime/pubKey.ts";
import { fc } from "../../harness/fastCheck.ts";

const keyOf = (n: number): Uint8Array =>
  secp256k1.getPublicKey(Uint8Array.from(Buffer.from(n.toString(16).padStart(64, "0"), "hex")), true);

test("addresses of keys and multisigs are those of the stock client", () => {
  for (const [members, threshold] of [
    [1, 1],
    [3, 2],
    [7, 7],
  ] as const) {
    const keys = Array.from({ length: members }, (_, i) => encodeSecp256k1Pubkey(keyOf(i + 1)));
    const multisig = createMultisigThresholdPubkey(keys, threshold, true);
    const decoded = decodePubKey(encodePubkey(multisig));
    assert.deepEqual(addressOfKey(decoded), pubkeyToRawAddress(multisig));
    assert.equal(countKeys(decoded), members);
  }
  const single = encodeSecp256k1Pubkey(keyOf(4));
  assert.deepEqual(addressOfKey(decodePubKey(encodePubkey(single))), pubkeyToRawAddress(single));
});

test("unknown key types, wrong lengths and deep nesting are refused", () => {
  assert.throws(() => decodePubKey({ typeUrl: "/no.Such", value: new Uint8Array(0) }), { code: 2 });
  assert.throws(() => decodePubKey({ typeUrl: KEY_TYPES.secp256k1, value: Uint8Array.of(10, 1, 2) }), { code: 2 });
  let nested = encodePubkey(encodeSecp256k1Pubkey(keyOf(1)));
  for (let depth = 0; depth < 6; depth++) {
    nested = { typeUrl: KEY_TYPES.multisig, value: Uint8Array.from([8, 1, 18, ...lengthPrefixed(anyBytes(nested))]) };
  }
  assert.throws(() => decodePubKey(nested), /nested/);
});

function anyBytes({ typeUrl, value }: { typeUrl: string; value: Uint8Array }): Uint8Array {
  return Uint8Array.from([10, ...lengthPrefixed(new TextEncoder().encode(typeUrl)), 18, ...lengthPrefixed(value)]);
}

function lengthPrefixed(bytes: Uint8Array): number[] {
  const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 127) | 128, bytes.length >>> 7];
  return [...length, ...bytes];
}

test("bits count from the highest of the first byte, and there are none outside", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }), (bits) => {
      const elems = new Uint8Array((bits.length + 7) >>> 3);
      bits.forEach((bit, i) => {
        if (bit) elems[i >>> 3] = (elems[i >>> 3] ?? 0) | (128 >>> (i & 7));
      });
      const array = { extraBitsStored: bits.length & 7, elems };
      assert.equal(countBits(array), bits.length);
      assert.equal(countSetBits(array), bits.filter(Boolean).length);
      for (const [i, bit] of bits.entries()) assert.equal(hasBit(array, i), bit);
      assert.equal(hasBit(array, bits.length), false);
      assert.equal(hasBit(array, -1), false);
    }),
    { seed: 2, numRuns: 100 },
  );
});
