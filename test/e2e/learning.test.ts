// Shared learning with real CometBFT processes: a whole round on four validators with different kernels.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { playLearningStory } from "./harness/learningStory.ts";

test("four validators on different kernels: sixteen entries, five Byzantine, votes, aggregate, a slash, refunds; equal app hashes at every height", async (t) => {
  const root = await mkdtemp(join(tmpdir(), "hz-learning-"));
  const lines: string[] = [];
  try {
    const summary = await playLearningStory(root, (line) => lines.push(line));
    assert.equal(lines.length, 10, lines.join("\n"));
    assert.ok(summary.cosine > 0.75 && summary.cosineOfMean < 0, `${summary.cosine} and ${summary.cosineOfMean}`);
    assert.equal(summary.slashed, String(25n * 10n ** 18n));
    assert.equal(summary.refunded, String(15n * 25n * 10n ** 18n));
    assert.ok(new Set(summary.backends).size >= 2, summary.backends.join(", "));
    t.diagnostic(
      `summary: learning: aggregates on ${summary.backends.join(", ")}, cosine ${summary.cosine.toFixed(3)}, plain mean ${summary.cosineOfMean.toFixed(3)}`,
    );
  } finally {
    await rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});
