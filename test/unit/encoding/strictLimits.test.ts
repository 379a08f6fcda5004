import assert from "node:assert/strict";
import { test } from "node:test";
import { descriptors } from "../../../app/descriptorImage.ts";
import { createAnyTypes } from "../../../app/encoding/anyTypes.ts";
import { concatBytes, encodeUtf8, fromHex } from "../../../app/encoding/bytes.ts";
import { createStrictDecoder } from "../../../app/encoding/strictDecode.ts";
import { encodeUvarint } from "../../../app/encoding/varint.ts";
import { Duration } from "../../../proto/gen/google/protobuf/duration.ts";
import { Timestamp } from "../../../proto/gen/google/protobuf/timestamp.ts";

const chain = createStrictDecoder(descriptors(), createAnyTypes(descriptors()));

/** An Any in field `number` of a message. */
function boxed(number: number, url: string, value: Uint8Array): Uint8Array {
  const field = (tag: number, bytes: Uint8Array): Uint8Array => concatBytes(Uint8Array.of(tag), encodeUvarint(BigInt(bytes.length)), bytes);
  return field((number << 3) | 2, concatBytes(field(0x0a, encodeUtf8(url)), field(0x12, value)));
}

test("at most a hundred Any lie in one that lies in no other, themselves included", () => {
  const body = (counts: readonly number[]): Uint8Array => {
    const grantee = concatBytes(fromHex("0a01"), encodeUtf8("x"));
    const inner = boxed(2, "/cosmos.bank.v1beta1.MsgSend", new Uint8Array(0));
    const execs = counts.map((count) => concatBytes(grantee, ...Array.from({ length: count - 1 }, () => inner)));
    return concatBytes(...execs.map((exec) => boxed(1, "/cosmos.authz.v1beta1.MsgExec", exec)));
  };
  const check = (counts: readonly number[]) => () => chain.checkStrict("cosmos.tx.v1beta1.TxBody", body(counts), "nonCritical");
  assert.doesNotThrow(check([100, 100, 1]));
  assert.throws(check([100, 101]), /at most 100 Any in one message/);
});

test("times are those that Go can hold", () => {
  const timestamp = (seconds: bigint, nanos = 0) => Timestamp.encode({ seconds, nanos }).finish();
  const duration = (seconds: bigint, nanos = 0) => Duration.encode({ seconds, nanos }).finish();
  const check = (type: string, bytes: Uint8Array) => () => chain.checkStrict(type, bytes, "reject");
  for (const seconds of [-62_135_596_800n, 0n, 253_402_300_799n])
    assert.doesNotThrow(check("google.protobuf.Timestamp", timestamp(seconds, 999_999_999)));
  for (const bytes of [timestamp(-62_135_596_801n), timestamp(253_402_300_800n), timestamp(0n, -1), timestamp(0n, 1_000_000_000)])
    assert.throws(check("google.protobuf.Timestamp", bytes), /timestamp of the years 1 to 9999 expected/);
  for (const bytes of [duration(9_223_372_036n, 854_775_807), duration(-9_223_372_036n, -854_775_808), duration(0n, -1)])
    assert.doesNotThrow(check("google.protobuf.Duration", bytes));
  for (const bytes of [duration(9_223_372_036n, 854_775_808), duration(1n, -1), duration(0n, 1_000_000_000), duration(315_576_000_001n)])
    assert.throws(check("google.protobuf.Duration", bytes), /duration of 64-bit nanoseconds expected/);
});
