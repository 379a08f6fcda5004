import assert from "node:assert/strict";
import { constants, PerformanceObserver } from "node:perf_hooks";
import { test } from "node:test";
import { collectingAfterBlocks } from "../../../cmd/hanzod/app/collectAfterBlocks.ts";
import { RequestFinalizeBlock } from "../../../proto/gen/tendermint/abci/types.ts";
import { fakeApplication } from "../abci/fakeApplication.ts";

const AFTER_MS = 20;
const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 3 * AFTER_MS));
const MOST_TRIES = 1_000;
/** Waits until something holds, as long as a starved machine may need. */
async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES && !holds(); tries++) await later();
}
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
    await until(() => collected >= expected);
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
  await until(() => collected > 0);
  assert.equal(collected, 1);
});

/** Kinds of collections that there were until one came of a commit. */
async function kindsOfCollections(): Promise<readonly unknown[]> {
  const kinds: unknown[] = [];
  const observer = new PerformanceObserver((list) => kinds.push(...list.getEntries().map((entry) => Reflect.get(entry, "detail").kind)));
  observer.observe({ entryTypes: ["gc"] });
  const app = collectingAfterBlocks(fakeApplication({}), undefined, () => 1, 0);
  await app.commit();
  await until(() => kinds.length > 0);
  await later();
  observer.disconnect();
  return kinds;
}

test("the young generation alone is collected", async () => {
  const [minor, major] = [constants.NODE_PERFORMANCE_GC_MINOR, constants.NODE_PERFORMANCE_GC_MAJOR];
  const seen: string[] = [];
  // V8 may collect everything just then, but not every time.
  for (let tries = 0; tries < 10; tries++) {
    const kinds = await kindsOfCollections();
    if (kinds.includes(minor) && !kinds.includes(major)) return;
    seen.push(kinds.join(", ") || "none");
  }
  assert.fail(`a minor collection alone expected, got kinds ${seen.join("; ")}`);
});
