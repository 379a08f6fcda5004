import assert from "node:assert/strict";
import { test } from "node:test";
import { cometProcessors } from "../../../cmd/hanzod/node/cometProcessors.ts";

test("the release of CometBFT gets twice the processors, our build and the operator's own setting are left alone", () => {
  assert.deepEqual(cometProcessors("stock", {}, 2), { GOMAXPROCS: "4" });
  assert.deepEqual(cometProcessors("stock", { GOMAXPROCS: "" }, 8), { GOMAXPROCS: "16" });
  assert.deepEqual(cometProcessors("hanzo", {}, 2), {});
  assert.deepEqual(cometProcessors("stock", { GOMAXPROCS: "3" }, 2), {});
});
