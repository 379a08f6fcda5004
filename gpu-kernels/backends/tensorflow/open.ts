import process from "node:process";
import util from "node:util";
import type { Kernels } from "../../kernels.ts";
import { loadOptional } from "../loadOptional.ts";
import type { TensorFlow } from "./library.ts";
import { tensorflowKernels } from "./tensorflowKernels.ts";

export interface TensorflowOptions {
  /** Folder whose node_modules have the library, if it is not this program's own. */
  readonly modules?: string | undefined;
}

/**
 * Kernels on TensorFlow through `@tensorflow/tfjs-node-gpu` or `@tensorflow/tfjs-node` (docs/KERNELS.md has how its binding is built).
 * @throws Error with the reason when neither can be loaded
 */
export async function openTensorflow({ modules }: TensorflowOptions = {}): Promise<Kernels> {
  prepareProcess();
  const refusals: string[] = [];
  for (const library of ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"]) {
    try {
      const tf = await loadOptional<TensorFlow>(library, modules);
      return tensorflowKernels(tf, `${library.slice("@tensorflow/".length)} ${tf.version["tfjs-node"] ?? ""}, ${device(tf)}`);
    } catch (error) {
      refusals.push(error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error));
    }
  }
  throw new Error(refusals.join("; "));
}

/** TensorFlow reads these when it is loaded; what an operator set stays. */
function prepareProcess(): void {
  // TF32 keeps 11 bits of an input: the kernels split what is larger, and this keeps everything else exact, too.
  process.env["NVIDIA_TF32_OVERRIDE"] ??= "0";
  process.env["TF_ENABLE_ONEDNN_OPTS"] ??= "0";
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
  // tfjs-node 4.22 calls a function that Node 23 took away (tfjs issue 8609).
  const old: { isNullOrUndefined?: (value: unknown) => boolean } = util;
  old.isNullOrUndefined ??= (value) => value === null || value === undefined;
}

function device(tf: TensorFlow): string {
  const backend = tf.backend();
  return `TensorFlow ${backend.binding.TF_Version} on ${backend.isUsingGpuDevice ? "a GPU" : "the CPU"}`;
}
