// Runs targets on changed seeds. An input is found again from seed and number of the execution, and is printed when it is a finding.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRandom } from "../e2e/harness/random.ts";
import { mutate } from "./mutate.ts";
import type { FuzzTarget } from "./target.ts";

// dist/test/fuzz → the sources.
const corpusFolder = fileURLToPath(new URL("../../../test/fuzz/corpus/", import.meta.url));

/** Inputs that once were findings: name and bytes. */
export function corpusOf({ name }: FuzzTarget): readonly (readonly [name: string, bytes: Uint8Array])[] {
  let files: string[];
  try {
    files = readdirSync(join(corpusFolder, name));
  } catch {
    return [];
  }
  return files.sort().map((file) => [file, new Uint8Array(readFileSync(join(corpusFolder, name, file)))] as const);
}

/** Something that went wrong on an input. */
export interface Finding {
  readonly bytes: Uint8Array;
  readonly error: unknown;
}

/** Most processor time that one execution may take, in milliseconds: what else runs on the machine is not the reader's doing. */
const SLOW_MS = 5000;

/**
 * Executes a target so many times.
 * @param seed the same seed gives the same inputs
 * @returns the first finding, undefined when there is none
 */
export async function fuzz(target: FuzzTarget, executions: number, seed: number): Promise<Finding | undefined> {
  const random = createRandom((Math.imul(seed + 1, 0x9e3779b1) ^ 0x5bd1e995) >>> 0 || 1);
  const inputs = [...target.seeds, ...corpusOf(target).map(([, bytes]) => bytes)];
  for (let left = executions; left > 0; left -= 1) {
    const changed = mutate(random, inputs);
    const bytes = target.mend !== undefined && random.below(4) > 0 ? target.mend(changed) : changed;
    const started = process.cpuUsage();
    try {
      const running = target.run(bytes);
      if (running !== undefined) await running;
      const { user, system } = process.cpuUsage(started);
      const spentMs = (user + system) / 1000;
      if (spentMs > SLOW_MS && target.share > 0) throw new Error(`took ${Math.round(spentMs)} ms of the processor`);
    } catch (error) {
      return { bytes, error };
    }
  }
  return undefined;
}
