// The short form of `make testnet-kill`: each of four validators is killed once under load.
import assert from "node:assert/strict";
import { test } from "node:test";
import { runKills } from "../campaign/testnetKill/killRounds.ts";

test("four validators that are killed one after the other under load end with equal blocks, states and results at every height", async () => {
  const lines: string[] = [];
  const options = { durationMs: 600_000, kills: 4, everyMs: 500, seed: 7, senders: 1 };
  const summary = await runKills(options, (line) => lines.push(line)).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${lines.join("\n")}`);
  });
  assert.equal(summary.failed, 0, lines.join("\n"));
  assert.equal(summary.kills, 4);
  assert.ok(summary.height > 10 && summary.transactions > 20, lines.join("\n"));
});
