import assert from "node:assert/strict";
import { test } from "node:test";
import { ExecTxResult, ResponseFinalizeBlock } from "#proto/tendermint/abci/types";
import { encodeBlockResponse } from "../../../app/runtime/blockResponse.ts";

const result = (i: number): ExecTxResult =>
  ExecTxResult.fromPartial({
    code: i % 3,
    data: new Uint8Array(i * 50).fill(i),
    gasWanted: 7n,
    events: [{ type: "transfer", attributes: [{ key: "amount", value: "9".repeat(i * 20), index: true }] }],
  });

for (const count of [0, 1, 2, 127, 300]) {
  test(`the answer to a block of ${count} transactions is encoded whole, and each result by itself`, () => {
    const response = ResponseFinalizeBlock.fromPartial({
      appHash: new Uint8Array(32).fill(1),
      events: [{ type: "block", attributes: [] }],
      txResults: Array.from({ length: count }, (_, i) => result(i)),
    });
    const { bytes, results } = encodeBlockResponse(response);
    assert.deepEqual(ResponseFinalizeBlock.decode(bytes), response);
    assert.deepEqual(
      results.map((one) => ExecTxResult.decode(one)),
      response.txResults,
    );
    assert.equal(encodeBlockResponse(response).bytes, bytes, "encoded once");
  });
}
