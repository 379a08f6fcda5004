// What a backend must compute before it is used: probes of every kernel, and vectors of the specification.

import { bytesToHex, concatBytes } from "@noble/hashes/utils.js";
import { sha256 } from "#sha256";
import { aggregate } from "./aggregate.ts";
import type { Kernels } from "./kernels.ts";
import { medianQ } from "./medianQ.ts";
import { Xorshift } from "./prng.ts";
import { PROBES } from "./probes.ts";
import { SCHEMA_V1 } from "./shape.ts";
import { compress } from "./shard.ts";
import { worldMatrices } from "./world.ts";

/** Probes of each kernel in a self-test. */
const PROBE_RUNS = 24;
const PROBE_SEED = 0x68616e7a;

/** SHA-256 of what the probes of each kernel give. */
const PROBE_HASHES: Readonly<Record<keyof typeof PROBES, string>> = {
  signsAndSums: "be7322dc3bcf8503050482c31de0db081ae7bfdbb102c465e68ba9414feb8663",
  spread: "9f9b0ca5bf3bd4d24510183cac62b71e37375c751643a5fc5eac31c21e10e625",
  medianQ: "f94547d3a64b6fc5a970d758c6b3623c090f987d0c8ab6134484b9cb3983b7ed",
  medianQ1bit: "bd172b15555913a50efe56be592cec7205f4f636eea507acab4bc0155f7f332a",
  pairDistances: "8c04bc1f9c1e1cb0a4ad22ee90371117530e7a87a81c8f068943b64c74d66b73",
  vote: "4f0c713a50d1288ac58a86f036ca8e1a40a6a84bf6f93b9a55359d35553cb493",
  distances: "2a11a1c9b0e75a5fa9d488b99004ed24e0ae43b5484e00b636fdf0748bbb94c0",
  dots: "87edf3a40ff7071a70ad99d65414aec6cb8e29ab420456efb42f6c5d3aec3cdf",
  applyPriors: "ea6c65dc8c5f97d4d383f94d3eacb549f37464fab0a2665eb0520b1e772a9dee",
};

/** Vectors of the specification in full size, by name: what they compute and its SHA-256. */
const VECTORS: readonly { readonly name: string; readonly hash: string; readonly run: (kernels: Kernels) => Promise<Uint8Array> }[] = [
  {
    name: "compressLarge",
    hash: "348bb942918c014bb01cb77e8c8f0c8e8f41d85179f2ae331b6533831e7a54d3",
    async run(kernels) {
      const random = new Xorshift(294526512);
      const amplitudes = [1, 7, 300, 32767];
      const { rows, cols } = SCHEMA_V1;
      const e = Int16Array.from({ length: rows * cols }, (_, at) => random.amp(amplitudes[Math.floor(at / cols) % 4] as number));
      return (await compress(kernels, e, SCHEMA_V1)).bytes;
    },
  },
  {
    name: "medianQLarge",
    hash: "0756c9a9f0d38c3e3b8633cc9efdbba1150ad7816d4df7a9ac0a15e962ad86b3",
    async run(kernels) {
      const random = new Xorshift(1339014460);
      const values = Int32Array.from({ length: 5 * 98_304 }, () => random.amp(32767));
      return bytesOf(await medianQ(kernels, values, Int32Array.of(5, 1, 0, 9, 4)));
    },
  },
  {
    name: "aggregateWorld",
    hash: "f8457a625cee87ab447e85d04d757e925e766ed6c4a778d2e01fe8b003adff03",
    async run(kernels) {
      const world = { noise: 1500, skip: 3, byz: 4, kind: "common", seed: 3654564713, n: 16, rows: 4, cols: 384 } as const;
      const shards: Uint8Array[] = [];
      for (const e of worldMatrices(world)) shards.push((await compress(kernels, e, world)).bytes);
      return bytesOf((await aggregate(kernels, shards, new Int32Array(16).fill(65_793), world)).e);
    },
  },
];

/**
 * Runs the self-test on a backend.
 * @returns undefined when all is as it must be, else what is not
 */
export async function selfTest(kernels: Kernels): Promise<string | undefined> {
  try {
    for (const name of Object.keys(PROBES) as (keyof typeof PROBES)[]) {
      const got = await probeHash(kernels, name, PROBE_SEED, PROBE_RUNS);
      if (got !== PROBE_HASHES[name]) return `${name}: expected results with sha256 ${PROBE_HASHES[name]}, got ${got}`;
    }
    for (const { name, hash, run } of VECTORS) {
      const got = bytesToHex(sha256(await run(kernels)));
      if (got !== hash) return `vector ${name}: expected a result with sha256 ${hash}, got ${got}`;
    }
    return undefined;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}

/**
 * SHA-256 in hex over the results of probes of one kernel.
 * @param seed of the first one; the generator goes on through all of them
 */
async function probeHash(kernels: Kernels, name: keyof typeof PROBES, seed: number, runs: number): Promise<string> {
  const parts: Uint8Array[] = [];
  const random = new Xorshift(seed);
  for (let run = 0; run < runs; run++) for (const result of await PROBES[name](kernels, random)) parts.push(bytesOf(result));
  return bytesToHex(sha256(concatBytes(...parts)));
}

/** Integers as they lie in memory: little-endian wherever JavaScript runs today; elsewhere the self-test fails, as it should. */
function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
