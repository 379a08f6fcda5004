// Rounds of faults, ten to a chain, several chains at a time. A round follows from its seed and its number, so one line repeats it.
import { createRandom } from "../../e2e/harness/random.ts";
import { damageFaults } from "./damageFaults.ts";
import { FaultChain } from "./faultChain.ts";
import type { FaultKind, Outcome } from "./faultKind.ts";
import { fullDiskFault } from "./fullDisk.ts";
import { ioFaults } from "./ioFaults.ts";
import { killFaults } from "./killFaults.ts";

/** Rounds on one chain. */
export const ROUNDS_PER_CHAIN = 10;

/** What is run. */
export interface CampaignOptions {
  readonly rounds: number;
  /** Rounds that an earlier run has done; whole chains are left out. */
  readonly from?: number;
  /** Seed of the first chain; the next ones count on. */
  readonly seed: number;
  /** Name or group of the faults that are meant; all when left out. */
  readonly only: string | undefined;
  /** Milliseconds that a node may take from its start to its first answer. */
  readonly readyBoundMs: number;
  /** Chains at a time. */
  readonly jobs?: number;
  /** When aborted, no further round begins. */
  readonly signal?: AbortSignal;
}

/** What came of it. */
export interface CampaignSummary {
  readonly passed: number;
  readonly failed: number;
  /** Rounds by kind and outcome. */
  readonly counts: ReadonlyMap<string, number>;
  readonly slowestReadyMs: number;
  /** Heights compared with the twin. */
  readonly heights: number;
  /** The first round that was not done; the number of rounds when all were. */
  readonly next: number;
}

/** The faults that this machine can make. */
async function possibleFaults(only: string | undefined, print: (line: string) => void): Promise<readonly FaultKind[]> {
  const canFill = await fullDiskFault.isPossible();
  if (!canFill) print("disk:full is left out: no file system can be mounted here");
  const all = [...killFaults, ...ioFaults, ...damageFaults, ...(canFill ? [fullDiskFault] : [])];
  // Neighbours in the list are alike; a stride mixes them within each chain. It has no factor in common with the length.
  let stride = 13;
  while (all.length % stride === 0) stride += 1;
  const mixed = all.map((_, index) => all[(index * stride) % all.length]).filter((kind) => kind !== undefined);
  return mixed.filter(({ name }) => only === undefined || name === only || name.startsWith(`${only}:`));
}

/** Runs the rounds; a round that fails is told with the line that repeats it, and the next one has a new chain. */
export async function runCampaign(options: CampaignOptions, print: (line: string) => void): Promise<CampaignSummary> {
  const kinds = await possibleFaults(options.only, print);
  if (kinds.length === 0) throw new Error(`no fault is called "${options.only}"`);
  return new Campaign(options, kinds, print).run();
}

class Campaign {
  readonly #options: CampaignOptions;
  readonly #kinds: readonly FaultKind[];
  readonly #print: (line: string) => void;
  readonly #counts = new Map<string, number>();
  readonly #begun = performance.now();
  /** Chains that were begun and are not over. */
  readonly #running = new Set<number>();
  #next: number;
  #passed = 0;
  #failed = 0;
  #heights = 0;
  #slowestReadyMs = 0;

  constructor(options: CampaignOptions, kinds: readonly FaultKind[], print: (line: string) => void) {
    this.#options = options;
    this.#kinds = kinds;
    this.#print = print;
    this.#next = Math.floor((options.from ?? 0) / ROUNDS_PER_CHAIN);
  }

  async run(): Promise<CampaignSummary> {
    const { jobs = 1, rounds } = this.#options;
    const work = async (): Promise<void> => {
      while (this.#next * ROUNDS_PER_CHAIN < rounds && !this.#isStopped) {
        const chain = this.#next++;
        this.#running.add(chain);
        if (await this.#runChain(chain)) this.#running.delete(chain);
        if (!this.#isStopped) this.#report();
      }
    };
    await Promise.all(Array.from({ length: jobs }, work));
    return {
      passed: this.#passed,
      failed: this.#failed,
      counts: this.#counts,
      slowestReadyMs: this.#slowestReadyMs,
      heights: this.#heights,
      next: this.#firstUndone,
    };
  }

  get #isStopped(): boolean {
    return this.#options.signal?.aborted === true;
  }

  /** Chains are begun in order, so that everything below the lowest that runs is done. */
  get #firstUndone(): number {
    return Math.min(this.#options.rounds, Math.min(this.#next, ...this.#running) * ROUNDS_PER_CHAIN);
  }

  #report(): void {
    const seconds = Math.round((performance.now() - this.#begun) / 1000);
    this.#print(
      `so far: ${this.#passed} passed, ${this.#failed} failed, ${seconds} s; every round below ${this.#firstUndone} of ${this.#options.rounds} is done`,
    );
  }

  /** @returns whether all its rounds were run */
  async #runChain(number: number): Promise<boolean> {
    const seed = this.#options.seed + number;
    const first = number * ROUNDS_PER_CHAIN;
    const rounds = Math.min(ROUNDS_PER_CHAIN, this.#options.rounds - first);
    let chain: FaultChain | undefined;
    let round = 0;
    for (; round < rounds && !this.#isStopped; round++) {
      const kind = this.#kinds[(seed * ROUNDS_PER_CHAIN + round) % this.#kinds.length];
      if (kind === undefined) break;
      try {
        chain ??= await FaultChain.create(undefined, seed % 2 === 1);
        await this.#runRound(chain, kind, seed, round, first);
      } catch (cause) {
        // Ctrl-C reaches the nodes as well: what a round says then is nobody's fault, and it has to be run again.
        if (this.#isStopped) break;
        await this.#fail(chain, kind, seed, round, first, cause);
        chain = undefined;
      }
    }
    this.#heights += chain?.height ?? 0;
    await chain?.remove();
    return round === rounds;
  }

  async #runRound(chain: FaultChain, kind: FaultKind, seed: number, round: number, first: number): Promise<void> {
    const { outcome, readyMs } = await runFault(chain, kind, seed, round);
    this.#slowestReadyMs = Math.max(this.#slowestReadyMs, readyMs);
    if (readyMs > this.#options.readyBoundMs)
      throw new Error(`ready after ${Math.round(readyMs)} ms, at most ${this.#options.readyBoundMs} ms are allowed`);
    this.#passed++;
    const key = `${kind.name} ${outcome}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    this.#print(
      `round ${first + round + 1} of ${this.#options.rounds}: ${kind.name} ${outcome}, height ${chain.height}, ready in ${Math.round(readyMs)} ms`,
    );
  }

  async #fail(chain: FaultChain | undefined, kind: FaultKind, seed: number, round: number, first: number, cause: unknown): Promise<void> {
    const { only } = this.#options;
    this.#failed++;
    this.#print(`FAILED round ${first + round + 1}: ${kind.name}: ${cause instanceof Error ? cause.stack : String(cause)}`);
    if (chain !== undefined) this.#print(`  home kept: ${chain.chain.home.root}; the node said:\n${chain.output}`);
    this.#print(`  again: make fault SEED=${seed} N=${round + 1}${only === undefined ? "" : ` ONLY=${only}`}`);
    await chain?.remove(true);
  }
}

/** One fault on a running chain, and the proof that nothing was lost. */
async function runFault(
  chain: FaultChain,
  kind: FaultKind,
  seed: number,
  round: number,
): Promise<{ readonly outcome: Outcome; readonly readyMs: number }> {
  const random = createRandom((Math.imul(seed, 0x9e3779b1) ^ Math.imul(round + 1, 0x85ebca6b)) >>> 0 || 1);
  chain.readyMs.length = 0;
  if (!chain.isRunning) await chain.start();
  await chain.load(random, () => chain.grow(3 + random.below(6)));
  const outcome = await kind.run(chain, random);
  if (!chain.isRunning) await chain.start();
  await chain.verify();
  return { outcome, readyMs: Math.max(0, ...chain.readyMs) };
}
