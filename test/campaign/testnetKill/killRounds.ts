// Kills node after node of a network under load, and proves at the end that all of them tell the same story.
import { setTimeout as sleep } from "node:timers/promises";
import { createRandom } from "../../e2e/harness/random.ts";
import { devAccounts } from "../../e2e/harness/wallet.ts";
import { runLoad } from "../fault/load.ts";
import { BlockWitness } from "./blockWitness.ts";
import { KillNetwork, NODES, type Victim } from "./killNetwork.ts";

/** What is run. */
export interface KillOptions {
  /** Milliseconds for which nodes are killed. */
  readonly durationMs: number;
  /** Kills at most. */
  readonly kills?: number;
  /** Milliseconds from one kill to the next; longer where a node has not caught up yet. */
  readonly everyMs: number;
  readonly seed: number;
  /** Accounts that send through each node, at most 2. */
  readonly senders?: number;
}

/** What came of it. */
export interface KillSummary {
  /** Checks: one per kill, one per height, one per acknowledged state, and the order of the last stop. */
  readonly passed: number;
  readonly failed: number;
  readonly kills: number;
  readonly height: number;
  readonly transactions: number;
}

const VICTIMS: readonly Victim[] = ["app", "comet", "both"];
/** Longest wait for anything that must come; a busy machine is slow. */
const PATIENCE_MS = 300_000;
/** A killed node is down for so many milliseconds at most. */
const DOWN_MS = 2_000;

/** Runs a network, kills, and compares. @throws Error when the network cannot be started */
export async function runKills(options: KillOptions, print: (line: string) => void): Promise<KillSummary> {
  const network = await KillNetwork.start();
  print(`${NODES} validators with CometBFT ${network.builds.join(" and ")} in ${network.root}`);
  const summary = await new KillRun(network, options, print).run().catch(async (error: unknown) => {
    await network.stop(true);
    throw error;
  });
  const codes = await network.stop(summary.failed > 0);
  const isOrderly = codes.every((code) => code === 0);
  if (!isOrderly) print(`FAILED exit codes at the end: ${codes.join(", ")}`);
  if (summary.failed > 0) print(`  homes kept: ${network.root}`);
  return { ...summary, passed: summary.passed + Number(isOrderly), failed: summary.failed + Number(!isOrderly) };
}

class KillRun {
  readonly #network: KillNetwork;
  readonly #options: KillOptions;
  readonly #print: (line: string) => void;
  readonly #witness = new BlockWitness();
  /** State hash by height as each node's application reported it. */
  readonly #acknowledged: readonly Map<number, string>[] = Array.from({ length: NODES }, () => new Map<number, string>());
  #passed = 0;
  #failed = 0;

  constructor(network: KillNetwork, options: KillOptions, print: (line: string) => void) {
    this.#network = network;
    this.#options = options;
    this.#print = print;
  }

  async run(): Promise<KillSummary> {
    await this.#waitUntil("all nodes at height 2", async () => (await this.#heights()).every((height) => height >= 2));
    const until = new AbortController();
    const load = this.#load(until.signal);
    const watch = this.#witness.follow(this.#network.rpcs, until.signal);
    let kills: number;
    try {
      kills = await this.#killInTurn();
    } finally {
      until.abort();
      await Promise.all([load, watch]);
    }
    const height = await this.#meet();
    await this.#compare(height);
    const { transactions } = this.#witness;
    this.#print(`${kills} kills, ${height} heights equal on ${NODES} nodes, ${transactions} committed transactions seen and found again`);
    return { passed: this.#passed, failed: this.#failed, kills, height, transactions };
  }

  /** Two accounts send through each node, so that no sequence is used twice. */
  async #load(until: AbortSignal): Promise<void> {
    const accounts = await devAccounts();
    const { chainId, rpcs } = this.#network;
    await Promise.all(
      rpcs.map((rpc, node) => {
        const scene = { rpc, chainId, accounts: accounts.slice(2 * node, 2 * node + 2), senders: this.#options.senders ?? 2 };
        const acknowledged = this.#acknowledged[node] ?? new Map<number, string>();
        return runLoad({ ...scene, acknowledged }, createRandom(this.#options.seed + node), until);
      }),
    );
  }

  /** @returns the number of kills */
  async #killInTurn(): Promise<number> {
    const { durationMs, everyMs, kills: most = Number.POSITIVE_INFINITY, seed } = this.#options;
    const random = createRandom(seed);
    const begun = performance.now();
    let kills = 0;
    while (kills < most && performance.now() - begun + everyMs <= durationMs) {
      const due = performance.now() + everyMs;
      await sleep(random.below(Math.min(1_000, everyMs)));
      // Every node meets every victim: their numbers have no factor in common.
      await this.#killOne(kills % NODES, VICTIMS[kills % VICTIMS.length] ?? "both", random.below(DOWN_MS));
      kills++;
      await sleep(Math.max(0, due - performance.now()));
    }
    return kills;
  }

  async #killOne(node: number, victim: Victim, downMs: number): Promise<void> {
    const started = performance.now();
    try {
      const before = await this.#network.highest();
      await this.#network.kill(node, victim);
      await sleep(downMs);
      this.#network.revive(node);
      await this.#waitUntil(`node${node} beyond height ${before + 2}`, async () => (await this.#network.height(node)) > before + 2);
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      this.#pass(`node${node}: ${victim} killed at height ${before}, caught up after ${seconds} s`);
    } catch (cause) {
      this.#fail(`node${node}: ${victim}: ${String(cause)}\n${this.#network.output(node)}`);
    }
  }

  /** Waits until every node has a height that none had before. @returns the largest that all have */
  async #meet(): Promise<number> {
    const target = (await this.#network.highest()) + 2;
    await this.#waitUntil(`all nodes at height ${target}`, async () => (await this.#heights()).every((height) => height > target));
    return target;
  }

  #heights(): Promise<number[]> {
    return Promise.all(this.#network.rpcs.map((_, node) => this.#network.height(node)));
  }

  async #compare(height: number): Promise<void> {
    const { rpcs } = this.#network;
    const different = await this.#witness.compare(rpcs, height);
    this.#passed += height - different.length;
    for (const line of different) this.#fail(line);
    const hashes = await this.#witness.stateHashes(rpcs[0] ?? "", height);
    for (const [node, acknowledged] of this.#acknowledged.entries())
      for (const [at, appHash] of acknowledged) {
        if (hashes.get(at) === appHash) this.#passed++;
        else this.#fail(`node${node} acknowledged ${appHash} at height ${at}; it is ${hashes.get(at)}`);
      }
  }

  async #waitUntil(what: string, isSo: () => Promise<boolean>): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!(await isSo())) {
      if (performance.now() > deadline) throw new Error(`${what} expected within ${PATIENCE_MS} ms`);
      await sleep(50);
    }
  }

  #pass(line: string): void {
    this.#passed++;
    this.#print(line);
  }

  #fail(line: string): void {
    this.#failed++;
    this.#print(`FAILED ${line}`);
  }
}
