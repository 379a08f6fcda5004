// Validators with real CometBFT processes and the commands that their operators type.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { playValidatorStory } from "./harness/validatorStory.ts";

test("four validators: rewards, jail and back, a key used twice, a parameter by vote, an upgrade, a fifth node with a snapshot; equal app hashes at every height", async () => {
  const root = await mkdtemp(join(tmpdir(), "hz-validators-"));
  const lines: string[] = [];
  try {
    const summary = await playValidatorStory(root, (line) => lines.push(line));
    assert.equal(lines.length, 14, lines.join("\n"));
    assert.equal(summary.slashedForDowntime, String(10n ** 17n));
    assert.equal(summary.slashedForDoubleSign, String(5n * 10n ** 17n));
    assert.ok(summary.equalAppHashes > summary.upgradeHeight);
    assert.ok(summary.joinedAt > 1);
  } finally {
    await rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});
