import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileIdentity } from "./fileIdentity.ts";
import type { Home } from "./home.ts";
import { NodeError } from "./nodeError.ts";

/**
 * Checks that the genesis file is the one this home was started with. CometBFT as released keeps a copy of its own from the first start and
 * ignores the file from then on, so a replaced file would show one chain and run another; our build reads the file at every start. A file that was
 * compared and not written to since is not read again: it may have a hundred megabytes.
 *
 * @throws NodeError HZN-GENESIS when the file was changed since the first start.
 */
export async function requireSameGenesis(home: Home): Promise<void> {
  const recorded = await readFile(recordOf(home), "utf8").catch(() => undefined);
  if (recorded === undefined) return;
  const seen = `${recorded.trim()} ${await fileIdentity(home.config.genesis)}\n`;
  if ((await readFile(home.run.genesisSeen, "utf8").catch(() => "")) === seen) return;
  if (recorded.trim() === (await hashOf(home))) {
    // Whatever stands in the way of the note: the next start compares again.
    await writeFile(home.run.genesisSeen, seen, { mode: 0o600 }).catch(() => undefined);
    return;
  }
  throw new NodeError(
    "HZN-GENESIS",
    `${home.config.genesis} is not the file this home was started with (sha256 ${recorded.trim()})`,
    "put the chain's own genesis.json back, or make a home for the other chain with hanzod init --home <new>",
  );
}

/** Remembers the genesis file of the first start. CONTRACT: called right before CometBFT sees it; later calls keep the first record. */
export async function recordGenesis(home: Home): Promise<void> {
  if (existsSync(recordOf(home))) return;
  const text = `${await hashOf(home)}\n`;
  await writeFile(recordOf(home), text, { flag: "wx", mode: 0o600 }).catch((error: unknown) => {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  });
}

function recordOf(home: Home): string {
  return join(home.data.dir, "genesis.sha256");
}

/** In a thread of the system's pool. */
async function hashOf(home: Home): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await readFile(home.config.genesis));
  return Buffer.from(digest).toString("hex");
}
