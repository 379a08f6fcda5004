// The short form of `make fault`: one chain, one fault of each sort.
import assert from "node:assert/strict";
import { it } from "node:test";
import { runCampaign } from "../campaign/fault/campaign.ts";

const SHORT = [
  { rounds: 7, seed: 2, only: undefined },
  { rounds: 1, seed: 1, only: "io:sync-unsure" },
  { rounds: 1, seed: 1, only: "disk:full" },
  { rounds: 1, seed: 1, only: "damage:forgedParams" },
];

it("a node that is killed at named moments, paused, damaged, failed by its disk or out of space loses nothing and equals its undisturbed twin", async () => {
  const lines: string[] = [];
  for (const short of SHORT) {
    const summary = await runCampaign({ ...short, readyBoundMs: 120_000 }, (line) => lines.push(line)).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${lines.join("\n")}`);
    });
    assert.equal(summary.failed, 0, lines.join("\n"));
    assert.equal(summary.passed, short.rounds);
  }
});
