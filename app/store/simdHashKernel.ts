// The vectorised hash kernel: SHA-256 of four messages at a time in WebAssembly SIMD. Its source is app/store/assembly/sha256.ts.
import { readFileSync } from "node:fs";
import { cryptoHashKernel, type HashKernel } from "./hash.ts";
import { StoreError } from "./storeError.ts";

/** WebAssembly as far as it is used here; an engine without a compiler has none. */
interface Engine {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
}

/** What the compiled module exports. */
interface Sha256Module {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly MAX_MESSAGES: { readonly value: number };
  readonly MAX_BYTES: { readonly value: number };
  inputPointer(): number;
  endsPointer(): number;
  outputPointer(): number;
  hashBatch(count: number): void;
}

const digestBytes = 32;

/**
 * Makes the kernel. Batches that do not fit its memory are hashed by {@link cryptoHashKernel}, which gives the same digests.
 * @throws store/20 when this Node.js has no WebAssembly SIMD, or it computes something else than node:crypto
 */
export function createSimdHashKernel(): HashKernel {
  const { memory, MAX_MESSAGES, MAX_BYTES, ...wasm } = instantiate();
  const maxMessages = MAX_MESSAGES.value;
  const maxBytes = MAX_BYTES.value;
  const inputAt = wasm.inputPointer();
  const outputAt = wasm.outputPointer();
  const bytes = new Uint8Array(memory.buffer);
  const endsThere = new Uint32Array(memory.buffer, wasm.endsPointer(), maxMessages);
  const kernel: HashKernel = {
    hashBatch(input, ends, count, output) {
      const length = count === 0 ? 0 : (ends[count - 1] as number);
      if (count > maxMessages || length > maxBytes) {
        cryptoHashKernel.hashBatch(input, ends, count, output);
        return;
      }
      bytes.set(input.subarray(0, length), inputAt);
      endsThere.set(ends.subarray(0, count));
      wasm.hashBatch(count);
      output.set(bytes.subarray(outputAt, outputAt + count * digestBytes));
    },
  };
  requireEqual(kernel);
  return kernel;
}

/** A kernel, and why it is not the vectorised one. */
export interface ChosenKernel {
  readonly kernel: HashKernel;
  readonly why?: string;
}

let chosen: ChosenKernel | undefined;

/** The fastest kernel that works in this process, chosen once. All kernels give equal digests. */
export function chooseHashKernel(): ChosenKernel {
  chosen ??= tryKernels();
  return chosen;
}

function tryKernels(): ChosenKernel {
  try {
    return { kernel: createSimdHashKernel() };
  } catch (cause) {
    if (cause instanceof StoreError) return { kernel: cryptoHashKernel, why: cause.detail };
    throw cause;
  }
}

function instantiate(): Sha256Module {
  const engine = (globalThis as { readonly WebAssembly?: Engine }).WebAssembly;
  if (engine === undefined) throw new StoreError("noHashKernel", "vectorised hashing: expected WebAssembly, got an engine without it");
  try {
    const code = readFileSync(new URL("./assembly/sha256.wasm", import.meta.url));
    return new engine.Instance(new engine.Module(code)).exports as Sha256Module;
  } catch (cause) {
    const got = cause instanceof Error ? cause.message : String(cause);
    throw new StoreError("noHashKernel", `vectorised hashing: expected WebAssembly with SIMD, got ${got}`, { cause });
  }
}

/** Messages of every length up to five blocks and of odd group sizes, against node:crypto: a wrong engine must not hash a block. */
function requireEqual(kernel: HashKernel): void {
  const count = 331;
  const ends = new Uint32Array(count);
  for (let i = 1; i < count; i++) ends[i] = (ends[i - 1] as number) + i;
  const input = new Uint8Array(ends[count - 1] as number);
  for (let i = 0; i < input.length; i++) input[i] = (i * 167 + (i >>> 8)) & 255;
  const [got, expected] = [new Uint8Array(count * digestBytes), new Uint8Array(count * digestBytes)];
  kernel.hashBatch(input, ends, count, got);
  cryptoHashKernel.hashBatch(input, ends, count, expected);
  for (let i = 0; i < got.length; i++)
    if (got[i] !== expected[i])
      throw new StoreError("noHashKernel", `vectorised hashing: message ${i >>> 5} has another digest than node:crypto gives`);
}
