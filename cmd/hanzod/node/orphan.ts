import { readFile, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Home } from "./home.ts";
import { findRunning } from "./processIdentity.ts";

/** What `endOrphan` waits for at each step, in milliseconds. */
interface Patience {
  readonly byItself: number;
  readonly afterTerm: number;
}

const POLL_MS = 50;

/**
 * Ends the CometBFT that a killed supervisor left behind. It notices that the application is gone and ends by itself within a second,
 * unless it was still waiting for the application: then it would wait for ever, hold its ports, and connect to the next node.
 *
 * CONTRACT: called by the process that holds the home.
 *
 * @param say told what is done, for the log.
 */
export async function endOrphan(
  home: Home,
  say: (text: string) => void,
  patience: Patience = { byItself: 2_000, afterTerm: 30_000 },
): Promise<void> {
  const text = await readFile(home.run.cometPid, "utf8").catch(() => "");
  const orphan = await findRunning(text);
  if (orphan !== undefined) {
    say(`CometBFT of an earlier start (process ${orphan.pid}) is still running`);
    // Without its birth the process may be another one by now: then it is left alone.
    if (!(await endsWithin(text, patience.byItself)) && orphan.born !== "") {
      process.kill(orphan.pid, "SIGTERM");
      if (!(await endsWithin(text, patience.afterTerm))) process.kill(orphan.pid, "SIGKILL");
      await endsWithin(text, patience.byItself);
    }
  }
  await rm(home.run.cometPid, { force: true });
}

async function endsWithin(text: string, milliseconds: number): Promise<boolean> {
  const deadline = performance.now() + milliseconds;
  while ((await findRunning(text)) !== undefined) {
    if (performance.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}
