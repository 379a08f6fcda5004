import assert from "node:assert/strict";
import { test } from "node:test";
import { foreignMessages } from "../../../cmd/hanzod/selftest/recording/scope.ts";

const text = new TextEncoder();

test("a type's name in a message ends where its length says, whatever follows", () => {
  const url = "/cosmos.bank.v1beta1.MsgSend";
  const field = (after: string) => Uint8Array.from([0x0a, url.length, ...text.encode(url + after)]);
  assert.deepEqual(foreignMessages(field("")), []);
  // The tag of a sixth text field is the digit 2.
  assert.deepEqual(foreignMessages(field("2")), []);
  const other = "/cosmos.group.v1.MsgVote";
  assert.deepEqual(foreignMessages(Uint8Array.from([0x0a, other.length, ...text.encode(other)])), ["cosmos.group.v1.MsgVote"]);
  assert.deepEqual(foreignMessages(JSON.stringify({ "@type": other })), ["cosmos.group.v1.MsgVote"]);
});
