// Transactions through CometBFT: a JSON line per row, then all rows as one JSON document. Nothing is asserted but that every accepted
// transaction is committed. Compare rows of one run only: `calibrationVerifiesPerSecond` says how fast the machine was around each.
// usage: node dist/test/bench/tx.js [--quick] [--rows 10k-send,10k-null-stock] [--passes 1] [--each 4]

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { latestHeight, waitForHeight } from "../../cmd/hanzod/job/followBlocks.ts";
import { calibrate, createSenders, type LoadResult, machine, runLoad } from "./loadDriver.ts";
import { makeLoadHome, startLoadNode } from "./loadNode.ts";
import { measureSwapLoad } from "./swapLoad.ts";
import { transferRounds } from "./transferRounds.ts";
import { RATE, selectRows, TX_ROWS, type TxRow } from "./txRows.ts";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    rows: { type: "string" },
    passes: { type: "string", default: "1" },
    each: { type: "string", default: "4" },
  },
});
const CHAIN_ID = "hanzo-bench-1";
/** Accounts of a quick run, and how long it sends at a fixed rate. */
const QUICK_ACCOUNTS = 200;
const RATE_SECONDS = values.quick ? 3 : 18;
/** Most transactions of a row: with 100,000 accounts not everyone sends. */
const MOST_TXS = 40_000;
const PATIENCE_MS = 600_000;

const accountsOf = (row: TxRow): number => (values.quick ? QUICK_ACCOUNTS : row.accounts);

/** Makes a chain, signs the transactions of the row, sends them. */
async function measureSend(row: TxRow): Promise<object> {
  const senders = createSenders(accountsOf(row));
  const total = row.kind === "rate" ? RATE * RATE_SECONDS : Math.min(MOST_TXS, senders.length * Number(values.each));
  const active = senders.slice(0, Math.min(senders.length, total));
  const rounds = transferRounds({ senders: active, chainId: CHAIN_ID, firstSequence: 0, rounds: Math.ceil(total / active.length) });
  return withHome(row, senders, async (home) => {
    const node = await startLoadNode(home, row.kind === "null" ? "nullapp" : "hanzod");
    try {
      await waitForHeight(node.rpc, 2, PATIENCE_MS);
      return figuresOf(await runLoad(node, rounds, row.kind === "rate" ? RATE : undefined));
    } finally {
      await node.stop();
    }
  });
}

/** Kills node and CometBFT after a load and measures the time until the next start has made a new block. */
async function measureKill(row: TxRow): Promise<object> {
  const senders = createSenders(accountsOf(row));
  const active = senders.slice(0, 2000);
  const rounds = transferRounds({ senders: active, chainId: CHAIN_ID, firstSequence: 0, rounds: 1 });
  return withHome(row, senders, async (home) => {
    const first = await startLoadNode(home);
    await waitForHeight(first.rpc, 2, PATIENCE_MS);
    await runLoad(first, rounds);
    const height = await latestHeight(first.rpc);
    const before = calibrate();
    await first.kill();
    const started = performance.now();
    const node = await startLoadNode(home);
    try {
      await waitForHeight(node.rpc, height + 1, PATIENCE_MS);
      const secondsToNewBlock = Number(((performance.now() - started) / 1000).toFixed(2));
      return { secondsToNewBlock, killedAtHeight: height, calibrationVerifiesPerSecond: [before, calibrate()] };
    } finally {
      await node.stop();
    }
  });
}

async function withHome(
  row: TxRow,
  senders: ReturnType<typeof createSenders>,
  measure: (home: Awaited<ReturnType<typeof makeLoadHome>>) => Promise<object>,
): Promise<object> {
  const root = mkdtempSync(join(tmpdir(), "hanzo-bench-"));
  try {
    const options = { chainId: CHAIN_ID, senders, timeoutCommitMs: row.paceMs, cometBuild: row.build };
    return await measure(await makeLoadHome(join(root, "home"), options));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function figuresOf(load: LoadResult): object {
  const per1000 = (seconds: number): number => Number(((seconds * 1000) / load.committed).toFixed(3));
  return {
    txPerSecond: Math.round(load.committed / load.seconds),
    committed: load.committed,
    refused: load.refused,
    seconds: Number(load.seconds.toFixed(2)),
    cpuSecondsPer1000Tx: { app: per1000(load.cpuSeconds), cometbft: per1000(load.cometCpuSeconds) },
    latencyMs: { p50: load.latency.p50Ms, p99: load.latency.p99Ms },
    blockIntervalMs: load.blockIntervalMs,
    txPerBlock: Math.round(load.committed / Math.max(1, load.blocks)),
    rssMiB: { appIdle: load.idleRssMiB, app: load.busyRssMiB, cometbft: load.cometRssMiB },
    calibrationVerifiesPerSecond: load.calibration,
  };
}

async function measure(row: TxRow): Promise<object> {
  if (row.kind === "kill") return measureKill(row);
  if (row.kind !== "swap") return measureSend(row);
  const each = Math.max(1, Math.min(Number(values.each), Math.floor(MOST_TXS / accountsOf(row))));
  return measureSwapLoad({ senders: accountsOf(row), each, passes: 1, timeoutCommitMs: row.paceMs, cometBuild: row.build });
}

const rows = values.rows === undefined ? TX_ROWS : selectRows(values.rows.split(","));
const measured: object[] = [];
for (let pass = 0; pass < Number(values.passes); pass++) {
  for (const row of rows) {
    const result = { row: row.name, pass, accounts: accountsOf(row), quick: values.quick, ...(await measure(row)) };
    console.log(JSON.stringify(result));
    measured.push(result);
  }
}
console.log(JSON.stringify({ ...machine(), rows: measured }, null, 2));
