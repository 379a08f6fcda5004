// A chain of 1,000,000 keys: how long a node that was killed is away, and how long its state takes to become a snapshot and a state again. Every
// step is the program as operators call it, with a CometBFT of its own; the restored state must go on with the chain.
// usage: node dist/test/bench/bigState.js [--quick] [--keys 1000000] [--pace 1000] [--kills 3] [--build stock] [--json]

import { mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parseCometBuild } from "../../cmd/hanzod/node/cometBuild.ts";
import type { Home } from "../../cmd/hanzod/node/home.ts";
import { bigStateAccounts, killAndStart, runCommand, startAndStop } from "./bigStateSteps.ts";
import { calibrate, createSenders, machine, runLoad } from "./loadDriver.ts";
import { makeLoadHome, startLoadNode } from "./loadNode.ts";
import { transferRounds } from "./transferRounds.ts";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    keys: { type: "string" },
    pace: { type: "string", default: "1000" },
    kills: { type: "string" },
    build: { type: "string", default: "stock" },
  },
});
const CHAIN_ID = "hanzo-bench-1";
/** An account is its record, its number's, its balance and the holder's entry of its denomination. */
const KEYS_PER_ACCOUNT = 4;
const keys = Number(values.keys ?? (values.quick ? 8000 : 1_000_000));
const kills = Number(values.kills ?? (values.quick ? 1 : 3));
/** Transactions before the first kill: the log holds blocks that no checkpoint has. */
const TXS = values.quick ? 100 : 2000;
/** Sent gently: the first checkpoint is being written meanwhile. */
const PER_SECOND = 100;
/** Longest first start: the genesis is checked and then taken, account by account. */
const GENESIS_MS = 1_800_000;
/** Seconds that a step may take, for 1,000,000 keys. */
const AIMS = { open: 3, firstBlock: 3, snapshot: 30 } as const;

interface Row {
  readonly step: string;
  readonly seconds: number;
  /** CPU time of the processes, as far as it is told. */
  readonly cpuSeconds?: number;
  readonly aimSeconds?: number;
}

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const round = (seconds: number): number => Number(seconds.toFixed(2));
const bytesIn = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

async function makeChain(root: string): Promise<{ readonly home: Home; readonly height: number; readonly row: Row }> {
  const senders = createSenders(TXS);
  say(`making a genesis of ${keys / KEYS_PER_ACCOUNT} accounts`);
  const home = await makeLoadHome(root, {
    chainId: CHAIN_ID,
    senders: [...senders, ...bigStateAccounts(keys / KEYS_PER_ACCOUNT - senders.length)],
    timeoutCommitMs: Number(values.pace),
    cometBuild: parseCometBuild(values.build, "--build"),
  });
  say("starting the chain");
  const started = performance.now();
  const node = await startLoadNode(home);
  await node.reach(2, GENESIS_MS);
  const row = { step: "first start, to height 2", seconds: round((performance.now() - started) / 1000) };
  say(`${row.step}: ${row.seconds} s; sending ${TXS} transfers`);
  const load = await runLoad(node, transferRounds({ senders, chainId: CHAIN_ID, firstSequence: 0, rounds: 1 }), { perSecond: PER_SECOND });
  await node.kill();
  return { home, height: load.to, row };
}

async function measureKills(home: Home, height: number): Promise<{ readonly rows: readonly Row[]; readonly height: number }> {
  const rows: Row[] = [];
  let last = height;
  for (let kill = 1; kill <= kills; kill++) {
    const { open, answers, firstBlock, cpuSeconds, height: reached } = await killAndStart(home, last);
    last = reached;
    rows.push(
      { step: `kill ${kill}: the store is open`, seconds: round(open), aimSeconds: AIMS.open },
      { step: `kill ${kill}: a query is answered`, seconds: round(answers), aimSeconds: AIMS.open },
      { step: `kill ${kill}: first new block`, seconds: round(firstBlock), aimSeconds: AIMS.firstBlock, cpuSeconds: round(cpuSeconds) },
    );
    say(`kill ${kill} of ${kills}: open after ${round(open)} s, first block after ${round(firstBlock)} s`);
  }
  return { rows, height: last };
}

/** Snapshot, loss of the state, restore, and blocks on top of it. */
async function measureSnapshot(home: Home, atLeast: number): Promise<{ readonly rows: readonly Row[]; readonly snapshot: object }> {
  say("writing a snapshot");
  const written = await runCommand(["snapshots", "export", "--home", home.root, "--json"]);
  const { height, chunks } = JSON.parse(written.output) as { readonly height: string; readonly chunks: number };
  const bytes = bytesIn(home.data.snapshots);
  renameSync(home.data.app, `${home.data.app}.lost`);
  say(`restoring it: height ${height}, ${chunks} chunks`);
  const restored = await runCommand(["snapshots", "restore", height, "--home", home.root, "--json"]);
  say("starting on it");
  await startAndStop(home, Math.max(atLeast, Number(height)) + 1);
  const seconds = written.seconds + restored.seconds;
  return {
    rows: [
      { step: "snapshot written", seconds: round(written.seconds), cpuSeconds: round(written.cpuSeconds) },
      { step: "snapshot restored", seconds: round(restored.seconds), cpuSeconds: round(restored.cpuSeconds) },
      {
        step: "snapshot, both together",
        seconds: round(seconds),
        cpuSeconds: round(written.cpuSeconds + restored.cpuSeconds),
        aimSeconds: AIMS.snapshot,
      },
    ],
    snapshot: { height, chunks, bytes },
  };
}

function printTable(rows: readonly Row[]): void {
  const width = Math.max(...rows.map(({ step }) => step.length));
  const cell = (value: number | undefined, unit = " s"): string => (value === undefined ? "" : `${value.toFixed(2)}${unit}`).padStart(10);
  console.log(`${"step".padEnd(width)}${"time".padStart(10)}${"CPU".padStart(10)}${"aim".padStart(10)}`);
  for (const { step, seconds, cpuSeconds, aimSeconds } of rows) {
    const met = aimSeconds === undefined || keys < 1_000_000 ? "" : seconds <= aimSeconds ? "  met" : "  MISSED";
    console.log(`${step.padEnd(width)}${cell(seconds)}${cell(cpuSeconds)}${cell(aimSeconds)}${met}`);
  }
}

const root = mkdtempSync(join(tmpdir(), "hanzo-bigstate-"));
try {
  const before = calibrate();
  const chain = await makeChain(join(root, "home"));
  const killed = await measureKills(chain.home, chain.height);
  const { rows, snapshot } = await measureSnapshot(chain.home, killed.height);
  const all = [chain.row, ...killed.rows, ...rows];
  const calibrationVerifiesPerSecond = [before, calibrate()];
  const document = {
    ...machine(),
    keys,
    paceMs: Number(values.pace),
    build: values.build,
    rows: all,
    snapshot,
    calibrationVerifiesPerSecond,
  };
  if (values.json) console.log(JSON.stringify(document, null, 2));
  else {
    printTable(all);
    console.log(`${keys} keys, blocks paced at ${values.pace} ms, calibration ${calibrationVerifiesPerSecond.join(" and ")} checks/s`);
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
