import assert from "node:assert/strict";
import { test } from "node:test";
import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { appendBytesField } from "../../../app/encoding/appendField.ts";

test("values of every length of varint stand behind the message as the wire format has them", () => {
  const message = new BinaryWriter().uint32(8).uint32(5).finish();
  const values = [0, 1, 127, 128, 16_383, 16_384, 2_097_152].map((length) => new Uint8Array(length).fill(3));
  const expected = new BinaryWriter().raw(message);
  for (const value of values) expected.uint32((4 << 3) | 2).bytes(value);
  assert.deepEqual(appendBytesField(message, 4, values), expected.finish());
  assert.deepEqual(appendBytesField(message, 4, []), message);
});
