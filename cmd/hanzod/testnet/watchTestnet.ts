import { CliError } from "../../shared/cliError.ts";
import { call } from "../job/followBlocks.ts";
import type { TestnetNode } from "./createTestnet.ts";
import { createHeightTable, formatRow, type HeightTable } from "./heightTable.ts";

/** What the watcher looks at and when it ends. */
export interface WatchOptions {
  readonly nodes: readonly TestnetNode[];
  readonly print: (line: string) => void;
  /** Ends when every node has computed this height; undefined watches until aborted. */
  readonly blocks: number | undefined;
  readonly signal: AbortSignal;
}

const POLL_MS = 150;
/** Polls that a row waits for a slower node before it is printed without it. */
const PATIENCE_POLLS = 20;
/** Blocks read from a node per poll; one that catches up has many. */
const BLOCKS_PER_POLL = 50;

/**
 * Prints a line per height with the app hash that every node computed itself.
 * @throws CliError when two nodes computed different hashes
 */
export async function watchTestnet({ nodes, print, blocks, signal }: WatchOptions): Promise<void> {
  const table = createHeightTable();
  const names = nodes.map(({ name }) => name);
  let shown = 0;
  let waited = 0;
  let checked = 0;
  /** Nodes that a row was printed without: no row waits for them until one has them again. */
  let away: readonly string[] = [];
  while (!signal.aborted) {
    await Promise.all(nodes.map((node) => readNode(node, table)));
    for (;;) {
      const row = table.row(shown + 1);
      requireAgreement(row.agree, formatRow(row, names));
      if (row.hashes.size === 0) break;
      const missing = names.filter((name) => !row.hashes.has(name));
      if (waited < PATIENCE_POLLS && missing.some((name) => !away.includes(name))) {
        waited++;
        break;
      }
      print(formatRow(row, names));
      shown++;
      away = missing;
      waited = 0;
    }
    // A node that was away still has to agree on what it catches up with.
    const slowest = Math.min(...names.map((name) => table.heightOf(name)));
    for (; checked < slowest; checked++) requireAgreement(table.row(checked + 1).agree, formatRow(table.row(checked + 1), names));
    table.drop(Math.min(slowest, shown));
    if (blocks !== undefined && slowest >= blocks) return;
    await new Promise((wake) => setTimeout(wake, POLL_MS));
  }
}

function requireAgreement(agree: boolean, line: string): void {
  if (!agree)
    throw new CliError("the nodes computed different states", {
      why: line,
      next: "keep the homes: their logs and states tell which transaction did it",
    });
}

/** Notes the app hashes that a node has computed since the last look. One that does not answer is asked again later. */
async function readNode({ name, ports }: TestnetNode, table: HeightTable): Promise<void> {
  const rpc = `http://127.0.0.1:${ports.rpc}`;
  try {
    const { sync_info: sync } = await call<{ sync_info: { latest_block_height: string } }>(rpc, "status");
    const latest = Number(sync.latest_block_height);
    const from = table.heightOf(name) + 1;
    for (let height = from; height <= Math.min(latest, from + BLOCKS_PER_POLL - 1); height++) {
      // The result is the node's own computation, unlike the hash in a block's header, which the network agreed on.
      const { app_hash: hash } = await call<{ app_hash: string }>(rpc, `block_results?height=${height}`);
      table.add(name, height, Buffer.from(hash, "base64").toString("hex").toUpperCase());
    }
  } catch {
    // It starts, stops, or was killed: the next look tells.
  }
}
