// What bench-kernels measures: the steps of an aggregation in full size.
import {
  aggregate,
  aggregateWithout,
  compressSync,
  expert,
  features,
  type Kernels,
  medianQ,
  medianQ1bit,
  parseShard,
  SCHEMA_V1,
  type Shape,
  topK,
} from "#kernels";
import { Xorshift } from "../../gpu-kernels/prng.ts";
import { worldMatrices } from "../../gpu-kernels/world.ts";

const CONTRIBUTORS = 64;
const SIZE = SCHEMA_V1.rows * SCHEMA_V1.cols;
const TALL: Shape = { rows: 4096, cols: 384 };
const CODES = 100_000;
const CODE_BYTES = 48;
const NEIGHBOURS = 10;
const SHARD_BYTES = 12_544;

/** Inputs of all rows. */
export interface Workload {
  readonly tall: Int16Array;
  readonly values: Int32Array;
  readonly w: Int32Array;
  readonly shards: readonly Uint8Array[];
  readonly signs: Uint8Array;
  readonly magnitudes: Int32Array;
  readonly votes: Int32Array;
  readonly e: Int16Array;
  readonly base: Int32Array;
  readonly codes: Uint8Array;
  readonly u: Int8Array;
}

/** One figure. */
export interface KernelRow {
  readonly name: string;
  /** Bytes that must be read and written at least once. */
  readonly bytes: number;
  readonly targetMs?: number;
  /** Only measured where it is meant to be fast. */
  readonly long?: boolean;
  readonly run: (kernels: Kernels, workload: Workload) => Promise<unknown>;
}

/** 64 contributors of whom 19 send one identical inverse, and collections of random numbers: the same in every run. */
export async function createWorkload(kernels: Kernels): Promise<Workload> {
  const random = new Xorshift(20_261_129);
  const ints = (length: number, amplitude: number): Int32Array => Int32Array.from({ length }, () => random.amp(amplitude));
  const matrices = worldMatrices({ noise: 1500, skip: 0, byz: 19, kind: "inverse", seed: 9, n: CONTRIBUTORS, ...SCHEMA_V1 });
  const shards = matrices.map((e) => compressSync(e, SCHEMA_V1).bytes);
  const parsed = shards.map((bytes) => parseShard(bytes, SCHEMA_V1));
  const w = Int32Array.from({ length: CONTRIBUTORS }, () => 1000 + (random.next() >>> 14));
  return {
    tall: Int16Array.from({ length: TALL.rows * TALL.cols }, () => random.amp(32767)),
    values: ints(CONTRIBUTORS * SIZE, 32767),
    w,
    shards,
    signs: Uint8Array.from(parsed.flatMap(({ signs }) => [...signs])),
    magnitudes: ints(CONTRIBUTORS * SCHEMA_V1.rows, 2 ** 20).map(Math.abs),
    votes: ints(CONTRIBUTORS * SCHEMA_V1.rows, 2 ** 17).map(Math.abs),
    e: (await aggregate(kernels, shards.slice(0, 4), w.slice(0, 4), SCHEMA_V1)).e,
    base: ints(SIZE, 2 ** 20),
    codes: Uint8Array.from({ length: CODES * CODE_BYTES }, () => random.next() >>> 13),
    u: features(new TextEncoder().encode("the colour of the sea is bl")),
  };
}

export const KERNEL_ROWS: readonly KernelRow[] = [
  {
    name: "compress 4096 x 384 int16",
    bytes: TALL.rows * (TALL.cols * 2 + TALL.cols / 8 + 4),
    targetMs: 0.6,
    run: (k, { tall }) => k.signsAndSums(tall, TALL),
  },
  {
    name: "weighted median 64 x 98304 int32",
    bytes: (CONTRIBUTORS + 1) * SIZE * 4,
    targetMs: 60,
    run: (k, { values, w }) => medianQ(k, values, w),
  },
  {
    name: "weighted median 64 x 98304 one-bit",
    bytes: CONTRIBUTORS * SHARD_BYTES + SIZE * 4,
    targetMs: 15,
    run: (k, { shards, w }) => medianQ1bit(k, shards, w, SCHEMA_V1),
  },
  {
    name: "pair distances of 64",
    bytes: CONTRIBUTORS * SHARD_BYTES + SCHEMA_V1.rows * CONTRIBUTORS ** 2 * 2,
    run: (k, { signs }) => k.pairDistances(signs, CONTRIBUTORS, SCHEMA_V1),
  },
  {
    name: "vote of 64",
    bytes: CONTRIBUTORS * SHARD_BYTES + SIZE * 4,
    run: (k, { signs, votes }) => k.vote(signs, votes, CONTRIBUTORS, SCHEMA_V1),
  },
  {
    name: "whole aggregation of 64 shards",
    bytes: CONTRIBUTORS * SHARD_BYTES + SIZE * 2 + SHARD_BYTES,
    targetMs: 100,
    run: (k, { shards, w }) => aggregate(k, shards, w, SCHEMA_V1),
  },
  {
    name: "aggregation without each of 64",
    bytes: CONTRIBUTORS * (SHARD_BYTES + SIZE * 2),
    targetMs: 2000,
    long: true,
    run: (k, { shards, w }) => aggregateWithout(k, shards, w, SCHEMA_V1),
  },
  {
    name: "Hamming top 10 of 100000 x 384 bits",
    bytes: CODES * (CODE_BYTES + 2),
    targetMs: 1,
    run: (k, { codes }) => topK(k, codes.subarray(0, CODE_BYTES), codes, NEIGHBOURS),
  },
  {
    name: "priors of 64 tenants over one base",
    bytes: CONTRIBUTORS * (SHARD_BYTES + SIZE * 4) + SIZE * 4,
    run: (k, { base, signs, magnitudes }) => k.applyPriors(base, signs, magnitudes, CONTRIBUTORS, SCHEMA_V1),
  },
  { name: "expert of one context", bytes: SIZE * 2, run: (k, { e, u }) => expert(k, e, u) },
];

/** Part of the true nearest codes that are found, over ten queries, against sorting all of them. */
export async function recallOf(kernels: Kernels, { codes }: Workload): Promise<number> {
  let found = 0;
  const queries = 10;
  for (let q = 0; q < queries; q++) {
    const query = codes.slice(q * 4800, q * 4800 + CODE_BYTES).map((byte) => byte ^ 0x11);
    const exact = Array.from({ length: CODES }, (_, id) => [differingBits(query, codes, id * CODE_BYTES), id] as const)
      .sort(([a, i], [b, j]) => a - b || i - j)
      .slice(0, NEIGHBOURS)
      .map(([, id]) => id);
    const got = await topK(kernels, query, codes, NEIGHBOURS);
    found += got.filter(({ id }, place) => exact[place] === id).length;
  }
  return found / (queries * NEIGHBOURS);
}

function differingBits(query: Uint8Array, codes: Uint8Array, from: number): number {
  let bits = 0;
  for (let k = 0; k < CODE_BYTES; k++)
    for (let rest = (query[k] as number) ^ (codes[from + k] as number); rest !== 0; rest &= rest - 1) bits++;
  return bits;
}
