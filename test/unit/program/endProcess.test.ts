// The end of a process that has a thread which does not end.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const root = mkdtempSync(join(tmpdir(), "hz-end-"));
after(() => rmSync(root, { recursive: true, force: true }));

/** Signal by which a process ends that has this exit code and a thread in a read that nobody answers. */
async function endOf(exitCode: number): Promise<NodeJS.Signals | null> {
  const silent = join(root, `silent${exitCode}`);
  execFileSync("mkfifo", [silent]);
  const program = `
    import { Worker } from "node:worker_threads";
    import { endProcess } from ${JSON.stringify(new URL("../../../cmd/shared/endProcess.js", import.meta.url).href)};
    import { endThread } from ${JSON.stringify(new URL("../../../app/threads/endThread.js", import.meta.url).href)};
    process.on("SIGTERM", () => {});
    const worker = new Worker('require("node:worker_threads").parentPort.postMessage(0); require("node:fs").readFileSync(${JSON.stringify(silent)})', { eval: true });
    await new Promise((resolve) => worker.once("message", resolve));
    await endThread(worker, "silent", 300).catch(() => {});
    process.exitCode = ${exitCode};
    endProcess();`;
  const file = join(root, `program${exitCode}.mjs`);
  writeFileSync(file, program);
  const child = spawn(process.execPath, [file], { stdio: ["ignore", "ignore", "inherit"] });
  return new Promise((resolve) => child.once("exit", (_code, signal) => resolve(signal)));
}

test("a process ends although a thread of it does not, as service managers understand it", async () => {
  assert.equal(await endOf(0), "SIGTERM");
  assert.equal(await endOf(70), "SIGTERM");
  assert.equal(await endOf(1), "SIGKILL");
});
