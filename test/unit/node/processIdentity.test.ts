import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { findRunning, formatIdentity, identify } from "../../../cmd/hanzod/node/processIdentity.ts";

const skip = existsSync("/proc/self/stat") ? false : "no /proc on this system";

test("a process runs until it ends, and a later one with its number is another", { skip }, async () => {
  const child = spawn("sleep", ["60"]);
  const identity = await identify(child.pid ?? 0);
  const text = formatIdentity(identity);
  assert.deepEqual(await findRunning(text), identity);
  assert.equal(await findRunning(formatIdentity({ ...identity, born: `${identity.born}0` })), undefined);
  child.kill("SIGKILL");
  await once(child, "exit");
  assert.equal(await findRunning(text), undefined);
});

test("a killed process that its parent has not asked for is not running", { skip }, async () => {
  // exec: the shell becomes a program that waits for nobody.
  const parent = spawn("sh", ["-c", "sleep 60 & echo $!; exec sleep 60"]);
  try {
    const [chunk] = await once(parent.stdout, "data");
    const pid = Number(String(chunk));
    const text = formatIdentity(await identify(pid));
    assert.notEqual(await findRunning(text), undefined);
    // Only when the shell is gone does nobody wait.
    while (!readFileSync(`/proc/${parent.pid}/cmdline`, "utf8").startsWith("sleep")) await sleep(5);
    process.kill(pid, "SIGKILL");
    while (!readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ")) await sleep(5);
    assert.equal(await findRunning(text), undefined);
  } finally {
    parent.kill("SIGKILL");
  }
});
