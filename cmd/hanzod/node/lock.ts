import { link, readFile, unlink, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { EXIT, NodeError } from "./nodeError.ts";
import { findRunning, formatIdentity, identify } from "./processIdentity.ts";

/** A held home. */
export interface HomeLock {
  /** Lets the next process in. Does nothing when called again. */
  release(): Promise<void>;
}

/** How long others may be at the same lock before this process gives up, in milliseconds. */
const PATIENCE_MS = 3_000;
const RETRY_MS = 5;

/**
 * Takes a home for this process, so that two nodes never sign or write with the same files.
 * The lock of a process that no longer runs is taken over.
 *
 * @param path the lock file; its folder exists.
 * @throws NodeError HZN-LOCK when a running process holds it.
 */
export async function acquireLock(path: string): Promise<HomeLock> {
  const text = formatIdentity(await identify(process.pid));
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    if (await place(path, text)) return { release: () => release(path, text) };
    const holder = await findRunning(await readFile(path, "utf8").catch(() => ""));
    if (holder !== undefined) {
      throw new NodeError(
        "HZN-LOCK",
        `this home is in use by process ${holder.pid} (lock ${path})`,
        `stop it first (kill ${holder.pid}), or start with another --home`,
        EXIT.busy,
      );
    }
    if (!(await clearStale(path, text))) await sleep(RETRY_MS);
  }
  const guard = guardOf(path);
  throw new NodeError(
    "HZN-LOCK",
    `another process is taking over the home (${guard})`,
    `start again; if that does not help, delete ${guard}`,
    EXIT.busy,
  );
}

/** Writes the lock in one step with all its content: a link either exists whole or not at all. */
async function place(path: string, text: string): Promise<boolean> {
  const draft = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await writeFile(draft, text, { mode: 0o600 });
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  } finally {
    await unlink(draft);
  }
}

/**
 * Removes a dead process's lock. INVARIANT: a lock in place is removed by its owner or under the guard, never otherwise; else one who
 * looked at a dead process's lock could remove the lock of the process that has just replaced it.
 *
 * @returns false when another process is doing that now.
 */
async function clearStale(path: string, text: string): Promise<boolean> {
  const guard = guardOf(path);
  if (!(await place(guard, text))) return false;
  try {
    // A lock that is there and dead stays there until it is removed here. One that is absent may appear at any moment: left alone.
    const found = await readFile(path, "utf8").catch(() => undefined);
    if (found === undefined || (await findRunning(found)) !== undefined) return true;
    // Read again: its owner may have released it and ended just before it was found dead, and another may hold it since.
    if ((await readFile(path, "utf8").catch(() => undefined)) === found) await unlink(path);
  } finally {
    await unlink(guard);
  }
  return true;
}

function guardOf(path: string): string {
  return `${path}.takeover`;
}

async function release(path: string, text: string): Promise<void> {
  const found = await readFile(path, "utf8").catch(() => undefined);
  if (found === text) await unlink(path).catch(() => undefined);
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
