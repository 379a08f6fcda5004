// A chain under attack: its node in a process of its own, what the node acknowledged, and the twin that says what is right.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { cometBinary } from "../../../cmd/hanzod/command/cometBinary.ts";
import { setInAppToml } from "../../../cmd/hanzod/config/formatAppToml.ts";
import { findRunning } from "../../../cmd/hanzod/node/processIdentity.ts";
import { type ChainHome, createChainHome } from "../../e2e/harness/chainHome.ts";
import { writeFailingComet } from "../../e2e/harness/failingComet.ts";
import { killComet, type NodeProcess, spawnNode } from "../../e2e/harness/nodeProcess.ts";
import { appHead, waitForHeight } from "../../e2e/harness/rpc.ts";
import { devAccounts } from "../../e2e/harness/wallet.ts";
import type { TestAccount } from "../../harness/accounts.ts";
import { type Random, runLoad } from "./load.ts";
import { Twin } from "./twin.ts";

/** Milliseconds between blocks. */
const BLOCK_MS = 40;
/** Checkpoints come and the log is pruned within seconds. */
const SETTINGS = { FAIL_TEST_CHECKPOINTS: "4" };
const PRUNING = [
  ["pruning", "custom"],
  ["pruning-keep-recent", 6],
] as const;
const BARE = [
  ["query-workers", 0],
  ["signature-worker", false],
  ["api.enable", false],
  ["grpc.enable", false],
] as const;
/** Longest wait for anything that must come; a busy machine is slow. */
export const PATIENCE_MS = 300_000;

/** One chain with its node. */
export class FaultChain {
  readonly chain: ChainHome;
  readonly accounts: readonly TestAccount[];
  /** State hash by height, as the application reported it after its commit. */
  readonly acknowledged = new Map<number, string>();
  /** Milliseconds from the start of each process until its RPC answered. */
  readonly readyMs: number[] = [];
  readonly #twin: Twin;
  #node: NodeProcess | undefined;

  private constructor(chain: ChainHome, accounts: readonly TestAccount[], twin: Twin) {
    this.chain = chain;
    this.accounts = accounts;
    this.#twin = twin;
  }

  /** @param folder where the home is made @param isBare leaves out threads and APIs: the other half of what nodes are, and a start is cheaper */
  static async create(folder?: string, isBare = false): Promise<FaultChain> {
    const chain = await createChainHome(BLOCK_MS, "hanzo-fault-1", folder);
    const file = chain.home.config.app;
    let toml = await readFile(file, "utf8");
    for (const [key, value] of [...PRUNING, ...(isBare ? BARE : [])]) toml = setInAppToml(toml, key, value);
    await writeFile(file, toml);
    return new FaultChain(chain, await devAccounts(), await Twin.open(chain.home.config.genesis));
  }

  /** What the node's process printed so far. */
  get output(): string {
    return this.#node?.output() ?? "";
  }

  /** The running node. */
  get node(): NodeProcess {
    return this.#node ?? assert.fail("the node runs");
  }

  /** Whether the node's process lives. */
  get isRunning(): boolean {
    const child = this.#node?.child;
    return child !== undefined && child.exitCode === null && child.signalCode === null;
  }

  /** Height and state hash of the node's application; a machine that is starved may need several calls for it. */
  async head(): ReturnType<typeof appHead> {
    return this.#patiently(() => appHead(this.chain.rpc));
  }

  /** Repeats a call that was not answered in time, as long as the node runs. */
  async #patiently<T>(call: () => Promise<T>): Promise<T> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      try {
        return await call();
      } catch (error) {
        const isLate = error instanceof Error && error.name === "TimeoutError";
        if (!isLate || !this.isRunning || performance.now() > deadline) throw error;
      }
    }
  }

  /** Waits for so many more heights. */
  async grow(blocks: number): Promise<void> {
    await waitForHeight(this.chain.rpc, (await this.head()).height + blocks, PATIENCE_MS);
  }

  /** Starts the node without waiting for it. A node that runs is stopped in order first. */
  async spawn(env: Readonly<Record<string, string>> = {}, extra: readonly string[] = []): Promise<NodeProcess> {
    await this.stop();
    this.#node = spawnNode(this.chain, extra, { ...SETTINGS, ...env });
    return this.#node;
  }

  /** Starts the node and waits until it answers. */
  async start(env?: Readonly<Record<string, string>>, extra?: readonly string[]): Promise<void> {
    const started = performance.now();
    await (await this.spawn(env, extra)).ready();
    this.readyMs.push(performance.now() - started);
  }

  /** Stops the node in order, if it runs. */
  async stop(): Promise<void> {
    const node = this.#node;
    this.#node = undefined;
    if (node === undefined || node.child.exitCode !== null || node.child.signalCode !== null) return;
    assert.equal(await node.end("SIGTERM"), 0, `an ordinary stop:\n${node.output()}`);
  }

  /** Ends the node's process at once. @param withComet CometBFT too, at the same moment */
  async kill(withComet = false): Promise<void> {
    if (withComet) await killComet(this.chain);
    await this.node.end("SIGKILL");
  }

  /** Process id of CometBFT, undefined while it does not run. */
  async cometPid(): Promise<number | undefined> {
    return (await findRunning(await readFile(this.chain.home.run.cometPid, "utf8").catch(() => "")))?.pid;
  }

  /** Transactions until `during` ends. */
  async load<T>(random: Random, during: () => Promise<T>): Promise<T> {
    const until = new AbortController();
    const running = runLoad({ ...this.chain, accounts: this.accounts, acknowledged: this.acknowledged }, random, until.signal);
    try {
      return await during();
    } finally {
      until.abort();
      await running;
    }
  }

  /** Resolves with the exit code, null after a signal, when the node's process is over. */
  async ended(what: string): Promise<number | null> {
    const code = await Promise.race([this.node.exited, sleep(PATIENCE_MS, "late" as const, { ref: false })]);
    if (code === "late") assert.fail(`${what}: the node still runs after ${PATIENCE_MS} ms:\n${this.output}`);
    return code;
  }

  /** The running chain has every acknowledged height, goes on, and is what its twin says at every height. */
  async verify(): Promise<void> {
    const { rpc } = this.chain;
    const highest = Math.max(0, ...this.acknowledged.keys());
    await waitForHeight(rpc, highest + 2, PATIENCE_MS).catch((error: unknown) => {
      throw new Error(`after the fault: ${String(error)}\n${this.output}`);
    });
    const { height } = await this.head();
    await this.#patiently(() => this.#twin.follow(rpc, height - 1));
    for (const [at, appHash] of this.acknowledged)
      assert.equal(this.#twin.appHash(at), appHash, `state acknowledged at height ${at}, and the twin's`);
    // Compared once; heights below are final.
    for (const at of [...this.acknowledged.keys()]) if (at < height - 1) this.acknowledged.delete(at);
  }

  /** Height of the twin: everything up to it was compared. */
  get height(): number {
    return this.#twin.height;
  }

  /** A program that starts CometBFT with each of these fail points once, and afterwards without one. */
  async cometFailing(...indexes: readonly number[]): Promise<string> {
    return writeFailingComet(this.chain.home.root, await cometBinary(), indexes);
  }

  /** Ends everything. @param keep leaves the home for whoever looks into a failure */
  async remove(keep = false): Promise<void> {
    await this.#node?.end("SIGKILL");
    await killComet(this.chain);
    if (!keep) await this.chain.remove();
  }
}
