import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { MsgSend } from "#proto/cosmos/bank/v1beta1/tx";
import { AuthInfo, TxBody, TxRaw } from "#proto/cosmos/tx/v1beta1/tx";
import { createTxDecoder, type TxDecoder, type TxDecoderParts } from "../../../app/runtime/decodedTx.ts";

/** A decoder that counts how often it takes a transaction apart. */
function countingDecoder(): { readonly decoder: TxDecoder; splits(): number } {
  let splits = 0;
  const parts = {
    router: { findMessage: () => ({ request: MsgSend }) },
    wire: {
      signerPaths: () => [],
      splitTx(bytes: Uint8Array) {
        splits++;
        return { ...TxRaw.decode(bytes), hasNonCritical: false };
      },
    },
  } as unknown as TxDecoderParts;
  return { decoder: createTxDecoder(parts), splits: () => splits };
}

function txOf(memo: string, signature: Uint8Array): Uint8Array {
  const body = TxBody.fromPartial({ memo, messages: [{ typeUrl: "/test.Msg", value: MsgSend.encode(MsgSend.fromPartial({})).finish() }] });
  const bodyBytes = TxBody.encode(body).finish();
  const authInfoBytes = AuthInfo.encode(AuthInfo.fromPartial({ fee: {} })).finish();
  return TxRaw.encode({ bodyBytes, authInfoBytes, signatures: [signature] }).finish();
}

const signature = new Uint8Array(64).fill(7);

test("equal bytes are taken apart once, and their hash is that of all bytes", () => {
  const { decoder, splits } = countingDecoder();
  const bytes = txOf("one", signature);
  const tx = decoder.decode(bytes);
  assert.equal(decoder.decode(bytes.slice()), tx);
  assert.equal(splits(), 1);
  const expected = createHash("sha256").update(bytes).digest();
  assert.deepEqual(
    [Buffer.from(tx.hash()), Buffer.from(decoder.hash(bytes)), Buffer.from(decoder.hash(bytes.slice(1)))],
    [expected, expected, createHash("sha256").update(bytes.slice(1)).digest()],
  );
});

test("transactions that end alike are told apart by what stands before", () => {
  const { decoder, splits } = countingDecoder();
  const [one, two, longer] = [txOf("one", signature), txOf("two", signature), txOf("longer", signature)];
  for (let round = 0; round < 2; round++) {
    assert.equal(decoder.decode(one).body.memo, "one");
    assert.equal(decoder.decode(two).body.memo, "two");
    assert.equal(decoder.decode(longer).body.memo, "longer");
  }
  assert.equal(splits(), 6);
  assert.deepEqual(Buffer.from(decoder.hash(one)), createHash("sha256").update(one).digest());
});

test("what a block has had is forgotten, the rest is not", () => {
  const { decoder, splits } = countingDecoder();
  const [one, two] = [txOf("one", signature), txOf("two", new Uint8Array(64).fill(8))];
  decoder.decode(one);
  decoder.decode(two);
  decoder.forget([one, Uint8Array.of(1)]);
  decoder.decode(two);
  assert.equal(splits(), 2);
  decoder.decode(one);
  assert.equal(splits(), 3);
});
