// A node for the throughput benchmarks: large blocks, a mempool that holds everything, no API, cheap gas.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { CHAIN } from "../../app/hanzo.ts";
import { cometBinary } from "../../cmd/hanzod/command/cometBinary.ts";
import { DEFAULT_APP_CONFIG, writeAppConfig } from "../../cmd/hanzod/config/appConfig.ts";
import { createChainGenesis, type GenesisAccount } from "../../cmd/hanzod/genesis/chainGenesis.ts";
import { localOperator } from "../../cmd/hanzod/genesis/founder.ts";
import { waitForHeight } from "../../cmd/hanzod/job/followBlocks.ts";
import type { CometBuild } from "../../cmd/hanzod/node/cometBuild.ts";
import { type CometIdentity, getCometListener, initCometHome, writeCometConfig } from "../../cmd/hanzod/node/cometConfig.ts";
import { type Home, homeLayout } from "../../cmd/hanzod/node/home.ts";
import { findFreePorts } from "../../cmd/hanzod/node/ports.ts";
import type { Sender } from "./loadDriver.ts";

/** Native base units of every sender: 10⁻⁶ AI. */
const DEFAULT_COINS = [{ denom: CHAIN.baseDenom, amount: "1000000000000" }];

/** Genesis document as far as benchmarks change it. */
export interface LoadGenesis {
  readonly consensus_params: { readonly block: object };
  readonly app_state: { readonly hmm: Readonly<Record<string, unknown>> };
}

/** How the chain of a benchmark is made. */
export interface LoadHomeOptions {
  readonly chainId: string;
  /** Accounts of the genesis, in the order of their numbers. */
  readonly senders: readonly Pick<Sender, "address">[];
  /** Wait after each block, in milliseconds. */
  readonly timeoutCommitMs: number;
  /** Build of CometBFT; the default one when left out. */
  readonly cometBuild?: CometBuild;
  /** What the sender at a place owns; 10⁻⁶ AI when left out. */
  readonly coinsOf?: (index: number) => GenesisAccount["coins"];
  /** Last change to the genesis document. */
  readonly change?: (genesis: LoadGenesis) => LoadGenesis;
}

/** The part of a load node's home that belongs to CometBFT: keys, and settings without a genesis. */
export async function makeCometHome(home: Home, options: Pick<LoadHomeOptions, "timeoutCommitMs" | "cometBuild">): Promise<CometIdentity> {
  const identity = await initCometHome(await cometBinary(options.cometBuild), home);
  const [rpc = 0, p2p = 0] = await findFreePorts(2);
  await writeCometConfig(home, {
    abciAddress: `unix://${home.run.abciSocket}`,
    rpc: { port: rpc },
    p2p: { port: p2p },
    timeoutCommitMs: options.timeoutCommitMs,
    mempoolSize: 200_000,
    txIndexer: "null",
  });
  const config = readFileSync(home.config.comet, "utf8")
    .replace(/^cache_size = 10000$/m, "cache_size = 400000")
    .replace(/^max_txs_bytes = .*$/m, "max_txs_bytes = 1073741824");
  writeFileSync(home.config.comet, config);
  return identity;
}

/** Writes a home whose only validator is the node itself. */
export async function makeLoadHome(root: string, options: LoadHomeOptions): Promise<Home> {
  const { chainId, senders, coinsOf = () => DEFAULT_COINS, change = (genesis) => genesis } = options;
  const home = homeLayout(root);
  const identity = await makeCometHome(home, options);
  writeAppConfig(home, {
    ...DEFAULT_APP_CONFIG,
    ...(options.cometBuild === undefined ? {} : { "comet-build": options.cometBuild }),
    "minimum-gas-prices": "0.025aai",
    "api.enable": false,
    "grpc.enable": false,
    // As with the reference chains of the benchmarks, whose index is off.
    "tx-index.events": false,
  });
  const genesis = createChainGenesis({
    chainId,
    genesisTime: new Date().toISOString(),
    founders: [{ moniker: "bench", publicKey: identity.validatorPublicKey, operator: await localOperator(0), memo: "" }],
    accounts: senders.map((sender, index) => ({ address: sender.address, coins: coinsOf(index) })),
  }) as LoadGenesis;
  const changed = change(genesis);
  const document = { ...changed, consensus_params: { ...changed.consensus_params, block: { max_bytes: "4194304", max_gas: "-1" } } };
  writeFileSync(home.config.genesis, JSON.stringify(document));
  return home;
}

/** A running node. */
export interface LoadNode {
  readonly rpc: string;
  readonly pid: number;
  /** CometBFT's process, a child of the node; undefined where it runs inside the node's process. */
  cometPid(): number | undefined;
  /** Waits for a height, five minutes when no time is given. @throws Error when the node ends before */
  reach(height: number, patienceMs?: number): Promise<void>;
  stop(): Promise<void>;
  /** SIGKILL, for the node and its CometBFT. */
  kill(): Promise<void>;
}

/** Longest wait for a height: a large genesis takes its time. */
const PATIENCE_MS = 300_000;

/**
 * A node in a process of its own, so that the load generator's work is not counted as the node's.
 *
 * @param words program and arguments.
 * @param cometPid CometBFT's process, where it is another one.
 * @param heard told every line of the node's log; when left out they go on to standard error.
 */
export async function spawnLoadNode(
  home: Home,
  words: readonly string[],
  cometPid: () => number | undefined,
  environment: NodeJS.ProcessEnv = {},
  heard: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
): Promise<LoadNode> {
  const [program = "", ...rest] = words;
  const child = spawn(program, rest, { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, ...environment } });
  createInterface({ input: child.stderr }).on("line", heard);
  const { host, port } = await getCometListener(home, "rpc.laddr");
  const ended = once(child, "exit");
  const failed = ended.then(() => {
    throw new Error(`${words.join(" ")} ended with ${child.exitCode ?? child.signalCode}`);
  });
  // Heard only by those who wait for a height.
  failed.catch(() => undefined);
  const rpc = `http://${host}:${port}`;
  const pid = child.pid ?? 0;
  return {
    rpc,
    pid,
    cometPid,
    reach: (height, patienceMs = PATIENCE_MS) => Promise.race([waitForHeight(rpc, height, patienceMs), failed]),
    async stop() {
      child.kill("SIGINT");
      await ended;
    },
    async kill() {
      for (const each of [pid, cometPid()]) if (each !== undefined) process.kill(each, "SIGKILL");
      await ended;
    },
  };
}

/** The variable of main.ts's first line. */
const ENVIRONMENT = { MALLOC_ARENA_MAX: "2" };

/**
 * Our node, with the flags of main.ts's first line.
 *
 * @param program `nullapp` runs an application that does nothing in place of the chain: what CometBFT and the socket alone allow.
 * @param heard as of {@link spawnLoadNode}.
 */
export function startLoadNode(home: Home, program: "hanzod" | "nullapp" = "hanzod", heard?: (line: string) => void): Promise<LoadNode> {
  const words =
    program === "hanzod"
      ? [join(import.meta.dirname, "../../cmd/hanzod/main.js"), "start", "--home", home.root, "--quiet"]
      : [join(import.meta.dirname, "nullNode.js"), home.root];
  return spawnLoadNode(home, [process.execPath, "--max-semi-space-size=64", ...words], () => cometPidOf(home), ENVIRONMENT, heard);
}

function cometPidOf(home: Home): number {
  const { pid } = JSON.parse(readFileSync(home.run.cometPid, "utf8")) as { readonly pid: number };
  return pid;
}

/** What a process has used. */
export interface Usage {
  readonly cpuSeconds: number;
  /** Resident memory now. */
  readonly rssMiB: number;
}

/** CPU seconds and resident MiB of a process (Linux: 100 ticks per second). */
export function usageOf(pid: number): Usage {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  const rssKiB = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "0";
  return { cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100, rssMiB: Math.round(Number(rssKiB) / 1024) };
}
