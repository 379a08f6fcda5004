// What a thread that writes snapshots leaves behind when it is stopped.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, constants, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { silentLog } from "../../../app/runtime/ports.ts";
import { SnapshotFolder } from "../../../app/statesync/snapshotFolder.ts";
import { SnapshotTaker } from "../../../app/statesync/snapshotThread.ts";
import { createMemoryCommitStore } from "../../../app/store/commitStore.ts";
import { isAnythingLeft } from "../../../app/threads/within.ts";

/** Longest wait for what must happen, in milliseconds. */
const HANG_MS = 60_000;

async function waitFor(isThere: () => boolean, what: string): Promise<void> {
  const end = performance.now() + HANG_MS;
  while (!isThere()) {
    assert.ok(performance.now() < end, what);
    await sleep(1);
  }
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("the thread that writes snapshots", () => {
  const root = mkdtempSync(join(tmpdir(), "hz-taker-"));
  after(() => rmSync(root, { recursive: true, force: true }));

  async function taken(name: string, values = 1) {
    const store = createMemoryCommitStore({ stores: ["a"] });
    const changes = Array.from(
      { length: values },
      (_, index) => [bytes(`key ${String(index).padStart(6, "0")}`), bytes("v".repeat(1000))] as const,
    );
    store.apply(1n, new Map([["a", changes]]));
    await store.commit();
    const folder = new SnapshotFolder(join(root, name));
    return { folder, taker: new SnapshotTaker({ store, folder, interval: 1n, keepRecent: 0, log: silentLog, patienceMs: 500 }) };
  }

  /** Closes it when its thread has begun to read what nobody writes. @returns the error, undefined where the thread was not yet there after `pauseMs` */
  async function closeSilent(pauseMs: number): Promise<unknown> {
    const { folder, taker } = await taken(`silent${pauseMs}`);
    const silent = join(folder.path, "1", "3", "_snapshot");
    mkdirSync(join(folder.path, "1", "3"), { recursive: true });
    execFileSync("mkfifo", [silent]);
    mkdirSync(join(folder.path, "1.tmp"));
    taker.committed(1n);
    let held = -1;
    await waitFor(() => {
      try {
        // There is nobody to write to before the thread has opened it.
        held = openSync(silent, constants.O_WRONLY | constants.O_NONBLOCK);
      } catch {}
      return held >= 0;
    }, "the thread opens the file");
    await sleep(pauseMs);
    try {
      return await taker.close().then(
        () => undefined,
        (error: unknown) => {
          assert.ok(isAnythingLeft());
          assert.ok(!existsSync(join(folder.path, "1.tmp")));
          return error;
        },
      );
    } finally {
      closeSync(held);
    }
  }

  it("stops in bounded time although its thread waits for a file system that does not answer", async () => {
    let error: unknown;
    // No request to end a thread reaches it in a read, but between two of them one does.
    for (const pauseMs of [50, 500, 5_000, 20_000]) error ??= await closeSilent(pauseMs);
    assert.match(String(error), /the snapshot thread did not end within 500 ms/);
    await waitFor(() => !isAnythingLeft(), "the thread ends");
  });

  it("leaves nothing of a snapshot that it was stopped in", async () => {
    const { folder, taker } = await taken("half", 30_000);
    taker.committed(1n);
    await waitFor(() => existsSync(join(folder.path, "1.tmp", "3", "0")) || existsSync(join(folder.path, "1")), "a first chunk");
    await taker.close();
    assert.ok(!readdirSync(folder.path).includes("1.tmp"));
  });

  it("makes no other when it is closed", async () => {
    const { folder, taker } = await taken("closed");
    await taker.close();
    taker.committed(1n);
    await taker.idle();
    assert.ok(!existsSync(folder.path));
  });
});
