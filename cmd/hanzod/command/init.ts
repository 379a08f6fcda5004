import { existsSync, writeFileSync } from "node:fs";
import { Command } from "commander";
import { CHAIN, LOCAL_CHAIN_ID } from "../../../app/hanzo.ts";
import { CliError } from "../../shared/cliError.ts";
import { DEFAULT_APP_CONFIG, writeAppConfig } from "../config/appConfig.ts";
import { createChainGenesis, type GenesisAccount } from "../genesis/chainGenesis.ts";
import { LOCAL_BALANCE, LOCAL_MNEMONIC, localAddresses } from "../genesis/localAccounts.ts";
import { openKeyring } from "../keyring/keyring.ts";
import { initCometHome, writeCometConfig } from "../node/cometConfig.ts";
import type { Home } from "../node/home.ts";
import { cometBinary } from "./cometBinary.ts";
import { type CommonOptions, homeOf, outputOf, parsePort, withCommonOptions } from "./options.ts";

/** What `init` is told. */
export interface InitOptions {
  readonly chainId: string;
  readonly moniker: string;
  /** Fund the accounts of the public development phrase and allow any web page: for local chains. */
  readonly local: boolean;
  readonly ports: { readonly rpc: number; readonly p2p: number; readonly rest: number; readonly grpc: number };
  readonly timeoutCommitMs: number;
}

/** The usual ports of CometBFT and of the APIs. */
export const DEFAULT_PORTS = { rpc: 26_657, p2p: 26_656, rest: 1317, grpc: 9090 } as const;

/** `hanzod init`: keys, settings and genesis of a one-validator chain. */
export function initCommand(): Command {
  return withCommonOptions(new Command("init"))
    .description("make the folder of a new node: keys, settings and a genesis file with this node as validator")
    .argument("[moniker]", "name shown to peers", "hanzo-node")
    .option("--chain-id <id>", "name of the chain", LOCAL_CHAIN_ID)
    .option("--local", `fund ten accounts of the public phrase "test … junk" and allow any web page: for local chains only`)
    .option("--rpc-port <port>", "CometBFT's RPC", parsePort, DEFAULT_PORTS.rpc)
    .option("--p2p-port <port>", "CometBFT's peers", parsePort, DEFAULT_PORTS.p2p)
    .option("--rest-port <port>", "REST API", parsePort, DEFAULT_PORTS.rest)
    .option("--grpc-port <port>", "gRPC API", parsePort, DEFAULT_PORTS.grpc)
    .action(
      async (
        moniker: string,
        options: CommonOptions & { chainId: string; local?: boolean; rpcPort: number; p2pPort: number; restPort: number; grpcPort: number },
      ) => {
        const home = homeOf(options);
        const local = options.local === true;
        await initHome(home, {
          chainId: options.chainId,
          moniker,
          local,
          ports: { rpc: options.rpcPort, p2p: options.p2pPort, rest: options.restPort, grpc: options.grpcPort },
          timeoutCommitMs: 1000,
        });
        const next = `hanzod start --home ${home.root}`;
        outputOf(options).result(
          { home: home.root, chainId: options.chainId, genesis: home.config.genesis, next },
          `made a node of ${options.chainId} in ${home.root}\n  next: ${next}`,
        );
      },
    );
}

/** Makes a home. @throws CliError when it has a genesis file already; nothing is overwritten */
export async function initHome(home: Home, options: InitOptions): Promise<void> {
  if (existsSync(home.config.genesis)) {
    throw new CliError(`${home.root} is initialised already`, {
      why: `${home.config.genesis} is there`,
      next: `hanzod start --home ${home.root}`,
    });
  }
  requireChainId(options.chainId);
  requireDistinctPorts(options.ports);
  const identity = await initCometHome(await cometBinary(), home);
  const { ports, local } = options;
  await writeCometConfig(home, {
    moniker: options.moniker,
    abciAddress: `unix://${home.run.abciSocket}`,
    rpc: { port: ports.rpc, ...(local ? { corsAllowedOrigins: ["*"] } : {}) },
    p2p: { port: ports.p2p, localNetwork: local },
    timeoutCommitMs: options.timeoutCommitMs,
  });
  writeAppConfig(home, {
    ...DEFAULT_APP_CONFIG,
    "api.address": { host: "127.0.0.1", port: ports.rest },
    "api.enabled-unsafe-cors": local,
    "grpc.address": { host: "127.0.0.1", port: ports.grpc },
  });
  const validator = { name: options.moniker, address: identity.validatorAddress, publicKey: identity.validatorPublicKey, power: 10n };
  const accounts = local ? await fundLocalAccounts(home) : [];
  const genesis = createChainGenesis({
    chainId: options.chainId,
    genesisTime: new Date().toISOString(),
    validators: [validator],
    accounts,
  });
  writeFileSync(home.config.genesis, `${JSON.stringify(genesis, null, 2)}\n`, { mode: 0o644 });
}

/** The ten development accounts as genesis accounts; their keys go into the home's test keyring as dev0 … dev9. */
export async function fundLocalAccounts(home: Home): Promise<readonly GenesisAccount[]> {
  const keyring = openKeyring(home.root, "test");
  const addresses = await localAddresses();
  for (let index = 0; index < addresses.length; index++) await keyring.add(`dev${index}`, LOCAL_MNEMONIC, "", index);
  return addresses.map((address) => ({ address, coins: [{ denom: CHAIN.baseDenom, amount: LOCAL_BALANCE.toString() }] }));
}

function requireDistinctPorts(ports: InitOptions["ports"]): void {
  const { rpc, p2p, rest, grpc } = ports;
  if (new Set([rpc, p2p, rest, grpc]).size < 4) {
    throw new CliError("two parts of the node would listen on the same port", {
      why: `four different ports are expected, got --rpc-port ${rpc}, --p2p-port ${p2p}, --rest-port ${rest}, --grpc-port ${grpc}`,
      next: "choose other ports",
    });
  }
}

function requireChainId(chainId: string): void {
  if (!/^[a-zA-Z0-9][a-zA-Z0-9._-]{2,49}$/.test(chainId)) {
    throw new CliError(`"${chainId}" cannot be a chain's name`, {
      why: "3 to 50 letters, digits, '.', '_' or '-' are expected; wallets like {name}-{number}",
    });
  }
}
