import assert from "node:assert/strict";
import { test } from "node:test";
import { returningMemory } from "../../../cmd/hanzod/app/returnMemory.ts";
import { fakeApplication } from "../abci/fakeApplication.ts";

const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 30));
const MOST_TRIES = 1_000;
/** Waits until something holds, as long as a starved machine may need. */
async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES && !holds(); tries++) await later();
}

const LARGE = 1024 ** 3;
const SMALL = 1024 ** 2;

/** How often memory is given back where each collection leaves a heap of the next size; the last one stays. @param expected waits for so many */
async function collections(expected: number, ...sizes: readonly number[]): Promise<number> {
  let collected = 0;
  const app = returningMemory(
    fakeApplication({}),
    () => collected++,
    () => sizes[Math.min(collected, sizes.length - 1)] ?? 0,
    0,
  );
  await app.commit();
  assert.equal(collected, 0, "nothing at once");
  await until(() => collected >= expected);
  await app.commit();
  await later();
  return collected;
}

test("memory is given back after the first commit, and only where there is much of it", async () => {
  assert.equal(await collections(1, LARGE, SMALL), 1);
  assert.equal(await collections(0, SMALL), 0);
});

test("memory that something still holds is given back later, and nobody looks for ever", async () => {
  assert.equal(await collections(3, LARGE, LARGE, LARGE, SMALL), 3);
  assert.equal(await collections(5, LARGE), 5);
});

test("garbage goes when it is collected", async () => {
  const app = returningMemory(fakeApplication({}), undefined, () => 1024 ** 3, 0);
  let dead: object | undefined = {};
  const reference = new WeakRef(dead);
  dead = undefined;
  await app.commit();
  await until(() => reference.deref() === undefined);
  assert.equal(reference.deref(), undefined);
});
