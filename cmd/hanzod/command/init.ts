import { existsSync, writeFileSync } from "node:fs";
import { Command } from "commander";
import { CHAIN, LOCAL_CHAIN_ID } from "../../../app/hanzo.ts";
import { CliError } from "../../shared/cliError.ts";
import { DEFAULT_APP_CONFIG, writeAppConfig } from "../config/appConfig.ts";
import { createChainGenesis, type GenesisAccount } from "../genesis/chainGenesis.ts";
import { type Founder, OPERATOR_KEY, operatorIndex, operatorOf, operatorOfPhrase } from "../genesis/founder.ts";
import { type GenTxSigner, peerMemo } from "../genesis/genTx.ts";
import { chainSettings, type ImportedGenesis, readImportedGenesis } from "../genesis/importedGenesis.ts";
import { LOCAL_BALANCE, LOCAL_MNEMONIC, localAddresses } from "../genesis/localAccounts.ts";
import { openKeyring } from "../keyring/keyring.ts";
import { newPhrase } from "../keyring/privateKey.ts";
import { initCometHome, writeCometConfig } from "../node/cometConfig.ts";
import type { Home } from "../node/home.ts";
import { cometBinary } from "./cometBinary.ts";
import { genesisText } from "./genesisFile.ts";
import { type CommonOptions, homeOf, outputOf, parsePort, withCommonOptions } from "./options.ts";

/** What `init` is told. */
export interface InitOptions {
  readonly chainId: string;
  readonly moniker: string;
  /** Fund the accounts of the public development phrase and allow any web page: for local chains. */
  readonly local: boolean;
  /** False leaves the chain without a validator: founders add their transactions. Default true. */
  readonly validator?: boolean;
  readonly ports: { readonly rpc: number; readonly p2p: number; readonly rest: number; readonly grpc: number };
  readonly timeoutCommitMs: number;
  /** The chain that somebody else's genesis begins; a new one of Hanzo Network when left out. */
  readonly imported?: ImportedGenesis;
}

/** The usual ports of CometBFT and of the APIs. */
export const DEFAULT_PORTS = { rpc: 26_657, p2p: 26_656, rest: 1317, grpc: 9090 } as const;

/** `hanzod init`: keys, settings and genesis of a one-validator chain. */
export function initCommand(): Command {
  return withCommonOptions(new Command("init"))
    .description("make the folder of a new node: keys, settings and a genesis file with this node as validator")
    .argument("[moniker]", "name shown to peers", "hanzo-node")
    .option("--chain-id <id>", "name of the chain", LOCAL_CHAIN_ID)
    .option("--no-validator", "a chain without a validator yet: add accounts, collect the transactions of several founders")
    .option("--local", `fund ten accounts of the public phrase "test … junk" and allow any web page: for local chains only`)
    .option("--from-sdk-genesis <file>", "begin with the genesis file of a Cosmos SDK chain: its modules, prefix and denominations")
    .option("--skip <modules>", "with --from-sdk-genesis: modules whose state may be left out, separated by commas")
    .option("--rpc-port <port>", "CometBFT's RPC", parsePort, DEFAULT_PORTS.rpc)
    .option("--p2p-port <port>", "CometBFT's peers", parsePort, DEFAULT_PORTS.p2p)
    .option("--rest-port <port>", "REST API", parsePort, DEFAULT_PORTS.rest)
    .option("--grpc-port <port>", "gRPC API", parsePort, DEFAULT_PORTS.grpc)
    .action(async (moniker: string, options: InitFlags) => {
      const home = homeOf(options);
      const local = options.local === true;
      const imported = await readImportedGenesis(options.fromSdkGenesis, { skip: options.skip, draft: !options.validator });
      const chainId = imported?.document.chain_id ?? options.chainId;
      const phrase = await initHome(home, {
        ...(imported === undefined ? {} : { imported }),
        chainId,
        moniker,
        local,
        validator: options.validator,
        ports: { rpc: options.rpcPort, p2p: options.p2pPort, rest: options.restPort, grpc: options.grpcPort },
        timeoutCommitMs: 1000,
      });
      const isReady = options.validator;
      const next = isReady ? `hanzod start --home ${home.root}` : `hanzod genesis gentx KEY AMOUNT --home ${home.root}`;
      const result = { home: home.root, chainId, genesis: home.config.genesis, next };
      const made = `made a node of ${chainId} in ${home.root}`;
      if (phrase === undefined) outputOf(options).result(result, `${made}\n  next: ${next}`);
      else outputOf(options).result({ ...result, mnemonic: phrase }, [made, ...phraseLines(phrase), `  next: ${next}`].join("\n"));
    });
}

type InitFlags = CommonOptions & {
  readonly chainId: string;
  readonly validator: boolean;
  readonly local?: boolean;
  readonly fromSdkGenesis?: string;
  readonly skip?: string;
  readonly rpcPort: number;
  readonly p2pPort: number;
  readonly restPort: number;
  readonly grpcPort: number;
};

function phraseLines(phrase: string): readonly string[] {
  return [
    "",
    `recovery phrase of the account that operates its validator, shown only now; keep it with: hanzod keys add ${OPERATOR_KEY} --recover`,
    phrase,
    "",
  ];
}

/**
 * Makes a home.
 * @returns the recovery phrase of its validator's operator, which is written nowhere; undefined where there is no validator, and for a local chain,
 * whose test keyring has the key
 * @throws CliError when it has a genesis file already; nothing is overwritten
 */
export async function initHome(home: Home, options: InitOptions): Promise<string | undefined> {
  if (existsSync(home.config.genesis)) {
    throw new CliError(`${home.root} is initialised already`, {
      why: `${home.config.genesis} is there`,
      next: `hanzod start --home ${home.root}`,
    });
  }
  requireChainId(options.chainId);
  requireDistinctPorts(options.ports);
  const identity = await initCometHome(await cometBinary(), home);
  const { ports, local, imported } = options;
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
    ...(imported === undefined ? {} : chainSettings(imported)),
  });
  if (imported !== undefined) {
    writeFileSync(home.config.genesis, genesisText(imported.document), { mode: 0o644 });
    return undefined;
  }
  const accounts = local ? await fundLocalAccounts(home) : [];
  const phrase = local || options.validator === false ? undefined : newPhrase();
  const founder = async (): Promise<Founder> => ({
    moniker: options.moniker,
    publicKey: identity.validatorPublicKey,
    operator: phrase === undefined ? await addLocalOperator(home, 0) : await operatorOfPhrase(phrase),
    memo: peerMemo(identity.nodeId, "127.0.0.1", ports.p2p),
  });
  const genesis = createChainGenesis({
    chainId: options.chainId,
    genesisTime: new Date().toISOString(),
    founders: options.validator === false ? [] : [await founder()],
    accounts,
  });
  writeFileSync(home.config.genesis, genesisText(genesis), { mode: 0o644 });
  return phrase;
}

/** Puts the key of the operator of a local node's validator into the home's test keyring. @param node which of the public phrase's operators */
export async function addLocalOperator(home: Home, node: number): Promise<GenTxSigner> {
  const keyring = openKeyring(home.root, "test");
  // A home that is made again keeps its keys.
  if (!keyring.list().some(({ name }) => name === OPERATOR_KEY)) await keyring.add(OPERATOR_KEY, LOCAL_MNEMONIC, "", operatorIndex(node));
  return operatorOf(await keyring.privateKey(OPERATOR_KEY, ""));
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
