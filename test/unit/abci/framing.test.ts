import assert from "node:assert/strict";
import { test } from "node:test";
import { Request, Response } from "#proto/tendermint/abci/types";
import { encodeFrame, FrameReader, FramingError } from "../../../app/abci/framing.ts";
import { fc } from "../../harness/fastCheck.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "hex"));

test("frames have the bytes that CometBFT v0.38 sends and expects", () => {
  // Written down from the wire definition: uvarint length, then field key, then the length of an empty or short message.
  const golden: readonly (readonly [label: string, frame: Uint8Array, expected: string])[] = [
    ["flush request", encodeFrame(Request.encode({ flush: {} }).finish()), "021200"],
    ["flush response", encodeFrame(Response.encode({ flush: {} }).finish()), "021a00"],
    ["commit request", encodeFrame(Request.encode({ commit: {} }).finish()), "025a00"],
    ["commit response", encodeFrame(Response.encode({ commit: { retainHeight: 0n } }).finish()), "026200"],
    ["echo response", encodeFrame(Response.encode({ echo: { message: "hi" } }).finish()), "0612040a026869"],
    ["exception", encodeFrame(Response.encode({ exception: { error: "x" } }).finish()), "050a030a0178"],
    ["two-byte length", encodeFrame(new Uint8Array(200)).subarray(0, 2), "c801"],
  ];
  for (const [label, frame, expected] of golden) assert.equal(hex(frame), expected, label);
});

test("messages come out whole and in order however the stream is cut", () => {
  const messages = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 12 });
  fc.assert(
    fc.property(messages, fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 40 }), (sent, cuts) => {
      const stream = Buffer.concat(sent.map(encodeFrame));
      const reader = new FrameReader();
      const received: Uint8Array[] = [];
      for (let at = 0, turn = 0; at < stream.length; turn++) {
        const size = cuts[turn % cuts.length] ?? 1;
        const chunk = Uint8Array.from(stream.subarray(at, at + size));
        received.push(...reader.push(chunk));
        chunk.fill(0xee); // the socket may reuse its buffer
        at += size;
      }
      assert.deepEqual(received.map(hex), sent.map(hex));
      assert.equal(reader.atBorder, true);
    }),
    { seed: 1, numRuns: 300 },
  );
});

test("a half frame yields nothing and is seen as such", () => {
  const frame = encodeFrame(new Uint8Array(300).fill(7));
  for (const cut of [1, 2, 3, 150, 301]) {
    const reader = new FrameReader();
    assert.deepEqual(reader.push(frame.subarray(0, cut)), [], `cut at ${cut}`);
    assert.equal(reader.atBorder, false, `cut at ${cut}`);
    assert.equal(reader.push(frame.subarray(cut)).length, 1, `cut at ${cut}`);
  }
});

test("lengths that no message can have are refused before memory is taken for them", () => {
  const cases: readonly (readonly [label: string, stream: string, reason: RegExp])[] = [
    ["one byte above the limit", "e907", /1001 bytes is above the limit of 1000/],
    ["2 GiB", "8080808008", /2147483648 bytes/],
    ["4 GiB - 1", "ffffffff0f", /4294967295 bytes/],
    ["33 bits", "8080808010", /more than 32 bits/],
    ["six bytes", "808080808001", /more than 32 bits/],
    ["endless", "ffffffffffffffffffff", /more than 32 bits/],
    ["padded", "8100", /shortest form/],
    ["padded zero", "8000", /shortest form/],
  ];
  for (const [label, stream, reason] of cases) {
    for (const step of [1, stream.length]) {
      const reader = new FrameReader(1000);
      assert.throws(
        () => {
          for (let at = 0; at < stream.length; at += 2 * step) reader.push(bytes(stream.slice(at, at + 2 * step)));
        },
        (error: unknown) => error instanceof FramingError && reason.test(error.message),
        `${label}, ${step} bytes at a time`,
      );
    }
  }
  assert.equal(new FrameReader(1000).push(encodeFrame(new Uint8Array(1000))).length, 1, "the limit itself is allowed");
});
