import assert from "node:assert/strict";
import { test } from "node:test";
import { returningMemory } from "../../../cmd/hanzod/app/returnMemory.ts";
import { fakeApplication } from "../abci/fakeApplication.ts";

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("memory is given back once, behind the answer to the first commit, and only where there is much of it", async () => {
  for (const [heap, wanted] of [
    [1024 ** 3, 1],
    [1024 ** 2, 0],
  ] as const) {
    let collected = 0;
    const app = returningMemory(
      fakeApplication({}),
      () => collected++,
      () => heap,
    );
    await app.commit();
    assert.equal(collected, 0);
    await nextTurn();
    assert.equal(collected, wanted);
    await app.commit();
    await nextTurn();
    assert.equal(collected, wanted);
  }
});

test("garbage goes when it is collected", async () => {
  const app = returningMemory(fakeApplication({}), undefined, () => 1024 ** 3);
  let dead: object | undefined = {};
  const reference = new WeakRef(dead);
  dead = undefined;
  await app.commit();
  await nextTurn();
  await nextTurn();
  assert.equal(reference.deref(), undefined);
});
