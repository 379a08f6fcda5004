// A node for the throughput benchmarks: large blocks, a mempool that holds everything, no API, cheap gas.
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHAIN } from "../../app/hanzo.ts";
import { cometBinary } from "../../cmd/hanzod/command/cometBinary.ts";
import { DEFAULT_APP_CONFIG, writeAppConfig } from "../../cmd/hanzod/config/appConfig.ts";
import { createChainGenesis, type GenesisAccount } from "../../cmd/hanzod/genesis/chainGenesis.ts";
import type { CometBuild } from "../../cmd/hanzod/node/cometBuild.ts";
import { getCometListener, initCometHome, writeCometConfig } from "../../cmd/hanzod/node/cometConfig.ts";
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
  readonly senders: readonly Sender[];
  /** Wait after each block, in milliseconds. */
  readonly timeoutCommitMs: number;
  /** Build of CometBFT; the default one when left out. */
  readonly cometBuild?: CometBuild;
  /** What every sender owns; 10⁻⁶ AI when left out. */
  readonly coins?: GenesisAccount["coins"];
  /** Last change to the genesis document. */
  readonly change?: (genesis: LoadGenesis) => LoadGenesis;
}

/** Writes a home whose only validator is the node itself. */
export async function makeLoadHome(root: string, options: LoadHomeOptions): Promise<Home> {
  const { chainId, senders, timeoutCommitMs, coins = DEFAULT_COINS, change = (genesis) => genesis } = options;
  const home = homeLayout(root);
  const identity = await initCometHome(await cometBinary(options.cometBuild), home);
  const [rpc = 0, p2p = 0] = await findFreePorts(2);
  await writeCometConfig(home, {
    abciAddress: `unix://${home.run.abciSocket}`,
    rpc: { port: rpc },
    p2p: { port: p2p },
    timeoutCommitMs,
    mempoolSize: 200_000,
    txIndexer: "null",
  });
  const config = readFileSync(home.config.comet, "utf8")
    .replace(/^cache_size = 10000$/m, "cache_size = 400000")
    .replace(/^max_txs_bytes = .*$/m, "max_txs_bytes = 1073741824");
  writeFileSync(home.config.comet, config);
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
    validators: [{ name: "bench", address: identity.validatorAddress, publicKey: identity.validatorPublicKey, power: 10n }],
    accounts: senders.map((sender) => ({ address: sender.address, coins })),
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
  /** CometBFT's process, a child of the node. */
  cometPid(): number;
  stop(): Promise<void>;
  /** SIGKILL, for the node and its CometBFT. */
  kill(): Promise<void>;
}

/**
 * A node in a process of its own, so that the load generator's work is not counted as the node's; with the flags of main.ts's first line.
 *
 * @param program `nullapp` runs an application that does nothing in place of the chain: what CometBFT and the socket alone allow.
 */
export async function startLoadNode(home: Home, program: "hanzod" | "nullapp" = "hanzod"): Promise<LoadNode> {
  const words =
    program === "hanzod"
      ? [join(import.meta.dirname, "../../cmd/hanzod/main.js"), "start", "--home", home.root, "--quiet"]
      : [join(import.meta.dirname, "nullNode.js"), home.root];
  const child = spawn(process.execPath, ["--max-semi-space-size=64", ...words], { stdio: ["ignore", "ignore", "inherit"] });
  const { host, port } = await getCometListener(home, "rpc.laddr");
  const ended = new Promise<void>((done) => child.once("exit", () => done()));
  return {
    rpc: `http://${host}:${port}`,
    pid: child.pid ?? 0,
    cometPid: () => cometPidOf(home),
    async stop() {
      child.kill("SIGINT");
      await ended;
    },
    async kill() {
      const comet = cometPidOf(home);
      child.kill("SIGKILL");
      process.kill(comet, "SIGKILL");
      await ended;
    },
  };
}

function cometPidOf(home: Home): number {
  const { pid } = JSON.parse(readFileSync(home.run.cometPid, "utf8")) as { readonly pid: number };
  return pid;
}

/** CPU seconds and resident MiB of a process (Linux: 100 ticks per second). */
export function usageOf(pid: number): { readonly cpuSeconds: number; readonly rssMiB: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  const rssKiB = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "0";
  return { cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100, rssMiB: Math.round(Number(rssKiB) / 1024) };
}
