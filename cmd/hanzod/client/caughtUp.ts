import { CliError } from "../../shared/cliError.ts";

/** How far a node is, as its RPC's `status` tells it. */
export interface SyncInfo {
  readonly latest_block_height: string;
  readonly latest_block_time: string;
  /** Whether it fetches old blocks, or has no peer yet to ask for them. */
  readonly catching_up: boolean;
}

const POLL_MS = 500;
const PATIENCE_MS = 60_000;
/** A block this old is not the newest one of a chain that makes blocks. */
const NEW_MS = 3_000;
/** Longest wait for a new block: a chain may make none. */
const SETTLE_MS = 10_000;

/** Waits until a node has caught up, and says so on standard error when it has not. @throws CliError when it has not after a minute */
export async function waitUntilCaughtUp(
  rpc: string,
  ask: () => Promise<SyncInfo>,
  patienceMs = PATIENCE_MS,
  settleMs = SETTLE_MS,
): Promise<void> {
  const first = await ask();
  if (!first.catching_up) return;
  process.stderr.write(`the node at ${rpc} is catching up, it is at height ${first.latest_block_height}: waiting\n`);
  const deadline = performance.now() + patienceMs;
  for (let sync = first, settled = Number.POSITIVE_INFINITY; ; sync = await ask()) {
    const now = performance.now();
    if (sync.catching_up && now > deadline) throw stillBehind(rpc, sync, patienceMs);
    // CometBFT's word comes before it knows how far its peers are: the last blocks may still be on their way.
    if (!sync.catching_up) settled = Math.min(settled, now + settleMs);
    if (!sync.catching_up && (now > settled || Date.now() - Date.parse(sync.latest_block_time) < NEW_MS)) return;
    await new Promise((wake) => setTimeout(wake, POLL_MS));
  }
}

function stillBehind(rpc: string, { latest_block_height: height }: SyncInfo, patienceMs: number): CliError {
  return new CliError(`the node at ${rpc} has not caught up after ${patienceMs / 1000} seconds`, {
    why: `it is at height ${height} and fetches older blocks, or finds no peer to ask for them: what it knows of accounts is old`,
    next: "hanzod status shows its height; --node http://host:port asks another node",
  });
}
