import assert from "node:assert/strict";
import { test } from "node:test";
import { waitUntilCaughtUp } from "../../../cmd/hanzod/client/caughtUp.ts";

const RPC = "http://127.0.0.1:1";

test("a node that has caught up is asked once", async () => {
  let asked = 0;
  await waitUntilCaughtUp(RPC, async () => {
    asked++;
    return { latest_block_height: "7", catching_up: false };
  });
  assert.equal(asked, 1);
});

test("a node that is behind is asked again until it has caught up", async () => {
  const answers = [true, true, false];
  await waitUntilCaughtUp(RPC, async () => ({ latest_block_height: "7", catching_up: answers.shift() ?? assert.fail("asked once more") }));
  assert.deepEqual(answers, []);
});

test("a node that stays behind is an error with its height and another way", async () => {
  const behind = waitUntilCaughtUp(RPC, async () => ({ latest_block_height: "7", catching_up: true }), 0);
  await assert.rejects(behind, {
    name: "CliError",
    message: /has not caught up after 0 seconds/,
    why: /at height 7/,
    next: /--node/,
  });
});
