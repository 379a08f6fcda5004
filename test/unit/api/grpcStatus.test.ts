import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { httpStatusOf, statusOfAnswer } from "../../../app/api/grpcStatus.ts";

type Case = readonly [codespace: string, code: number, log: string, http: number, message: string];
const CASES: readonly Case[] = [
  ["sdk", 22, "rpc error: code = NotFound desc = account x not found: key not found", 404, "account x not found"],
  ["sdk", 18, "rpc error: code = InvalidArgument desc = invalid denom: x: invalid request", 400, "invalid denom: x"],
  ["sdk", 6, "rpc error: code = Unknown desc = out of gas with gas used: '7': unknown request", 400, "out of gas with gas used: '7'"],
  ["sdk", 6, "rpc error: code = Internal desc = query cannot be empty: unknown request", 400, "query cannot be empty"],
  ["sdk", 6, "rpc error: code = Unimplemented desc = this node has no mempool: unknown request", 501, "this node has no mempool"],
  ["sdk", 6, "rpc error: code = constructor desc = odd: unknown request", 400, "odd"],
  ["sdk", 6, "rpc error: code = NotFound desc = two\nlines: unknown request", 404, "two\nlines"],
  ["sdk", 18, "decoding bech32 failed: invalid request", 400, "decoding bech32 failed"],
  ["sdk", 6, "pool of ngpu does not exist: unknown request", 400, "pool of ngpu does not exist"],
  ["sdk", 26, "cannot query with height in the future: invalid height", 400, "cannot query with height in the future: invalid height"],
  ["sdk", 6, "unknown query path: unknown request", 501, "Not Implemented"],
  ["store", 7, "height 3: version is not kept", 400, "height 3: version is not kept"],
  ["store", 13, "stored record is damaged", 500, "internal"],
  ["sdk", 1, "internal", 500, "internal"],
];

describe("failed answers show one of three faces", () => {
  for (const [codespace, code, log, http, message] of CASES) {
    it(`${codespace}/${code} ${JSON.stringify(log)} is ${http}`, () => {
      const status = statusOfAnswer({ codespace, code, log });
      assert.deepEqual([httpStatusOf(status.code), status.message], [http, message]);
    });
  }

  it("codes that say nothing are 500", () => {
    assert.deepEqual([2, 13, 15, 99].map(httpStatusOf), [500, 500, 500, 500]);
  });
});
