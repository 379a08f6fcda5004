import { CliError } from "../../shared/cliError.ts";

/** How far a node is, as its RPC's `status` tells it. */
export interface SyncInfo {
  readonly latest_block_height: string;
  /** Whether it fetches old blocks, or has no peer yet to ask for them. */
  readonly catching_up: boolean;
}

const POLL_MS = 500;
const PATIENCE_MS = 60_000;

/** Waits until a node has caught up, and says so on standard error when it has not. @throws CliError when it has not after a minute */
export async function waitUntilCaughtUp(rpc: string, ask: () => Promise<SyncInfo>, patienceMs = PATIENCE_MS): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (let said = false; ; said = true) {
    const { catching_up: behind, latest_block_height: height } = await ask();
    if (!behind) return;
    if (!said) process.stderr.write(`the node at ${rpc} is catching up, it is at height ${height}: waiting\n`);
    if (performance.now() > deadline)
      throw new CliError(`the node at ${rpc} has not caught up after ${patienceMs / 1000} seconds`, {
        why: `it is at height ${height} and fetches older blocks, or finds no peer to ask for them: what it knows of accounts is old`,
        next: "hanzod status shows its height; --node http://host:port asks another node",
      });
    await new Promise((wake) => setTimeout(wake, POLL_MS));
  }
}
