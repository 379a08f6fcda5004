import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { acquireLock, type HomeLock } from "../../../cmd/hanzod/node/lock.ts";
import { EXIT, NodeError } from "../../../cmd/hanzod/node/nodeError.ts";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "lock-"));
});
after(() => rm(folder, { recursive: true, force: true }));

test("a second start on the same home is refused with the process that holds it, until that one lets go", async () => {
  const path = join(folder, "a.lock");
  const first = await acquireLock(path);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  await assert.rejects(
    acquireLock(path),
    (error: unknown) =>
      error instanceof NodeError &&
      error.exitCode === EXIT.busy &&
      error.message.includes(`process ${process.pid}`) &&
      error.format().includes(`kill ${process.pid}`),
  );
  await first.release();
  await first.release();
  await (await acquireLock(path)).release();
  assert.deepEqual(await readdir(folder), [], "no drafts are left behind");
});

test("the lock of a dead process, of a reused process id, and a damaged one are taken over", async () => {
  const path = join(folder, "b.lock");
  const dead: ChildProcess = spawn("true");
  await new Promise((resolve) => dead.once("exit", resolve));
  const cases: readonly (readonly [label: string, text: string])[] = [
    ["dead", JSON.stringify({ pid: dead.pid, born: "123" })],
    ["reused id", JSON.stringify({ pid: process.pid, born: "1" })],
    ["empty", ""],
    ["not JSON", "12345\n"],
    ["odd pid", JSON.stringify({ pid: -1, born: "" })],
  ];
  for (const [label, text] of cases) {
    await writeFile(path, text);
    const lock = await acquireLock(path);
    assert.equal(JSON.parse(await readFile(path, "utf8")).pid, process.pid, label);
    await lock.release();
  }
});

test("of many that find a stale lock at once exactly one gets it", async () => {
  const path = join(folder, "c.lock");
  /** Lets others go first by as many turns of the event loop. */
  const later = async (turns: number): Promise<HomeLock> => {
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
    return acquireLock(path);
  };
  for (let round = 0; round < 60; round++) {
    await writeFile(path, "stale");
    const tries = await Promise.allSettled(Array.from({ length: 8 }, (_, index) => later((index * round) % 23)));
    const won = tries.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    assert.equal(won.length, 1, `round ${round}`);
    await won[0]?.release();
  }
});
