import assert from "node:assert/strict";
import { test } from "node:test";
import { CheckTxType, Request, Response, ResponseCheckTx } from "#proto/tendermint/abci/types";
import { readCheckTx, writeCheckAnswer } from "../../../app/abci/checkFrame.ts";

const frameOf = (tx: Uint8Array, type: CheckTxType): Uint8Array => Request.encode(Request.fromPartial({ checkTx: { tx, type } })).finish();

test("a CheckTx is read as the general decoder reads it", () => {
  for (const length of [1, 127, 128, 300, 70_000])
    for (const type of [CheckTxType.NEW, CheckTxType.RECHECK]) {
      const frame = frameOf(new Uint8Array(length).fill(7), type);
      assert.deepEqual(readCheckTx(frame), Request.decode(frame).checkTx);
    }
});

test("whatever is not written as CometBFT writes it is left to the general decoder", () => {
  const frame = frameOf(Uint8Array.of(1, 2, 3), CheckTxType.RECHECK);
  const others: readonly Uint8Array[] = [
    new Uint8Array(0),
    Request.encode(Request.fromPartial({ flush: {} })).finish(),
    frameOf(new Uint8Array(0), CheckTxType.NEW),
    frameOf(Uint8Array.of(1), 2 as CheckTxType),
    Uint8Array.of(...frame, 0),
    Uint8Array.of(...frame, ...frame),
    Uint8Array.of(0x42, 0x84, 0, 0x0a, 2, 1, 2, 0),
    Uint8Array.of(0x42, 4, 0x0a, 9, 1, 2),
    Uint8Array.of(0x42, 6, 0x0a, 1, 1, 0x10, 0x81, 0),
    Uint8Array.of(0x42, 0xff, 0xff, 0xff, 0xff, 0x0f),
  ];
  for (const other of others) assert.equal(readCheckTx(other), undefined, `${other}`);
  for (let length = 0; length < frame.length; length++) assert.equal(readCheckTx(frame.subarray(0, length)), undefined, `${length}`);
});

test("an answer that says nothing but gas is written as the general encoder writes it", () => {
  const gases = [0n, 1n, 127n, 128n, 16_383n, 16_384n, 78_123n, 120_000n, (1n << 31n) - 1n];
  for (const gasWanted of gases)
    for (const gasUsed of gases) {
      const checkTx = ResponseCheckTx.fromPartial({ gasWanted, gasUsed });
      assert.deepEqual(writeCheckAnswer(checkTx), Response.encode(Response.fromPartial({ checkTx })).finish());
    }
});

test("an answer that says more is left to the general encoder", () => {
  const others: Parameters<typeof ResponseCheckTx.fromPartial>[0][] = [
    { code: 1 },
    { data: Uint8Array.of(1) },
    { log: "log" },
    { info: "info" },
    { codespace: "sdk" },
    { events: [{ type: "tx" }] },
    { gasWanted: 1n << 31n },
    { gasUsed: -1n },
  ];
  for (const other of others) assert.equal(writeCheckAnswer(ResponseCheckTx.fromPartial({ gasWanted: 5n, ...other })), undefined);
});
