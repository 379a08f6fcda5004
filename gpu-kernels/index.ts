// What others import as `#kernels`; browser-safe.

export {
  type Aggregate,
  type AggregateParams,
  aggregate,
  aggregateWithout,
  DEFAULT_AGGREGATE_PARAMS,
  openRound,
  type Round,
  requireAggregateParams,
} from "./aggregate.ts";
export type { Openers } from "./backends/openers.ts";
export { CID_BYTES, CID_CHARACTERS, cidOf, cidText, parseCid, requireCid } from "./cid.ts";
export { expert, expertSync } from "./expert.ts";
export { type FactorParams, type Factors, factors, ONE } from "./factors.ts";
export { featureKeys, features, keyWords } from "./features.ts";
export { guardKernels } from "./guardKernels.ts";
export { KernelError, type KernelErrorKind } from "./kernelError.ts";
export type { BackendName, Kernels } from "./kernels.ts";
export { medianQ, medianQ1bit } from "./medianQ.ts";
export { merkleProof, merkleRoot, shardLeaf, sourceLeaf, srcRoot, treeRoot, verifyMerkle } from "./merkle.ts";
export { BACKENDS, type OpenedKernels, type OpenOptions, openBackend, openKernels, type Refusal } from "./openKernels.ts";
export { PriorCache, type PriorCacheOptions } from "./priorCache.ts";
export { type Fraction, MEDIAN, quantile } from "./quantile.ts";
export { quantise } from "./quantise.ts";
export { MAX_CODE, SCALE_BOUNDS, SCALE_TABLE, scaleCode } from "./scaleTable.ts";
export { type DecodeParams, decode, type HoldoutCase, type Step, score, scoreSync } from "./score.ts";
export { selfTest } from "./selfTest.ts";
export { MAX_CONTRIBUTORS, requireShape, SCHEMA_V1, type Shape, shardBytes, signBytes } from "./shape.ts";
export { compress, compressSync, decompressInt16, decompressQ8, parseShard, type Shard } from "./shard.ts";
export { type Neighbour, topK } from "./topK.ts";
export { DEFAULT_WEIGHT_PARAMS, requireWeights, type WeightParams, weights } from "./weights.ts";
