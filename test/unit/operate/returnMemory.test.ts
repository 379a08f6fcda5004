import assert from "node:assert/strict";
import { test } from "node:test";
import { returningMemory } from "../../../cmd/hanzod/app/returnMemory.ts";
import { fakeApplication } from "../abci/fakeApplication.ts";

const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 30));

test("memory is given back once, after the first commit, and only where there is much of it", async () => {
  for (const [heap, wanted] of [
    [1024 ** 3, 1],
    [1024 ** 2, 0],
  ] as const) {
    let collected = 0;
    const app = returningMemory(
      fakeApplication({}),
      () => collected++,
      () => heap,
      0,
    );
    await app.commit();
    assert.equal(collected, 0);
    await later();
    assert.equal(collected, wanted);
    await app.commit();
    await later();
    assert.equal(collected, wanted);
  }
});

test("garbage goes when it is collected", async () => {
  const app = returningMemory(fakeApplication({}), undefined, () => 1024 ** 3, 0);
  let dead: object | undefined = {};
  const reference = new WeakRef(dead);
  dead = undefined;
  await app.commit();
  await later();
  assert.equal(reference.deref(), undefined);
});
