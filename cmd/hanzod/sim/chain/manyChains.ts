// Chains of several seeds at once. One chain runs on one core, so each has a process of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { CliError } from "../../../shared/cliError.ts";

/** The program's entry: this file runs from dist/cmd/hanzod/sim/chain. */
const MAIN = resolve(import.meta.dirname, "../../main.js");

/** A large young generation, as the program has it by itself, and one thread for V8's own work: the other processors have chains of their own. */
const FLAGS = ["--max-semi-space-size=64", "--v8-pool-size=1"];

/** What a chain's process printed: its tally as JSON, of which this is what all chains are summed up by. */
export interface ChainDocument {
  readonly seed: number;
  readonly blocks: number;
  readonly txs: number;
  readonly app_hash: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** Chains to run. */
export interface ManyChains {
  readonly seeds: readonly number[];
  /** Processes at the same time, at least 1. */
  readonly jobs: number;
  /** Options of `hanzod sim chain` for each, but for `--seed` and `--json`. */
  readonly words: readonly string[];
  /** Ends all of them. */
  readonly stop?: AbortSignal;
  /** Told of every chain that has ended well. */
  readonly onEnd?: (chain: ChainDocument) => void;
}

/**
 * Runs the chains, some at a time.
 * @returns their documents in the order of the seeds
 * @throws CliError of the first chain that goes wrong, as its process told it; the others are stopped then
 */
export async function runManyChains({ seeds, jobs, words, stop, onEnd }: ManyChains): Promise<readonly ChainDocument[]> {
  const failed = new AbortController();
  const signal = stop === undefined ? failed.signal : AbortSignal.any([stop, failed.signal]);
  const documents = new Map<number, ChainDocument>();
  const waiting = [...seeds];
  const work = async (): Promise<void> => {
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
      const document = await runChain(seed, words, signal);
      documents.set(seed, document);
      onEnd?.(document);
    }
  };
  const workers = Array.from({ length: Math.min(jobs, seeds.length) }, () =>
    work().catch((cause: unknown) => {
      // The others end because of the signal, after this one.
      waiting.length = 0;
      const first = !failed.signal.aborted;
      failed.abort();
      if (first) throw cause;
    }),
  );
  const ends = await Promise.allSettled(workers);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return seeds.flatMap((seed) => documents.get(seed) ?? []);
}

async function runChain(seed: number, words: readonly string[], signal: AbortSignal): Promise<ChainDocument> {
  const child = spawn(process.execPath, [...FLAGS, MAIN, "sim", "chain", "--seed", String(seed), ...words, "--json"], {
    signal,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [code, printed, told] = await Promise.all([exitOf(child), text(child.stdout), text(child.stderr)]);
  if (code === 0) return JSON.parse(printed) as ChainDocument;
  if (signal.aborted) throw new CliError("the simulated chains were stopped", { why: "a signal, or another chain went wrong" });
  throw errorOf(seed, code, told);
}

/** The error that a process with `--json` ends with, behind its lines of progress. */
function errorOf(seed: number, code: string | number, told: string): CliError {
  try {
    const { error, why, next } = JSON.parse(told.slice(told.search(/^\{/m))) as Readonly<Record<"error" | "why" | "next", string>>;
    return new CliError(`seed ${seed}: ${error}`, { why, next });
  } catch {
    return new CliError(`seed ${seed}: the process of the chain ended with ${code}`, {
      why: told.trim().split("\n").at(-1) ?? "",
      next: `hanzod sim chain --seed ${seed}`,
    });
  }
}

function exitOf(child: ChildProcess): Promise<string | number> {
  return new Promise((done) => {
    child.once("error", (error) => done(error.message));
    child.once("exit", (code, signal) => done(signal ?? code ?? "an unknown end"));
  });
}
