import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CliError } from "../../shared/cliError.ts";
import { cometBinary } from "../command/cometBinary.ts";
import { genesisText } from "../command/genesisFile.ts";
import { addLocalOperator, fundLocalAccounts } from "../command/init.ts";
import { DEFAULT_APP_CONFIG, writeAppConfig } from "../config/appConfig.ts";
import { createChainGenesis } from "../genesis/chainGenesis.ts";
import type { Founder } from "../genesis/founder.ts";
import { peerMemo } from "../genesis/genTx.ts";
import type { CometBuild } from "../node/cometBuild.ts";
import { type CometIdentity, initCometHome, writeCometConfig } from "../node/cometConfig.ts";
import { type Home, homeLayout } from "../node/home.ts";

/** A network of validators on one machine. */
export interface TestnetOptions {
  /** Folder that gets `node0`, `node1`, … */
  readonly root: string;
  readonly validators: number;
  /** First of the ports; see {@link testnetPorts}. */
  readonly basePort: number;
  readonly chainId: string;
  readonly timeoutCommitMs: number;
  /** Builds of CometBFT that the nodes use in turn; the default one when empty. */
  readonly cometBuilds?: readonly CometBuild[];
}

/** A node of the network. */
export interface TestnetNode {
  readonly name: string;
  readonly home: Home;
  readonly ports: TestnetPorts;
}

/** Ports of one node. */
export interface TestnetPorts {
  readonly rpc: number;
  readonly p2p: number;
  readonly rest: number;
  readonly grpc: number;
}

const HOST = "127.0.0.1";
/** Ports that a node of the network takes. */
export const PORTS_PER_NODE = 4;

/** Node i listens on base + 4·i (RPC), + 1 (peers), + 2 (REST) and + 3 (gRPC). */
export function testnetPorts(basePort: number, index: number): TestnetPorts {
  const rpc = basePort + PORTS_PER_NODE * index;
  return { rpc, p2p: rpc + 1, rest: rpc + 2, grpc: rpc + 3 };
}

/** The nodes of a network, whether or not their homes exist. @throws CliError when the ports would not do */
export function testnetNodes({
  root,
  validators,
  basePort,
}: Pick<TestnetOptions, "root" | "validators" | "basePort">): readonly TestnetNode[] {
  const last = basePort + PORTS_PER_NODE * validators - 1;
  if (last > 65_535)
    throw new CliError(`${validators} nodes need ports ${basePort} to ${last}`, {
      why: "ports end at 65535",
      next: "choose a lower --base-port",
    });
  return Array.from({ length: validators }, (_, index) => ({
    name: `node${index}`,
    home: homeLayout(join(root, `node${index}`)),
    ports: testnetPorts(basePort, index),
  }));
}

/**
 * Writes the homes: one genesis with all validators and the funded development accounts, every node with all others as peers.
 * @throws CliError when one of the homes has a genesis file already; nothing is overwritten
 */
export async function createTestnet(options: TestnetOptions): Promise<readonly TestnetNode[]> {
  const nodes = testnetNodes(options);
  const taken = nodes.find(({ home }) => existsSync(home.config.genesis));
  if (taken !== undefined)
    throw new CliError(`${taken.home.root} is initialised already`, {
      why: `${taken.home.config.genesis} is there`,
      next: "choose another --home",
    });
  const binary = await cometBinary();
  const identities = await Promise.all(nodes.map(({ home }) => initCometHome(binary, home)));
  const accounts = await Promise.all(nodes.map(({ home }) => fundLocalAccounts(home)));
  const peers = nodes.map(({ ports }, index) => peerMemo(identityAt(identities, index).nodeId, HOST, ports.p2p));
  const founders = await Promise.all(
    nodes.map(async ({ name, home }, index): Promise<Founder> => {
      const { validatorPublicKey: publicKey } = identityAt(identities, index);
      return { moniker: name, publicKey, operator: await addLocalOperator(home, index), memo: peers[index] ?? "" };
    }),
  );
  const genesis = createChainGenesis({
    chainId: options.chainId,
    genesisTime: new Date().toISOString(),
    founders,
    accounts: accounts[0] ?? [],
  });
  const text = genesisText(genesis);
  const { cometBuilds = [] } = options;
  for (const [index, { name, home, ports }] of nodes.entries()) {
    const cometBuild = cometBuilds[index % cometBuilds.length];
    writeFileSync(home.config.genesis, text, { mode: 0o644 });
    await writeCometConfig(home, {
      moniker: name,
      abciAddress: `unix://${home.run.abciSocket}`,
      rpc: { host: HOST, port: ports.rpc, corsAllowedOrigins: ["*"] },
      p2p: { host: HOST, port: ports.p2p, localNetwork: true, persistentPeers: peers.filter((_, other) => other !== index) },
      timeoutCommitMs: options.timeoutCommitMs,
    });
    writeAppConfig(home, {
      ...DEFAULT_APP_CONFIG,
      ...(cometBuild === undefined ? {} : { "comet-build": cometBuild }),
      "api.address": { host: HOST, port: ports.rest },
      "api.enabled-unsafe-cors": true,
      "grpc.address": { host: HOST, port: ports.grpc },
    });
  }
  return nodes;
}

function identityAt(identities: readonly CometIdentity[], index: number): CometIdentity {
  const identity = identities[index];
  if (identity === undefined) throw new Error(`identity of node ${index} expected`);
  return identity;
}
