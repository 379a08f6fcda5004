// What others import as `#kernels`.
export { KernelError, type KernelErrorKind } from "./kernelError.ts";
export type { BackendName, Kernels } from "./kernels.ts";
export { requireShape, SCHEMA_V1, type Shape, shardBytes, signBytes } from "./shape.ts";
