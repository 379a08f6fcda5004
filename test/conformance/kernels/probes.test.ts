import assert from "node:assert/strict";
import { test } from "node:test";
import { openedBackends } from "../openedBackends.ts";
import { compareBackends } from "../probeRounds.ts";

test("random tensors of every kernel give the same bits on every backend that opens here", async (t) => {
  const { opened } = await openedBackends();
  // A software renderer of GPU programs is slow: the long form of this test is `make conformance-kernels`.
  const { tensors, hashes, differences } = await compareBackends(opened, 900, 20_261_129);
  for (const kernels of opened) await kernels.close();
  assert.deepEqual(differences, []);
  for (const [name, hash] of hashes) t.diagnostic(`summary: kernels: ${tensors} random tensors on ${name}: sha256 ${hash}`);
});
