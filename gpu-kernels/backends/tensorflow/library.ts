// The part of tfjs-node that is used here, so that the types need no installed library.

export interface Tensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  dispose(): void;
  data(): Promise<Float32Array | Int32Array>;
  reshape(shape: readonly number[]): Tensor;
  toFloat(): Tensor;
  abs(): Tensor;
  neg(): Tensor;
  floor(): Tensor;
  add(other: Tensor | number): Tensor;
  sub(other: Tensor | number): Tensor;
  mul(other: Tensor | number): Tensor;
  less(other: Tensor | number): Tensor;
  lessEqual(other: Tensor): Tensor;
  greaterEqual(other: Tensor | number): Tensor;
  where(condition: Tensor, other: Tensor): Tensor;
  sum(axis: number): Tensor;
  transpose(order: readonly number[]): Tensor;
  matMul(other: Tensor, transposeThis?: boolean, transposeOther?: boolean): Tensor;
}

/** An attribute of a TensorFlow operation. */
interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: number;
}

interface NodeBackend {
  readonly binding: { readonly TF_Version: string; readonly TF_ATTR_TYPE: number; readonly TF_INT32: number };
  readonly isUsingGpuDevice: boolean;
  executeSingleOutput(operation: string, attributes: readonly OpAttribute[], inputs: readonly Tensor[]): Tensor;
}

export interface TensorFlow {
  readonly version: Readonly<Record<string, string>>;
  backend(): NodeBackend;
  tensor(values: Float32Array | Int32Array, shape: readonly number[], dtype: "float32" | "int32"): Tensor;
  fill(shape: readonly number[], value: number): Tensor;
  tidy<T extends Tensor | Tensor[]>(work: () => T): T;
  cast(tensor: Tensor, dtype: "float32"): Tensor;
}
