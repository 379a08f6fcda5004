// The operations of kernel vectors, by name.
import { bytesToHex } from "@noble/hashes/utils.js";
import {
  type Aggregate,
  aggregate,
  cidOf,
  cidText,
  compress,
  decode,
  decompressInt16,
  decompressQ8,
  expert,
  factors,
  featureKeys,
  features,
  type Kernels,
  keyWords,
  medianQ,
  medianQ1bit,
  merkleProof,
  merkleRoot,
  parseShard,
  quantile,
  SCALE_BOUNDS,
  SCALE_TABLE,
  SCHEMA_V1,
  type Shape,
  scaleCode,
  score,
  srcRoot,
  topK,
  treeRoot,
  verifyMerkle,
  weights,
} from "#kernels";
import { Xorshift } from "../../../gpu-kernels/prng.ts";
import { type World, worldMatrices } from "../../../gpu-kernels/world.ts";
import {
  base64Of,
  bytesOf,
  fieldsOf,
  hashOf,
  hexOf,
  int16Of,
  int32Of,
  listOf,
  numberOf,
  numberOr,
  numbersOf,
  paramsOf,
  shapeOf,
  textsOf,
  toBase64,
  type VectorFields,
  weightsOf,
} from "./kernelFields.ts";

/** Computes the result of one vector, as JSON. */
type Operation = (kernels: Kernels, vector: VectorFields) => unknown;

/** Amplitudes of the rows of generated matrices, unless the vector names others. */
const AMPLITUDES = [0, 50, 3000, 32767];
const BASE_AMPLITUDE = 2 ** 20;

export const KERNEL_OPERATIONS: Readonly<Record<string, Operation>> = {
  scaleTable: () => ({ table: [...SCALE_TABLE], bounds: [...SCALE_BOUNDS] }),
  scaleCode: (_, v) => numbersOf(v, "sums").map((sum) => scaleCode(sum, numberOr(v, "cols", SCHEMA_V1.cols))),
  compress: (kernels, v) => compressed(kernels, int16Of(v, "e"), shapeOf(v)),
  compressBad: (kernels, v) => compressed(kernels, int16Of(v, "e"), shapeOf(v)),
  compressLarge: (kernels, v) => compressed(kernels, matrixOf(v), SCHEMA_V1),
  parse: (_, v) => toBase64(decompressQ8(parseShard(base64Of(v["shard"], "shard"), shapeOf(v)), shapeOf(v))),
  merkle,
  cid(_, v) {
    const cid = cidOf(base64Of(v["data"], "data"));
    return { bytes: bytesToHex(cid), text: cidText(cid) };
  },
  weights: (_, v) => [
    ...weights(textsOf(v, "stakes").map(BigInt), numbersOf(v, "quality"), {
      capBps: numberOr(v, "capBps", 1000),
      qMin: numberOr(v, "qMin", 0),
    }),
  ],
  quantile: (_, v) => quantile(numbersOf(v, "v"), numbersOf(v, "w"), quantileOf(v)),
  medianQ: async (kernels, v) => toBase64(await medianQ(kernels, int32Of(v, "m"), weightsOf(v), quantileOf(v))),
  async medianQ1bit(kernels, v) {
    const shards = textsOf(v, "shards").map((shard) => base64Of(shard, "shard"));
    return toBase64(await medianQ1bit(kernels, shards, weightsOf(v), shapeOf(v), quantileOf(v)));
  },
  async medianQLarge(kernels, v) {
    const random = new Xorshift(numberOf(v, "seed"));
    const values = Int32Array.from({ length: numberOf(v, "n") * numberOf(v, "d") }, () => random.amp(32767));
    return hashOf(await medianQ(kernels, values, weightsOf(v), quantileOf(v)));
  },
  factors: (_, v) => [...factors(int32Of(v, "g"), numbersOf(v, "w"), paramsOf(v)).f],
  async aggregate(kernels, v) {
    const shards = textsOf(v, "shards").map((shard) => base64Of(shard, "shard"));
    return aggregated(await aggregate(kernels, shards, weightsOf(v), shapeOf(v), paramsOf(v)));
  },
  async aggregateWorld(kernels, v) {
    const world = fieldsOf(v["world"], "world") as unknown as World;
    const shards: Uint8Array[] = [];
    for (const matrix of worldMatrices(world)) shards.push((await compress(kernels, matrix, world)).bytes);
    return aggregated(await aggregate(kernels, shards, weightsOf(v), world, paramsOf(v)));
  },
  keyWords: (_, v) => [...keyWords(hexOf(v["key"], "key"))],
  features(_, v) {
    const context = hexOf(v["ctx"], "ctx");
    return { keys: featureKeys(context).map(bytesToHex), u: toBase64(features(context)) };
  },
  expert: async (kernels, v) => [...(await expert(kernels, matrixOf(v), features(hexOf(v["ctx"], "ctx"))))],
  decode: (_, v) =>
    decode(Int32Array.from(numbersOf(v, "base")), Int32Array.from(numbersOf(v, "h")), {
      alpha: numberOf(v, "alpha"),
      mask: numberOf(v, "mask"),
    }),
  score: (kernels, v) =>
    score(kernels, matrixOf(v), listOf(v["cases"], "cases").map(holdoutCaseOf), { alpha: numberOf(v, "alpha"), mask: numberOf(v, "mask") }),
  async topk(kernels, v) {
    const codes = textsOf(v, "codes").map((code) => hexOf(code, "code"));
    const query = hexOf(v["query"], "query");
    return pairs(await topK(kernels, query, joined(codes), numberOf(v, "k")));
  },
  async topkLarge(kernels, v) {
    const random = new Xorshift(numberOf(v, "seed"));
    const query = codesOf(random, 1);
    return pairs(await topK(kernels, query, codesOf(random, numberOf(v, "n")), numberOf(v, "k")));
  },
};

async function compressed(kernels: Kernels, e: Int16Array, shape: Shape): Promise<VectorFields> {
  const shard = await compress(kernels, e, shape);
  return {
    shard: toBase64(shard.bytes),
    shardSha256: hashOf(shard.bytes),
    q8: hashOf(decompressQ8(shard, shape)),
    i16: hashOf(decompressInt16(shard, shape)),
    merkleRoot: bytesToHex(merkleRoot(shard, shape)),
    srcRoot: bytesToHex(srcRoot(e, shape)),
    cid: cidText(cidOf(shard.bytes)),
  };
}

/** The root, and what verification says of every recorded proof; a proof that is one must also be what this build makes. */
function merkle(_: Kernels, vector: VectorFields): VectorFields {
  const leaves = textsOf(vector, "leaves").map((leaf) => hexOf(leaf, "leaf"));
  const root = treeRoot(leaves);
  const proofs = listOf(fieldsOf(vector["result"], "result")["proofs"], "proofs").map((value) => {
    const proof = fieldsOf(value, "proof");
    const index = numberOf(proof, "index");
    const path = textsOf(proof, "path").map((hash) => hexOf(hash, "path"));
    const leaf = leaves[numberOr(proof, "leafOf", index)] ?? new Uint8Array(0);
    const ok = verifyMerkle(root, leaves.length, index, leaf, path);
    return ok ? { ok, path: merkleProof(leaves, index).map(bytesToHex) } : { ...proof, ok };
  });
  // Index and leaf are inputs: they are handed back as they came.
  const given = listOf(fieldsOf(vector["result"], "result")["proofs"], "proofs").map((value) => fieldsOf(value, "proof"));
  return { root: bytesToHex(root), proofs: proofs.map((proof, i) => ({ ...given[i], ...proof })) };
}

function aggregated(result: Aggregate): VectorFields {
  return {
    cap: [...result.caps],
    rho: [...result.rho],
    globalFactors: [...result.globalFactors],
    noCore: result.noCore,
    shardSha256: hashOf(result.shard),
    eSha256: hashOf(result.e),
    rowFactorsSha256: hashOf(result.rowFactors),
    srcRoot: bytesToHex(result.srcRoot),
    merkleRoot: bytesToHex(result.merkleRoot),
    cid: cidText(result.cid),
    shard: toBase64(result.shard),
    e: toBase64(result.e),
  };
}

function quantileOf(vector: VectorFields): { readonly num: number; readonly den: number } {
  return { num: numberOr(vector, "num", 1), den: numberOr(vector, "den", 2) };
}

function matrixOf(vector: VectorFields): Int16Array {
  const random = new Xorshift(numberOf(vector, "seed"));
  const amplitudes = vector["amps"] === undefined ? AMPLITUDES : numbersOf(vector, "amps");
  const { rows, cols } = SCHEMA_V1;
  return Int16Array.from({ length: rows * cols }, (_, at) => random.amp(amplitudes[Math.floor(at / cols) % 4] as number));
}

function holdoutCaseOf(value: unknown): { readonly context: Uint8Array; readonly base: Int32Array; readonly target: number }[] {
  return listOf(value, "case").map((step) => {
    const [context, seed, target] = listOf(step, "step");
    const random = new Xorshift(Number(seed));
    const base = Int32Array.from({ length: 256 }, () => random.amp(BASE_AMPLITUDE));
    return { context: hexOf(context, "ctx"), base, target: Number(target) };
  });
}

function codesOf(random: Xorshift, count: number): Uint8Array {
  return bytesOf(Int32Array.from({ length: 12 * count }, () => random.next()));
}

function joined(codes: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(codes.flatMap((code) => [...code]));
}

function pairs(found: readonly { readonly id: number; readonly distance: number }[]): number[][] {
  return found.map(({ id, distance }) => [id, distance]);
}
