import assert from "node:assert/strict";
import { test } from "node:test";
import { type DecodedMessage, decodeMessage, type MessageDecoderParts } from "../../../app/runtime/decodedMessage.ts";
import type { BoundMethod } from "../../../app/sdk/bind.ts";
import { AddressError, createAddressCodec } from "../../../app/sdk/index.ts";
import { MsgSend, MsgSendResponse } from "../../../proto/gen/cosmos/bank/v1beta1/tx.ts";

test("signers are worked out once, and a throw is no answer", () => {
  const address = createAddressCodec("hanzo");
  const [one, two] = [address.format(new Uint8Array(20).fill(1)), address.format(new Uint8Array(20).fill(2))];
  const method = { path: `/${MsgSend.$type}`, request: MsgSend } as unknown as BoundMethod;
  const paths = ["fromAddress", "toAddress"].map((field) => ({ fields: [field], isOperator: false }));
  const parts: MessageDecoderParts = {
    router: { findMessage: () => method, findQuery: () => undefined },
    wire: { signerPaths: () => paths },
    address,
  };
  const messageOf = (fromAddress: string): DecodedMessage =>
    decodeMessage({ typeUrl: method.path, value: MsgSend.encode(MsgSend.fromPartial({ fromAddress, toAddress: two })).finish() }, parts);
  const message = messageOf(one);
  assert.deepEqual(message.signers(), [one, two]);
  assert.equal(message.signers(), message.signers());
  // A transaction asks everybody once (`txFacts`), a message names them.
  assert.deepEqual(messageOf(two).signers(), [two, two]);
  const wrong = messageOf("hanzo1");
  for (let again = 0; again < 2; again++) assert.throws(() => wrong.signers(), AddressError);
});

test("what a handler would refuse is foreseen, after the check, and does not count as checked", () => {
  const said: string[] = [];
  const method = {
    path: `/${MsgSend.$type}`,
    request: MsgSend,
    check: () => void said.push("check"),
    foresee: () => void said.push("foresee"),
  } as unknown as BoundMethod;
  const message = decodeMessage(
    { typeUrl: method.path, value: new Uint8Array(0) },
    {
      router: { findMessage: () => method, findQuery: () => undefined },
      wire: { signerPaths: () => [] },
      address: createAddressCodec("hanzo"),
    },
  );
  message.foresee();
  message.foresee();
  message.check();
  assert.deepEqual(said, ["check", "foresee", "foresee"]);
});

test("a message is checked until it is found right, and then no more", () => {
  let asked = 0;
  const method = {
    path: `/${MsgSend.$type}`,
    module: "bank",
    request: MsgSend,
    response: MsgSendResponse,
    handle: () => ({}),
    check(message: unknown) {
      asked++;
      assert.equal((message as MsgSend).fromAddress, "a");
      if (asked < 3) throw new Error(`wrong, ${asked}`);
    },
  } as BoundMethod;
  const parts: MessageDecoderParts = {
    router: { findMessage: () => method, findQuery: () => undefined },
    wire: { signerPaths: () => [] },
    address: createAddressCodec("hanzo"),
  };
  const value = MsgSend.encode(MsgSend.fromPartial({ fromAddress: "a" })).finish();
  const message = decodeMessage({ typeUrl: method.path, value }, parts);
  assert.throws(() => message.check(), /wrong, 1/);
  assert.throws(() => message.check(), /wrong, 2/);
  message.check();
  message.check();
  assert.equal(asked, 3);
  message.foresee();
  assert.equal(asked, 3);
  // Decoded again, it is checked again.
  asked = 0;
  assert.throws(() => decodeMessage({ typeUrl: method.path, value }, parts).check(), /wrong, 1/);
});
