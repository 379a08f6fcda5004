// The vectorised hash kernel: SHA-256 of four messages at a time in WebAssembly SIMD. Its source is app/store/assembly/sha256.ts.
import { readFileSync } from "node:fs";
import { putDigest } from "../encoding/sha256.ts";
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
/** Fewer messages leave most of the vector empty: one after the other they take less time. */
const FEWEST = 3;
/** Messages up to here are hashed four at a time. */
const LONG_BYTES = 2048;

/**
 * Makes the kernel. Small batches, and those that do not fit its memory, are hashed by {@link cryptoHashKernel}, which gives the same digests.
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
      if (count < FEWEST || count > maxMessages || length > maxBytes) {
        cryptoHashKernel.hashBatch(input, ends, count, output);
        return;
      }
      const long = longMessages(ends, count);
      if (long.length === 0) {
        bytes.set(input.subarray(0, length), inputAt);
        endsThere.set(ends.subarray(0, count));
      } else {
        leaveOut(long, { input, ends, count, bytes, inputAt, endsThere });
      }
      wasm.hashBatch(count);
      output.set(bytes.subarray(outputAt, outputAt + count * digestBytes));
      for (const i of long) putDigest(input.subarray(startOf(ends, i), ends[i]), output, i * digestBytes);
    },
  };
  requireEqual(kernel);
  return kernel;
}

const startOf = (ends: Uint32Array, i: number): number => (i === 0 ? 0 : (ends[i - 1] as number));

/** Messages that three others would wait for: one after the other by the processor's own instructions they take less time. */
function longMessages(ends: Uint32Array, count: number): readonly number[] {
  const long: number[] = [];
  let from = 0;
  for (let i = 0; i < count; i++) {
    const to = ends[i] as number;
    if (to - from > LONG_BYTES) long.push(i);
    from = to;
  }
  return long;
}

/** Where a batch lies, and where it goes. */
interface Batch {
  readonly input: Uint8Array;
  readonly ends: Uint32Array;
  readonly count: number;
  readonly bytes: Uint8Array;
  readonly inputAt: number;
  readonly endsThere: Uint32Array;
}

/** Hands a batch over with empty messages in the places of the long ones. */
function leaveOut(long: readonly number[], { input, ends, count, bytes, inputAt, endsThere }: Batch): void {
  let [from, removed, next] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const to = ends[i] as number;
    if (i === long[next]) {
      next++;
      const start = startOf(ends, i);
      bytes.set(input.subarray(from, start), inputAt + from - removed);
      removed += to - start;
      from = to;
    }
    endsThere[i] = to - removed;
  }
  bytes.set(input.subarray(from, ends[count - 1] as number), inputAt + from - removed);
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
