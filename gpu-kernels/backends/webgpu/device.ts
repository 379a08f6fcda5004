/// <reference types="@webgpu/types" />
import { WORKGROUP } from "./shaders.ts";

/** What a shader reads: bytes whose length is a multiple of 4. */
export type Words = Uint32Array | Int32Array;

const MOST_GROUPS = 65_535; // maxComputeWorkgroupsPerDimension that every adapter has
const USAGE_IN = 0x80 | 0x08; // GPUBufferUsage.STORAGE | COPY_DST: the globals exist in browsers only
const USAGE_OUT = 0x80 | 0x04 | 0x08; // STORAGE | COPY_SRC | COPY_DST
const USAGE_UNIFORM = 0x40 | 0x08; // UNIFORM | COPY_DST
const USAGE_READBACK = 0x01 | 0x08; // MAP_READ | COPY_DST
const MAP_READ = 0x01;

/** A device with its compiled shaders and its buffers. A buffer is used again for what fits into it, so a steady load allocates nothing. */
export class ComputeDevice {
  readonly #device: GPUDevice;
  readonly #pipelines = new Map<string, GPUComputePipeline>();
  readonly #free = new Map<string, GPUBuffer[]>();
  #broken: string | undefined;

  constructor(device: GPUDevice) {
    this.#device = device;
    device.onuncapturederror = ({ error }) => {
      this.#broken ??= error.message;
    };
    void device.lost.then(({ message }) => {
      this.#broken ??= `device lost: ${message}`;
    });
  }

  /**
   * Runs a shader over `invocations` and reads what it wrote.
   * @param sizes numbers of the uniform P after the invocations; at most 7
   * @param outputs words of each output; they begin as zeros
   * @throws Error when the device refuses or is lost
   */
  async run(
    wgsl: string,
    invocations: number,
    sizes: readonly number[],
    inputs: readonly Words[],
    outputs: readonly number[],
  ): Promise<ArrayBuffer[]> {
    const taken: [string, GPUBuffer][] = [];
    const take = (bytes: number, usage: number): GPUBuffer => {
      const buffer = this.#take(bytes, usage);
      taken.push(buffer);
      return buffer[1];
    };
    const uniform = take(32, USAGE_UNIFORM);
    this.#device.queue.writeBuffer(uniform, 0, Uint32Array.of(invocations, ...sizes, ...Array<number>(7 - sizes.length).fill(0)));
    const bound = [
      { buffer: uniform, size: 32 },
      ...inputs.map((words) => ({ buffer: this.#fill(take(words.byteLength, USAGE_IN), words), size: words.byteLength })),
      ...outputs.map((words) => ({ buffer: take(words * 4, USAGE_OUT), size: words * 4 })),
    ];
    const read = outputs.map((words) => take(words * 4, USAGE_READBACK));
    this.#submit(wgsl, invocations, bound, inputs.length + 1, read);
    const results = await Promise.all(read.map((buffer, at) => readBack(buffer, (outputs[at] ?? 0) * 4)));
    for (const [pool, buffer] of taken) this.#free.get(pool)?.push(buffer);
    if (this.#broken !== undefined) throw new Error(`WebGPU: ${this.#broken}`);
    return results;
  }

  /** Ends the device. Its buffers are unmapped by now: destroying a mapped one has aborted the process. */
  close(): void {
    this.#device.destroy();
  }

  #submit(
    wgsl: string,
    invocations: number,
    bound: readonly { buffer: GPUBuffer; size: number }[],
    firstOut: number,
    read: readonly GPUBuffer[],
  ): void {
    const pipeline = this.#pipeline(wgsl);
    const encoder = this.#device.createCommandEncoder();
    for (const { buffer, size } of bound.slice(firstOut)) encoder.clearBuffer(buffer, 0, size);
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    const entries = bound.map((resource, binding) => ({ binding, resource }));
    pass.setBindGroup(0, this.#device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
    const groups = Math.ceil(invocations / WORKGROUP);
    const across = Math.min(groups, MOST_GROUPS);
    pass.dispatchWorkgroups(across, Math.ceil(groups / across));
    pass.end();
    for (const [at, { buffer, size }] of bound.slice(firstOut).entries())
      encoder.copyBufferToBuffer(buffer, 0, read[at] as GPUBuffer, 0, size);
    this.#device.queue.submit([encoder.finish()]);
  }

  #pipeline(wgsl: string): GPUComputePipeline {
    let pipeline = this.#pipelines.get(wgsl);
    if (pipeline === undefined) {
      const module = this.#device.createShaderModule({ code: wgsl });
      pipeline = this.#device.createComputePipeline({ layout: "auto", compute: { module, entryPoint: "main" } });
      this.#pipelines.set(wgsl, pipeline);
    }
    return pipeline;
  }

  #fill(buffer: GPUBuffer, words: Words): GPUBuffer {
    this.#device.queue.writeBuffer(buffer, 0, words.buffer as ArrayBuffer, words.byteOffset, words.byteLength);
    return buffer;
  }

  /** A free buffer of the next power of two; a buffer has at least 256 bytes. */
  #take(bytes: number, usage: number): [string, GPUBuffer] {
    const size = 2 ** Math.max(8, Math.ceil(Math.log2(bytes)));
    const pool = `${usage}/${size}`;
    const free = this.#free.get(pool) ?? [];
    this.#free.set(pool, free);
    return [pool, free.pop() ?? this.#device.createBuffer({ size, usage })];
  }
}

async function readBack(buffer: GPUBuffer, bytes: number): Promise<ArrayBuffer> {
  await buffer.mapAsync(MAP_READ, 0, bytes);
  const copy = buffer.getMappedRange(0, bytes).slice(0);
  buffer.unmap();
  return copy;
}
