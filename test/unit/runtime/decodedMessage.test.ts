import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeMessage, type MessageDecoderParts, once } from "../../../app/runtime/decodedMessage.ts";
import type { BoundMethod } from "../../../app/sdk/bind.ts";
import { createAddressCodec } from "../../../app/sdk/index.ts";
import { MsgSend, MsgSendResponse } from "../../../proto/gen/cosmos/bank/v1beta1/tx.ts";

test("the first answer is kept, and a throw is no answer", () => {
  let asked = 0;
  const answer = once(() => {
    asked++;
    if (asked < 3) throw new Error(`not yet, ${asked}`);
    return asked;
  });
  assert.throws(answer, /not yet, 1/);
  assert.throws(answer, /not yet, 2/);
  assert.deepEqual([answer(), answer(), asked], [3, 3, 3]);
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
  // Decoded again, it is checked again.
  asked = 0;
  assert.throws(() => decodeMessage({ typeUrl: method.path, value }, parts).check(), /wrong, 1/);
});
