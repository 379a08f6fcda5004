// Four validators on this machine, each a `hanzod start` with a CometBFT of its own, on a genesis where what takes days takes seconds.
import { readFile, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { GenesisState as GovGenesis } from "#proto/cosmos/gov/v1/genesis";
import { GenesisState as SlashingGenesis } from "#proto/cosmos/slashing/v1beta1/genesis";
import { descriptors } from "../../../app/descriptorImage.ts";
import { toProtoJson } from "../../../app/encoding/protoJson.ts";
import { CHAIN, LOCAL_CHAIN_ID } from "../../../app/hanzo.ts";
import { createAddressCodec } from "../../../app/sdk/index.ts";
import { readAppConfig, writeAppConfig } from "../../../cmd/hanzod/config/appConfig.ts";
import { localOperator, OPERATOR_KEY } from "../../../cmd/hanzod/genesis/founder.ts";
import { createTestnet, PORTS_PER_NODE, type TestnetNode } from "../../../cmd/hanzod/testnet/createTestnet.ts";
import { defaultParams as govDefaults } from "../../../modules/gov/params.ts";
import { DEFAULT_PARAMS as SLASHING_DEFAULTS } from "../../../modules/slashing/params.ts";
import { hanzodOk } from "../cli/hanzod.ts";
import { findBasePort } from "./network.ts";
import { type NodeProcess, spawnNode } from "./nodeProcess.ts";
import { makePatient } from "./patientNode.ts";

/** Name of the upgrade that only the later release knows. */
export const NEXT_RELEASE = "next-release";
/** The program of the later release. */
export const NEXT_PROGRAM = fileURLToPath(new URL("nextRelease.js", import.meta.url));

const VALIDATORS = 4;
/** Least time between two blocks. */
export const BLOCK_MS = 250;
const SETTINGS = {
  // Blocks between two snapshots, and how many stay: a joining node first looks around for five seconds.
  "state-sync.snapshot-interval": 20,
  "state-sync.snapshot-keep-recent": 20,
} as const;
/** A validator that misses more than half of so many blocks is jailed, for so long. */
export const WINDOW_BLOCKS = 40n;
const JAIL_SECONDS = 3n;
export const VOTING_SECONDS = 20n;

/** One validator. */
export interface Validator extends TestnetNode {
  readonly rpc: string;
  /** Account of its operator, and the same as operator. */
  readonly account: string;
  readonly operator: string;
  process: NodeProcess;
}

/** The network. */
export interface ValidatorNet {
  readonly validators: readonly Validator[];
  /** Runs a command of `hanzod` on a validator's home. @returns what it answered */
  ask(at: Validator, ...words: readonly string[]): Promise<unknown>;
  /** Sends a transaction and waits until it is in a block. @param from name of a key @returns its height and events */
  send(at: Validator, from: string, ...words: readonly string[]): Promise<SentTx>;
  /** Starts a validator that has stopped. @param later with the program of the later release */
  start(validator: Validator, later?: boolean): Promise<void>;
  stop(): Promise<void>;
}

/** A transaction in a block. */
export interface SentTx {
  readonly height: number;
  readonly events: readonly { readonly type: string; readonly attributes: readonly { readonly key: string; readonly value: string }[] }[];
}

/** Makes the homes and starts the nodes. @param root empty folder */
export async function startValidators(root: string): Promise<ValidatorNet> {
  const basePort = await findBasePort(VALIDATORS * PORTS_PER_NODE);
  const nodes = await createTestnet({ root, validators: VALIDATORS, basePort, chainId: LOCAL_CHAIN_ID, timeoutCommitMs: BLOCK_MS });
  for (const { home } of nodes) {
    await hasten(home.config.genesis);
    writeAppConfig(home, { ...readAppConfig(home), ...SETTINGS });
    await makePatient(home);
  }
  const address = createAddressCodec(CHAIN.bech32Prefix);
  const validators = await Promise.all(
    nodes.map(async (node, index): Promise<Validator> => {
      const rpc = `http://127.0.0.1:${node.ports.rpc}`;
      const { address: account } = await localOperator(index);
      const operator = address.operator.format(address.parse(account));
      return { ...node, rpc, account, operator, process: spawnNode({ home: node.home, rpc }) };
    }),
  );
  await Promise.all(validators.map((validator) => validator.process.ready()));
  return {
    validators,
    ask: async (at, ...words) => JSON.parse(await hanzodOk([...words, "--home", at.home.root])) as unknown,
    async send(at, from, ...words) {
      const options = ["--from", from, "--keyring-backend", "test", "--home", at.home.root, "--wait", "--json"];
      return JSON.parse(await hanzodOk(["tx", ...words, ...options])) as SentTx;
    },
    async start(validator, later = false) {
      validator.process = spawnNode(validator, [], {}, later ? NEXT_PROGRAM : undefined);
      await validator.process.ready();
    },
    async stop() {
      await Promise.all(validators.map(({ process: running }) => running.end("SIGTERM")));
    },
  };
}

/** Key of a validator's operator in its home. */
export const OPERATOR = OPERATOR_KEY;

/** Short windows and periods, as genesis parameters. */
async function hasten(path: string): Promise<void> {
  const genesis = JSON.parse(await readFile(path, "utf8")) as { app_state: Record<string, unknown> };
  const slashing = SlashingGenesis.fromPartial({
    params: { ...SLASHING_DEFAULTS, signedBlocksWindow: WINDOW_BLOCKS, downtimeJailDuration: { seconds: JAIL_SECONDS, nanos: 0 } },
  });
  const gov = GovGenesis.fromPartial({
    startingProposalId: 1n,
    params: {
      ...govDefaults(CHAIN),
      votingPeriod: { seconds: VOTING_SECONDS, nanos: 0 },
      expeditedVotingPeriod: { seconds: VOTING_SECONDS / 2n, nanos: 0 },
    },
  });
  genesis.app_state["slashing"] = toProtoJson(descriptors(), SlashingGenesis.$type, SlashingGenesis.encode(slashing).finish());
  genesis.app_state["gov"] = toProtoJson(descriptors(), GovGenesis.$type, GovGenesis.encode(gov).finish());
  await writeFile(path, JSON.stringify(genesis));
}

/** Looks until something is there. @param what for the error */
export async function waitUntil<T>(what: string, look: () => Promise<T | undefined>, timeoutMs = 180_000): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`${what} expected within ${timeoutMs} ms`);
    await sleep(100);
  }
}
