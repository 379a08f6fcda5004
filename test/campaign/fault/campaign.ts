// Rounds of faults, ten to a chain. A round follows from its seed and its number, so one line repeats it.
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
  /** Seed of the first chain; the next ones count on. */
  readonly seed: number;
  /** Name or group of the faults that are meant; all when left out. */
  readonly only: string | undefined;
  /** Milliseconds that a node may take from its start to its first answer. */
  readonly readyBoundMs: number;
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
  const counts = new Map<string, number>();
  const summary = { passed: 0, failed: 0, slowestReadyMs: 0, heights: 0 };
  for (let done = 0; done < options.rounds; done += ROUNDS_PER_CHAIN) {
    const seed = options.seed + done / ROUNDS_PER_CHAIN;
    const rounds = Math.min(ROUNDS_PER_CHAIN, options.rounds - done);
    const only = options.only === undefined ? "" : ` ONLY=${options.only}`;
    let chain: FaultChain | undefined;
    for (let round = 0; round < rounds; round++) {
      const kind = kinds[(seed * ROUNDS_PER_CHAIN + round) % kinds.length];
      if (kind === undefined) break;
      try {
        chain ??= await FaultChain.create();
        const { outcome, readyMs } = await runRound(chain, kind, seed, round);
        summary.slowestReadyMs = Math.max(summary.slowestReadyMs, readyMs);
        if (readyMs > options.readyBoundMs)
          throw new Error(`ready after ${Math.round(readyMs)} ms, at most ${options.readyBoundMs} ms are allowed`);
        summary.passed++;
        const key = `${kind.name} ${outcome}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
        print(
          `round ${done + round + 1} of ${options.rounds}: ${kind.name} ${outcome}, height ${chain.height}, ready in ${Math.round(readyMs)} ms`,
        );
      } catch (cause) {
        summary.failed++;
        print(`FAILED round ${done + round + 1}: ${kind.name}: ${cause instanceof Error ? cause.stack : String(cause)}`);
        if (chain !== undefined) print(`  home kept: ${chain.chain.home.root}; the node said:\n${chain.output}`);
        print(`  again: make fault SEED=${seed} N=${round + 1}${only}`);
        await chain?.remove(true);
        chain = undefined;
      }
    }
    summary.heights += chain?.height ?? 0;
    await chain?.remove();
  }
  return { ...summary, counts };
}

/** One fault on a running chain, and the proof that nothing was lost. */
async function runRound(
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
