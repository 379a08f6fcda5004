/// <reference types="@webgpu/types" />

import type { Kernels } from "../../kernels.ts";
import { loadOptional } from "../loadOptional.ts";
import { ComputeDevice } from "./device.ts";
import { webgpuKernels } from "./webgpuKernels.ts";

/** The part of the npm package `webgpu` (Dawn) that is used here. */
interface DawnModule {
  create(options: readonly string[]): GPU;
}

export interface WebgpuOptions {
  /** A browser's `navigator.gpu`; in Node the package `webgpu` is loaded. */
  readonly gpu?: GPU;
  /** Folder whose node_modules have the package, if it is not this program's own. */
  readonly modules?: string | undefined;
}

/** The instance must stay referenced for as long as its devices live. */
let instance: GPU | undefined;

/**
 * Kernels on the best adapter of this machine. Without a driver for a GPU, SwiftShader's Vulkan works, too (docs/KERNELS.md).
 * @throws Error with the reason when there is no library, no adapter or no device
 */
export async function openWebgpu({ gpu, modules }: WebgpuOptions = {}): Promise<Kernels> {
  instance = gpu ?? instance ?? (await loadOptional<DawnModule>("webgpu", modules)).create([]);
  const adapter = await instance.requestAdapter({ powerPreference: "high-performance" });
  if (adapter === null) throw new Error("no WebGPU adapter: no Vulkan, Metal or Direct3D driver was found");
  const { maxStorageBufferBindingSize, maxBufferSize } = adapter.limits;
  const device = await adapter.requestDevice({ requiredLimits: { maxStorageBufferBindingSize, maxBufferSize } });
  const { vendor, architecture, description } = adapter.info;
  return webgpuKernels(new ComputeDevice(device), [vendor, architecture, description].filter((part) => part !== "").join(" "));
}
