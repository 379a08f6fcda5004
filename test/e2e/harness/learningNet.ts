// Four validators on this machine that compute aggregates on different backends, with rounds of minutes instead of hours.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BackendName } from "#kernels";
import { GenesisState } from "#proto/hanzo/experience/v1/genesis";
import { descriptors } from "../../../app/descriptorImage.ts";
import { toProtoJson } from "../../../app/encoding/protoJson.ts";
import { CHAIN, LOCAL_CHAIN_ID } from "../../../app/hanzo.ts";
import { localOperator, OPERATOR_KEY } from "../../../cmd/hanzod/genesis/founder.ts";
import { createTestnet, PORTS_PER_NODE, type TestnetNode } from "../../../cmd/hanzod/testnet/createTestnet.ts";
import { LOCAL_PARAMS, localExperienceGenesis } from "../../../modules/experience/index.ts";
import type { TestAccount } from "../../harness/accounts.ts";
import { message, type TestMessage } from "../../harness/signTx.ts";
import { hanzodOk } from "../cli/hanzod.ts";
import { findBasePort } from "./network.ts";
import { CHECKOUT, type NodeProcess, spawnNode } from "./nodeProcess.ts";
import { makePatient } from "./patientNode.ts";
import { type BlockTx, broadcast, waitForHeight, waitForTx } from "./rpc.ts";
import { signAs } from "./wallet.ts";

const BLOCK_MS = 250;
/** Commands of four operators on a busy machine take a while: windows are wide enough for them. */
const WINDOWS = {
  commitBlocks: 40n,
  revealBlocks: 40n,
  voteBlocks: 60n,
  voteRevealBlocks: 60n,
  aggregateDelayBlocks: 10n,
  challengeBlocks: 120n,
} as const;
/** Where the optional libraries are, if `scripts/kernels.sh` has installed them. */
export const KERNEL_MODULES = join(CHECKOUT, ".cache/kernels");
/** Backends that the validators try, in their order; what is not there is passed over. */
const PREFERENCES: readonly (readonly BackendName[])[] = [["wasm"], ["reference"], ["tensorflow", "wasm"], ["webgpu", "wasm"]];
const GAS = 1_500_000n;
const FEE = 10n ** 14n;

/** One validator. */
export interface Learner extends TestnetNode {
  readonly rpc: string;
  readonly rest: string;
  /** Account of its operator (bech32). */
  readonly account: string;
  readonly process: NodeProcess;
}

/** The network. */
export interface LearningNet {
  readonly learners: readonly Learner[];
  /** Runs a command of `hanzod experience` on a validator's home. @returns what it answered with `--json` */
  run<T>(at: Learner, ...words: readonly string[]): Promise<T>;
  /** The same signed by its operator. */
  sign<T>(at: Learner, ...words: readonly string[]): Promise<T>;
  /** Sends one transaction of each account, spread over the nodes, and waits for their blocks. @throws Error when one fails */
  sendAll(messages: readonly (readonly [account: TestAccount, messages: readonly TestMessage[]])[]): Promise<readonly BlockTx[]>;
  stop(): Promise<void>;
}

/** Makes the homes and starts the nodes. @param root empty folder */
export async function startLearners(root: string): Promise<LearningNet> {
  const validators = PREFERENCES.length;
  const basePort = await findBasePort(validators * PORTS_PER_NODE);
  const nodes = await createTestnet({ root, validators, basePort, chainId: LOCAL_CHAIN_ID, timeoutCommitMs: BLOCK_MS });
  for (const { home } of nodes) {
    await hasten(home.config.genesis);
    await makePatient(home);
  }
  const learners = await Promise.all(
    nodes.map(async (node, index): Promise<Learner> => {
      const rpc = `http://127.0.0.1:${node.ports.rpc}`;
      const { address: account } = await localOperator(index);
      // Four nodes share this machine: queries wait for blocks rather than for threads.
      const backends = (PREFERENCES[index] ?? []).join(",");
      const settings = ["--kernels.backends", backends, "--kernels.modules", KERNEL_MODULES, "--query-workers", "0"];
      const process = spawnNode({ home: node.home, rpc }, settings);
      return { ...node, rpc, rest: `http://127.0.0.1:${node.ports.rest}`, account, process };
    }),
  );
  const stop = async (): Promise<void> => void (await Promise.all(learners.map(({ process }) => process.end("SIGTERM"))));
  try {
    await Promise.all(learners.map(({ process }) => process.ready()));
  } catch (error) {
    await stop();
    throw error;
  }
  const run = async <T>(at: Learner, ...words: readonly string[]): Promise<T> =>
    JSON.parse(await hanzodOk(["experience", ...words, "--home", at.home.root, "--json"])) as T;
  return {
    learners,
    run,
    sign: (at, ...words) => run(at, ...words, "--from", OPERATOR_KEY, "--keyring-backend", "test"),
    async sendAll(all) {
      const found = await Promise.all(all.map(([account, messages], i) => sendOne(learners[i % validators] as Learner, account, messages)));
      // A transaction that one node has seen in a block is news to another.
      const height = Math.max(...found.map((tx) => tx.height));
      await Promise.all(learners.map(({ rpc }) => waitForHeight(rpc, height)));
      return found;
    },
    stop,
  };
}

async function sendOne({ rpc }: Learner, account: TestAccount, messages: readonly TestMessage[]): Promise<BlockTx> {
  const fee = [{ denom: CHAIN.baseDenom, amount: FEE.toString() }];
  const tx = await signAs({ rpc, chainId: LOCAL_CHAIN_ID }, account, messages, { gas: GAS, fee });
  const { code, hash, log } = await broadcast(rpc, tx);
  assert.equal(code, 0, log);
  const found = await waitForTx(rpc, hash);
  assert.equal(found.code, 0, `${hash}: ${found.codespace}/${found.code}`);
  return found;
}

export { message };

/** A registry with schema v1, one domain and short windows. */
async function hasten(path: string): Promise<void> {
  const genesis = JSON.parse(await readFile(path, "utf8")) as { app_state: Record<string, unknown> };
  const state = GenesisState.encode(GenesisState.fromPartial(localExperienceGenesis({ ...LOCAL_PARAMS, ...WINDOWS }))).finish();
  genesis.app_state["experience"] = toProtoJson(descriptors(), GenesisState.$type, state);
  await writeFile(path, JSON.stringify(genesis));
}
