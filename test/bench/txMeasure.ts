// Measures one row of the throughput table on a chain of its own.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { latestHeight } from "../../cmd/hanzod/job/followBlocks.ts";
import type { Home } from "../../cmd/hanzod/node/home.ts";
import { countFailed } from "./failedTxs.ts";
import { medianOf } from "./latencies.ts";
import { calibrate, createSenders, type LoadResult, runLoad, type Sender } from "./loadDriver.ts";
import { loadFiguresOf } from "./loadFigures.ts";
import { type LoadNode, makeLoadHome, startLoadNode, usageOf } from "./loadNode.ts";
import { makeReferenceHome, startReferenceNode } from "./referenceNode.ts";
import { measureSwapLoad } from "./swapLoad.ts";
import { transferRounds } from "./transferRounds.ts";
import type { RowFigures } from "./txRatios.ts";
import { RATE, referenceOf, type TxRow } from "./txRows.ts";

const CHAIN_ID = "hanzo-bench-1";
/** Most transactions of a row: with 100,000 accounts not everyone sends. Of swaps there are three loads. */
const MOST_TXS = { send: 40_000, swap: 20_000 } as const;
/** Transfers before those that count: no chain's first ones are like its others, and Node compiles in them what all others run. */
const WARM_UP_TXS = 10_000;
/** Transactions before a node is killed. */
const TXS_BEFORE_KILL = 2000;
const KILLS = 5;
/** Longest wait for one answer. */
const PATIENCE_MS = 60_000;

/** Between a chain's first blocks and its load. */
const SETTLE_MS = 10_000;
/** Seconds at the fixed rate before those that count: a chain under way is what has a rate, and nobody's first blocks are like its others. */
const WARM_UP_SECONDS = 10;

/** How large the rows are. */
export interface RowScale {
  /** Transactions of every sender, at most. */
  readonly each: number;
  /** Sends no longer than so many seconds, so that a slow chain's row ends too. */
  readonly mostSeconds: number;
  /** How long rows with a fixed rate send. */
  readonly rateSeconds: number;
  /** Accounts in place of the row's. */
  readonly accounts?: number;
}

/** Accounts of a row. */
export const accountsOf = (row: TxRow, scale: RowScale): number => scale.accounts ?? row.accounts;

/** A chain that is not running yet: ours, ours with an application that does nothing, or the reference. */
interface Chain {
  start(): Promise<LoadNode>;
}

async function makeChain(row: TxRow, root: string, senders: readonly Sender[]): Promise<Chain> {
  const options = { chainId: CHAIN_ID, senders, timeoutCommitMs: row.paceMs };
  const home = join(root, "home");
  const reference = referenceOf(row);
  if (reference !== undefined) {
    const made = await makeReferenceHome(home, reference, options);
    return { start: () => startReferenceNode(made, reference) };
  }
  const made: Home = await makeLoadHome(home, {
    ...options,
    ...(row.build === "stock" || row.build === "hanzo" ? { cometBuild: row.build } : {}),
  });
  return { start: () => startLoadNode(made, row.kind === "null" ? "nullapp" : "hanzod") };
}

async function withChain<T>(row: TxRow, senders: readonly Sender[], measure: (chain: Chain) => Promise<T>): Promise<T> {
  const root = mkdtempSync(join(tmpdir(), "hanzo-bench-"));
  try {
    return await measure(await makeChain(row, root, senders));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const sendersByCount = new Map<number, readonly Sender[]>();
/** Makes senders once for all rows: a hundred thousand keys take seconds. */
function sendersOf(count: number): readonly Sender[] {
  const senders = sendersByCount.get(count) ?? createSenders(count);
  sendersByCount.set(count, senders);
  return senders;
}

/** Transfers as fast as the chain takes them. */
function measureSend(row: TxRow, scale: RowScale): Promise<RowFigures> {
  const senders = sendersOf(accountsOf(row, scale));
  const warmUp = Math.min(WARM_UP_TXS, senders.length);
  const total = warmUp + Math.min(MOST_TXS.send, senders.length * scale.each);
  const active = senders.slice(0, total);
  const rounds = transferRounds({ senders: active, chainId: CHAIN_ID, firstSequence: 0, rounds: Math.ceil(total / active.length) });
  const [first = [], ...others] = rounds;
  return withSettled(row, senders, async (node) => {
    await runLoad(node, [first.slice(0, warmUp)]);
    return runLoad(node, [first.slice(warmUp), ...others], { mostSeconds: scale.mostSeconds });
  });
}

/** Transfers at the fixed rate. */
function measureRate(row: TxRow, scale: RowScale): Promise<RowFigures> {
  const senders = sendersOf(accountsOf(row, scale));
  const pace = { perSecond: RATE };
  const warmUp = RATE * WARM_UP_SECONDS;
  const total = warmUp + RATE * scale.rateSeconds;
  const rounds = transferRounds({ senders, chainId: CHAIN_ID, firstSequence: 0, rounds: Math.ceil(total / senders.length) });
  const txs = rounds.flat().slice(0, total);
  return withSettled(row, senders, async (node) => {
    await runLoad(node, [txs.slice(0, warmUp)], pace);
    return runLoad(node, [txs.slice(warmUp)], pace);
  });
}

/** The figures of a load on a chain that has settled. */
function withSettled(row: TxRow, senders: readonly Sender[], run: (node: LoadNode) => Promise<LoadResult>): Promise<RowFigures> {
  return withChain(row, senders, async (chain) => {
    const node = await chain.start();
    try {
      await node.reach(2);
      // No node has its users in the second after its genesis, whose reading fills the memory of all chains.
      await sleep(SETTLE_MS);
      const load = await run(node);
      // A block is there before its results are; those of the block before are then too.
      await node.reach(load.to + 1);
      return { ...loadFiguresOf([load]), failed: await countFailed(node.rpc, load.from, load.to) };
    } finally {
      await node.stop();
    }
  });
}

/** Kills node and CometBFT after a load and measures the time until the next start has made a new block: the median of some. */
function measureKill(row: TxRow, scale: RowScale): Promise<RowFigures> {
  const senders = sendersOf(accountsOf(row, scale));
  const active = senders.slice(0, TXS_BEFORE_KILL);
  const rounds = transferRounds({ senders: active, chainId: CHAIN_ID, firstSequence: 0, rounds: 1 });
  return withChain(row, senders, async (chain) => {
    let node = await chain.start();
    try {
      await node.reach(2);
      await sleep(SETTLE_MS);
      await runLoad(node, rounds);
      const before = calibrate();
      const seconds: number[] = [];
      const cpuSeconds: number[] = [];
      for (let kill = 0; kill < KILLS; kill++) {
        // As soon as a block is there: a later kill may come after another block, which then counts as new.
        const height = (await latestHeight(node.rpc, PATIENCE_MS)) + 1;
        await node.reach(height);
        await node.kill();
        const started = performance.now();
        node = await chain.start();
        await node.reach(height + 1);
        seconds.push((performance.now() - started) / 1000);
        cpuSeconds.push(cpuSecondsOf(node));
      }
      return {
        secondsToNewBlock: Number(medianOf(seconds).toFixed(2)),
        cpuSecondsToNewBlock: Number(medianOf(cpuSeconds).toFixed(2)),
        calibrationVerifiesPerSecond: [before, calibrate()],
      };
    } finally {
      await node.stop();
    }
  });
}

function cpuSecondsOf({ pid, cometPid }: LoadNode): number {
  return [pid, cometPid()].reduce((sum: number, each) => sum + (each === undefined ? 0 : usageOf(each).cpuSeconds), 0);
}

/** Swaps and as many transfers. The figures at the top are the swaps'. */
async function measureSwap(row: TxRow, scale: RowScale): Promise<RowFigures> {
  const accounts = accountsOf(row, scale);
  const senders = Math.min(accounts, MOST_TXS.swap);
  const each = Math.max(1, Math.min(scale.each, Math.floor(MOST_TXS.swap / senders)));
  const cometBuild = row.build === "hanzo" ? "hanzo" : "stock";
  const { send, swap, ratio } = await measureSwapLoad({ accounts, senders, each, passes: 1, timeoutCommitMs: row.paceMs, cometBuild });
  return { ...swap, ...{ overTransfers: ratio, transfers: send } };
}

/** Measures a row: some ten seconds in small, at most some three minutes. */
export function measureRow(row: TxRow, scale: RowScale): Promise<RowFigures> {
  if (row.kind === "kill") return measureKill(row, scale);
  if (row.kind === "rate") return measureRate(row, scale);
  return row.kind === "swap" ? measureSwap(row, scale) : measureSend(row, scale);
}
