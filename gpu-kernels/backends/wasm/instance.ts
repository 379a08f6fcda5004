// The compiled module of the kernels, and its memory.
import { CODE } from "./gen/code.ts";

/** WebAssembly as far as it is used here; an engine without a compiler has none. */
interface Engine {
  readonly instantiate: (code: Uint8Array) => Promise<{ readonly instance: { readonly exports: object } }>;
}

/** What the module exports: addresses and counts are unsigned 32-bit integers. */
export interface WasmKernels {
  readonly memory: { readonly buffer: ArrayBuffer };
  arena(bytes: number): number;
  signsAndSums(e: number, rows: number, cols: number, signs: number, sums: number): void;
  spread(base: number, signs: number, magnitudes: number, rows: number, cols: number, out: number): void;
  vote(signs: number, votes: number, n: number, rows: number, cols: number, out: number): void;
  dots(e: number, u: number, rows: number, cols: number, out: number): void;
  distances(query: number, codes: number, bytes: number, count: number, out: number): void;
  pairRow(signs: number, stride: number, rowBytes: number, n: number, out: number): void;
  medianColumns(
    values: number,
    stride: number,
    n: number,
    columns: number,
    weights: number,
    total: number,
    threshold: number,
    out: number,
  ): void;
  medianRow1bit(
    signs: number,
    stride: number,
    rowBytes: number,
    magnitudes: number,
    weights: number,
    n: number,
    threshold: number,
    out: number,
  ): void;
}

/**
 * Compiles the module. Its bytes are part of this program, so pages and workers fetch nothing.
 * @throws Error when this engine has no WebAssembly with SIMD
 */
export async function instantiate(): Promise<WasmKernels> {
  const engine = (globalThis as { readonly WebAssembly?: Engine }).WebAssembly;
  if (engine === undefined) throw new Error("expected WebAssembly, got an engine without it");
  const code = Uint8Array.from(atob(CODE), (character) => character.charCodeAt(0));
  const { instance } = await engine.instantiate(code);
  return instance.exports as WasmKernels;
}

/** Places in the module's memory for the inputs and outputs of one call. */
export class Arena {
  readonly #wasm: WasmKernels;
  #next: number;

  /** @param bytes that will be taken, 16 more for each place */
  constructor(wasm: WasmKernels, bytes: number) {
    this.#wasm = wasm;
    this.#next = wasm.arena(bytes);
  }

  /** Takes a place. @returns its address, a multiple of 16 */
  take(bytes: number): number {
    const at = this.#next;
    this.#next = (at + bytes + 15) & ~15;
    return at;
  }

  /** Takes a place and puts an input there. */
  put(input: Int8Array | Uint8Array | Int16Array | Int32Array): number {
    const at = this.take(input.byteLength);
    this.write(at, input);
    return at;
  }

  /** Puts bytes at an address. */
  write(at: number, input: Int8Array | Uint8Array | Int16Array | Int32Array): void {
    new Uint8Array(this.#wasm.memory.buffer).set(new Uint8Array(input.buffer, input.byteOffset, input.byteLength), at);
  }

  /** Copies a result out. */
  read(at: number, output: Uint8Array | Uint16Array | Int16Array | Int32Array): void {
    new Uint8Array(output.buffer, output.byteOffset, output.byteLength).set(
      new Uint8Array(this.#wasm.memory.buffer, at, output.byteLength),
    );
  }
}
