// Four validators with the market's clocks set short, as an operator would make them: `hanzod testnet`, the genesis file edited before the start.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readAppConfig, writeAppConfig } from "../../../cmd/hanzod/config/appConfig.ts";
import { PORTS_PER_NODE, type TestnetNode, testnetNodes } from "../../../cmd/hanzod/testnet/createTestnet.ts";
import { hanzodOk, type RunningCommand, startHanzod } from "../cli/hanzod.ts";
import { findBasePort } from "./network.ts";
import { makePatient } from "./patientNode.ts";
import { waitForHeight } from "./rpc.ts";

/** A running network. */
export interface MarketNet {
  readonly chainId: string;
  /** CometBFT's RPC of every node. */
  readonly rpcs: readonly string[];
  /** REST API of every node. */
  readonly rests: readonly string[];
  /** Everybody who owns something at genesis. */
  readonly owners: readonly string[];
  readonly command: RunningCommand;
  /** Stops the nodes and removes their homes. @returns exit code of the command */
  stop(): Promise<number | null>;
}

/** What a network is made of. */
export interface MarketNetOptions {
  readonly validators: number;
  /** Wait after each block, in milliseconds. */
  readonly blockMs: number;
  /** Parameters of the market that differ from the defaults, as genesis files write them. */
  readonly params: Readonly<Record<string, string | number>>;
}

const CHAIN_ID = "hanzo-market-1";
/** An audit of every height may fall behind. */
const SETTINGS = { pruning: "custom", "pruning-keep-recent": 10_000 } as const;

async function setParams(nodes: readonly TestnetNode[], params: MarketNetOptions["params"]): Promise<void> {
  for (const { home } of nodes) {
    const genesis = JSON.parse(await readFile(home.config.genesis, "utf8")) as { app_state: { hmm: { params: object } } };
    Object.assign(genesis.app_state.hmm.params, params);
    await writeFile(home.config.genesis, JSON.stringify(genesis));
    writeAppConfig(home, { ...readAppConfig(home), ...SETTINGS });
    await makePatient(home);
  }
}

async function ownersOf([node]: readonly TestnetNode[]): Promise<readonly string[]> {
  if (node === undefined) return [];
  const genesis = JSON.parse(await readFile(node.home.config.genesis, "utf8")) as {
    app_state: { bank: { balances: readonly { address: string }[] } };
  };
  return genesis.app_state.bank.balances.map(({ address }) => address);
}

/** Makes and starts a network; the ten development accounts own native tokens. Resolves when every node has made its second block. */
export async function startMarketNet({ validators, blockMs, params }: MarketNetOptions): Promise<MarketNet> {
  const root = await mkdtemp(join(tmpdir(), "hz-mkt-"));
  const remove = (): Promise<void> => rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  const basePort = await findBasePort(PORTS_PER_NODE * validators);
  const nodes = testnetNodes({ root, validators, basePort });
  const words = ["testnet", "--validators", `${validators}`, "--home", root, "--base-port", `${basePort}`];
  const more = ["--block-time", `${blockMs}`, "--chain-id", CHAIN_ID];
  try {
    await hanzodOk([...words, ...more, "--no-start"]);
    await setParams(nodes, params);
    const owners = await ownersOf(nodes);
    const command = startHanzod([...words, ...more]);
    const rpcs = nodes.map(({ ports }) => `http://127.0.0.1:${ports.rpc}`);
    const stop = async (): Promise<number | null> => {
      const code = await command.end("SIGINT");
      await remove();
      return code;
    };
    try {
      await Promise.race([
        Promise.all(rpcs.map((rpc) => waitForHeight(rpc, 2))),
        command.exited.then((code) => Promise.reject(new Error(`hanzod testnet ended with ${code}:\n${command.stdout}${command.stderr}`))),
      ]);
    } catch (error) {
      await stop();
      throw error;
    }
    return { chainId: CHAIN_ID, rpcs, rests: nodes.map(({ ports }) => `http://127.0.0.1:${ports.rest}`), owners, command, stop };
  } catch (error) {
    await remove();
    throw error;
  }
}
