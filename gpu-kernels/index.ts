// What others import as `#kernels`.
export { CID_BYTES, CID_CHARACTERS, cidOf, cidText, parseCid, requireCid } from "./cid.ts";
export { KernelError, type KernelErrorKind } from "./kernelError.ts";
export type { BackendName, Kernels } from "./kernels.ts";
export { merkleProof, merkleRoot, shardLeaf, sourceLeaf, srcRoot, treeRoot, verifyMerkle } from "./merkle.ts";
export { quantise } from "./quantise.ts";
export { MAX_CODE, SCALE_BOUNDS, SCALE_TABLE, scaleCode } from "./scaleTable.ts";
export { MAX_CONTRIBUTORS, requireShape, SCHEMA_V1, type Shape, shardBytes, signBytes } from "./shape.ts";
export { compress, compressSync, decompressInt16, decompressQ8, parseShard, type Shard } from "./shard.ts";
