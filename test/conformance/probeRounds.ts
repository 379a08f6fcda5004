import { createHash } from "node:crypto";
import type { BackendName, Kernels } from "#kernels";
import { Xorshift } from "../../gpu-kernels/prng.ts";
import { PROBES } from "../../gpu-kernels/probes.ts";

export interface Comparison {
  readonly tensors: number;
  /** SHA-256 over all results, by backend. */
  readonly hashes: ReadonlyMap<BackendName, string>;
  /** The first probes whose results differ from the first backend's, with the seed that repeats them. */
  readonly differences: readonly string[];
}

const MOST_DIFFERENCES = 10;

/**
 * Gives backends the same random tensors, each from a seed of its own, kernels in turn.
 * @param progress called now and then with the number done
 */
export async function compareBackends(
  backends: readonly Kernels[],
  tensors: number,
  seed: number,
  progress: (done: number) => void = () => undefined,
): Promise<Comparison> {
  const names = Object.keys(PROBES) as (keyof typeof PROBES)[];
  const seeds = new Xorshift(seed);
  const hashes = backends.map(() => createHash("sha256"));
  const differences: string[] = [];
  for (let tensor = 0; tensor < tensors; tensor++) {
    const name = names[tensor % names.length] as keyof typeof PROBES;
    const own = seeds.next();
    let first: string | undefined;
    for (const [i, kernels] of backends.entries()) {
      const hash = createHash("sha256");
      for (const result of await PROBES[name](kernels, new Xorshift(own)))
        hash.update(new Uint8Array(result.buffer, result.byteOffset, result.byteLength));
      const digest = hash.digest("hex");
      hashes[i]?.update(digest);
      first ??= digest;
      if (digest !== first && differences.length < MOST_DIFFERENCES)
        differences.push(`${name} with seed ${own}: ${kernels.name} differs from ${backends[0]?.name}`);
    }
    if (tensor % 500 === 499) progress(tensor + 1);
  }
  return { tensors, hashes: new Map(backends.map(({ name }, i) => [name, (hashes[i] as (typeof hashes)[0]).digest("hex")])), differences };
}
