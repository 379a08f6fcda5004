// The steps of the benchmark of a large state, each in processes of their own.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { CHAIN } from "../../app/hanzo.ts";
import { createAddressCodec } from "../../app/sdk/index.ts";
import { call, latestHeight } from "../../cmd/hanzod/job/followBlocks.ts";
import type { Home } from "../../cmd/hanzod/node/home.ts";
import type { Sender } from "./loadDriver.ts";
import { startLoadNode, usageOf } from "./loadNode.ts";

const HANZOD = join(import.meta.dirname, "../../cmd/hanzod/main.js");
/** Milliseconds between two looks. */
const EVERY_MS = 20;
const PATIENCE_MS = 300_000;
const ADDRESS_BYTES = 20;

/** Accounts that nobody has a key of. */
export function bigStateAccounts(count: number): readonly Pick<Sender, "address">[] {
  const codec = createAddressCodec(CHAIN.bech32Prefix);
  const bytesOf = (index: number): Uint8Array => createHash("sha256").update(`account ${index}`).digest().subarray(0, ADDRESS_BYTES);
  return Array.from({ length: Math.max(0, count) }, (_, index) => ({ address: codec.format(new Uint8Array(bytesOf(index))) }));
}

/** Seconds from the start of a node after SIGKILL. */
export interface AwayTimes {
  /** Until its log says that the store is open. */
  readonly open: number;
  /** Until CometBFT answers a query of the state. */
  readonly answers: number;
  /** Until there is a block that was not there before. */
  readonly firstBlock: number;
  /** CPU time of node and CometBFT until then. */
  readonly cpuSeconds: number;
  /** Last height before the node was killed again. */
  readonly height: number;
}

/** Starts a node whose processes were killed, waits for a block above `height`, and kills it again. */
export async function killAndStart(home: Home, height: number): Promise<AwayTimes> {
  const started = performance.now();
  const since = (): number => (performance.now() - started) / 1000;
  let open = Number.NaN;
  const node = await startLoadNode(home, "hanzod", (line) => {
    if (line.includes("the store is open")) open = since();
    else if (/ (warn|error) /.test(line)) process.stderr.write(`${line}\n`);
  });
  const before = await soon(() => latestHeight(node.rpc));
  await soon(() => call(node.rpc, "abci_info"));
  const answers = since();
  // Blocks that were decided before the kill are replayed, and there at once.
  const target = Math.max(before, height) + 1;
  await soon(async () => {
    if ((await latestHeight(node.rpc)) < target) throw new Error(`no block ${target}`);
  });
  const firstBlock = since();
  const cpuSeconds = usageOf(node.pid).cpuSeconds + usageOf(node.cometPid() ?? node.pid).cpuSeconds;
  const last = await latestHeight(node.rpc);
  await node.kill();
  return { open, answers, firstBlock, cpuSeconds, height: last };
}

/** Starts a node, waits for a height and stops it in order. */
export async function startAndStop(home: Home, height: number): Promise<void> {
  const node = await startLoadNode(home, "hanzod", () => undefined);
  await node.reach(height);
  await node.stop();
}

/** Runs a command of the program. @returns what it printed, and its time and CPU time in seconds */
export async function runCommand(
  words: readonly string[],
): Promise<{ readonly output: string; readonly seconds: number; readonly cpuSeconds: number }> {
  const used = childrenCpu();
  const started = performance.now();
  const { stdout } = await promisify(execFile)(process.execPath, ["--max-semi-space-size=64", HANZOD, ...words]);
  return { output: stdout, seconds: (performance.now() - started) / 1000, cpuSeconds: childrenCpu() - used };
}

/** CPU seconds of all children that have ended (Linux: 100 ticks per second). */
function childrenCpu(): number {
  const fields = readFileSync("/proc/self/stat", "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

/** Asks until there is an answer. */
async function soon<T>(ask: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await ask();
    } catch (thrown) {
      if (performance.now() > deadline) throw thrown;
      await sleep(EVERY_MS);
    }
  }
}
