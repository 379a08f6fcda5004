// What a transfer costs the node by itself: its program driven over the ABCI socket, without CometBFT, CPU time by thread. Two builds take turns
// block by block with the same transactions, and must answer alike.
// usage: node dist/test/bench/app.js [--a dist] [--b other/dist] [--accounts 10000] [--per-block 800] [--warm 20] [--blocks 20] [--burst 48]
//        [--a-flags="--of-node"] [--b-flags=…]

import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { homeLayout } from "../../cmd/hanzod/node/home.ts";
import { type DrivenBlock, DrivenNode } from "./abciDriver.ts";
import { medianOf } from "./latencies.ts";
import { calibrate, createSenders, machine } from "./loadDriver.ts";
import { makeLoadHome } from "./loadNode.ts";
import { cpuBetween, sumCpu, THREAD_KINDS, type ThreadCpu, threadCpuOf } from "./threadCpu.ts";
import { transferRounds } from "./transferRounds.ts";

const { values } = parseArgs({
  options: {
    a: { type: "string", default: join(import.meta.dirname, "../..") },
    b: { type: "string" },
    "a-flags": { type: "string", default: "" },
    "b-flags": { type: "string", default: "" },
    accounts: { type: "string", default: "10000" },
    "per-block": { type: "string", default: "800" },
    warm: { type: "string", default: "20" },
    blocks: { type: "string", default: "20" },
    burst: { type: "string", default: "48" },
  },
});
const CHAIN_ID = "hanzo-bench-1";
const accounts = Number(values.accounts);
const perBlock = Number(values["per-block"]);
const warm = Number(values.warm);
const blocks = Number(values.blocks);
/** Transactions that stay behind after each block. */
const left = Math.floor(perBlock / 4);

interface Side {
  readonly name: "A" | "B";
  readonly node: DrivenNode;
  /** Of each measured block, its threads' time per transfer. */
  readonly spent: ThreadCpu[];
  before: ThreadCpu;
}

/** Every height's transactions; the mempool is never empty. */
function drivenBlocks(txs: readonly Uint8Array[]): readonly DrivenBlock[] {
  return Array.from({ length: warm + blocks }, (_, block) => {
    const [from, to] = [block * perBlock, (block + 1) * perBlock];
    const fresh = txs.slice(block === 0 ? 0 : from + left, to + left);
    return { fresh, txs: txs.slice(from, to), left: txs.slice(to, to + left), burst: Number(values.burst) };
  });
}

async function startSides(
  root: string,
  builds: readonly (readonly [name: "A" | "B", dist: string, flags: string])[],
): Promise<readonly Side[]> {
  const sides: Side[] = [];
  for (const [name, dist, flags] of builds) {
    const home = homeLayout(join(root, name));
    cpSync(join(root, "home"), home.root, { recursive: true });
    const words = flags.split(" ").filter((word) => word !== "");
    const node = await DrivenNode.start(dist, home, words);
    sides.push({ name, node, spent: [], before: threadCpuOf(node.pid) });
  }
  return sides;
}

async function drive(sides: readonly Side[], txs: readonly Uint8Array[]): Promise<void> {
  for (const [height, block] of drivenBlocks(txs).entries()) {
    const answers = new Set<string>();
    for (const side of height % 2 === 0 ? sides : [...sides].reverse()) answers.add(await side.node.block(block));
    if (answers.size !== 1) throw new Error(`the builds answer differently at height ${height + 1}`);
    for (const side of sides) {
      const now = threadCpuOf(side.node.pid);
      if (height >= warm) side.spent.push(cpuBetween(side.before, now));
      side.before = now;
    }
  }
}

const sum = (all: readonly number[]): number => all.reduce((total, each) => total + each, 0);
const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

/** Microseconds of a transfer, by kind of thread, over all measured blocks. */
function figuresOf({ spent }: Side): Readonly<Record<string, number>> {
  const perTransfer = (pick: (cpu: ThreadCpu) => number): number => rounded(sum(spent.map(pick)) / (spent.length * perBlock), 1);
  return Object.fromEntries([["all", perTransfer(sumCpu)], ...THREAD_KINDS.map((kind) => [kind, perTransfer((cpu) => cpu[kind])])]);
}

/** B over A: the median of the blocks' ratios, and the ratio of the sums, in which rare collections count. */
function ratiosOf(a: Side, b: Side): object {
  const ratio = (pick: (cpu: ThreadCpu) => number): object => ({
    median: rounded(medianOf(a.spent.map((cpu, at) => pick(b.spent[at] ?? cpu) / pick(cpu))), 3),
    sums: rounded(sum(b.spent.map(pick)) / sum(a.spent.map(pick)), 3),
  });
  return { all: ratio(sumCpu), main: ratio((cpu) => cpu.main) };
}

const root = mkdtempSync(join(tmpdir(), "hanzo-bench-app-"));
let sides: readonly Side[] = [];
try {
  const senders = createSenders(accounts);
  await makeLoadHome(join(root, "home"), { chainId: CHAIN_ID, senders, timeoutCommitMs: 0 });
  const rounds = Math.ceil(((warm + blocks) * perBlock + left) / accounts);
  const txs = transferRounds({ senders, chainId: CHAIN_ID, firstSequence: 0, rounds }).flatMap((round) =>
    round.map((tx) => new Uint8Array(Buffer.from(tx, "base64"))),
  );
  const calibration = calibrate();
  const builds = [
    ["A", values.a, values["a-flags"]] as const,
    ...(values.b === undefined ? [] : [["B", values.b, values["b-flags"]] as const]),
  ];
  sides = await startSides(root, builds);
  await drive(sides, txs);
  const figures = Object.fromEntries(sides.map((side) => [side.name, figuresOf(side)]));
  const [a, b] = sides;
  const ratios = a === undefined || b === undefined ? {} : { "B/A": ratiosOf(a, b) };
  const load = { accounts, perBlock, warm, blocks, calibration: [calibration, calibrate()] };
  console.log(JSON.stringify({ ...machine(), ...load, microsecondsPerTransfer: figures, ...ratios }, undefined, 2));
} finally {
  for (const { node } of sides) await node.stop();
  rmSync(root, { recursive: true, force: true });
}
