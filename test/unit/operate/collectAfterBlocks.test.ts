import assert from "node:assert/strict";
import { constants, PerformanceObserver } from "node:perf_hooks";
import { test } from "node:test";
import { collectingAfterBlocks } from "../../../cmd/hanzod/app/collectAfterBlocks.ts";
import { RequestFinalizeBlock } from "../../../proto/gen/tendermint/abci/types.ts";
import { fakeApplication } from "../abci/fakeApplication.ts";

const AFTER_MS = 20;
const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 3 * AFTER_MS));
const BLOCK = RequestFinalizeBlock.fromPartial({ height: 1n });

test("young garbage is collected once after a block, when there is enough of it", async () => {
  for (const [fill, expected] of [
    [0.5, 1],
    [0.1, 0],
  ] as const) {
    let collected = 0;
    const app = collectingAfterBlocks(
      fakeApplication({}),
      () => collected++,
      () => fill,
      AFTER_MS,
    );
    await app.finalizeBlock(BLOCK);
    await app.commit();
    assert.equal(collected, 0, "the answer does not wait for it");
    await later();
    await later();
    assert.equal(collected, expected);
  }
});

test("a block that follows at once is not held up", async () => {
  let collected = 0;
  const app = collectingAfterBlocks(
    fakeApplication({}),
    () => collected++,
    () => 1,
    AFTER_MS,
  );
  await app.commit();
  await app.finalizeBlock(BLOCK);
  await later();
  assert.equal(collected, 0);
  await app.commit();
  await later();
  assert.equal(collected, 1);
});

test("the young generation alone is collected", async () => {
  const kinds: unknown[] = [];
  const observer = new PerformanceObserver((list) => kinds.push(...list.getEntries().map((entry) => Reflect.get(entry, "detail").kind)));
  observer.observe({ entryTypes: ["gc"] });
  const app = collectingAfterBlocks(fakeApplication({}), undefined, () => 1, 0);
  await app.commit();
  await later();
  await later();
  observer.disconnect();
  const [minor, major] = [constants.NODE_PERFORMANCE_GC_MINOR, constants.NODE_PERFORMANCE_GC_MAJOR];
  assert.ok(kinds.includes(minor) && !kinds.includes(major), `a minor collection alone expected, got kinds ${kinds.join(", ") || "none"}`);
});
