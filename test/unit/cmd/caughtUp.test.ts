import assert from "node:assert/strict";
import { test } from "node:test";
import { type SyncInfo, waitUntilCaughtUp } from "../../../cmd/hanzod/client/caughtUp.ts";

const RPC = "http://127.0.0.1:1";
const OLD = "2020-01-01T00:00:00Z";

const status = (behind: boolean, time = OLD): SyncInfo => ({ latest_block_height: "7", latest_block_time: time, catching_up: behind });

/** Answers one after the other, and no more than these. */
function answering(...answers: SyncInfo[]): { readonly ask: () => Promise<SyncInfo>; readonly left: readonly SyncInfo[] } {
  return { ask: async () => answers.shift() ?? assert.fail("asked once more"), left: answers };
}

test("a node that has caught up is asked once, however old its last block is", async () => {
  const { ask, left } = answering(status(false));
  await waitUntilCaughtUp(RPC, ask);
  assert.deepEqual(left, []);
});

test("a node that was behind is asked until it has caught up and has a new block", async () => {
  const { ask, left } = answering(status(true), status(true), status(false), status(false, new Date().toISOString()));
  await waitUntilCaughtUp(RPC, ask);
  assert.deepEqual(left, []);
});

test("a node that stays behind is an error with its height and another way", async () => {
  const behind = waitUntilCaughtUp(RPC, async () => status(true), 0);
  await assert.rejects(behind, {
    name: "CliError",
    message: /has not caught up after 0 seconds/,
    why: /at height 7/,
    next: /--node/,
  });
});

test("a chain that makes no block is not waited for once its node has caught up", async () => {
  const { ask, left } = answering(status(true), status(false), status(false));
  await waitUntilCaughtUp(RPC, ask, 60_000, 1);
  assert.deepEqual(left, []);
});
