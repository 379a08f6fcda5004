// The choice of a backend: the first one that opens and computes the golden vectors.
import { OPENERS } from "./backends/openers.ts";
import { guardKernels } from "./guardKernels.ts";
import type { BackendName, Kernels } from "./kernels.ts";
import { selfTest } from "./selfTest.ts";

/** Backends in the order in which they are tried. */
export const BACKENDS: readonly BackendName[] = ["tensorflow", "webgpu", "wasm", "reference"];

/** Why a backend is not used. */
export interface Refusal {
  readonly name: BackendName;
  readonly why: string;
}

export interface OpenedKernels {
  readonly kernels: Kernels;
  /** Those that were tried before, in this order. */
  readonly refused: readonly Refusal[];
}

/**
 * Opens the first backend that is there and passes the self-test. Its inputs are checked.
 * @param options.prefer which ones to try, in this order; all of {@link BACKENDS} when not given
 * @throws Error when none can be used, with every reason
 */
export async function openKernels({ prefer = BACKENDS }: { readonly prefer?: readonly BackendName[] } = {}): Promise<OpenedKernels> {
  const refused: Refusal[] = [];
  for (const name of prefer) {
    try {
      return { kernels: await openBackend(name), refused };
    } catch (cause) {
      refused.push({ name, why: cause instanceof Error ? cause.message : String(cause) });
    }
  }
  throw new Error(`no backend of the kernels can be used: ${refused.map(({ name, why }) => `${name}: ${why}`).join("; ")}`);
}

/**
 * Opens one backend and tests it. Its inputs are checked.
 * @throws Error with the reason when it is not there or computes something else
 */
export async function openBackend(name: BackendName): Promise<Kernels> {
  const open = OPENERS[name];
  if (open === undefined) throw new Error("not part of this build");
  const kernels = guardKernels(await open());
  const failure = await selfTest(kernels);
  if (failure === undefined) return kernels;
  await kernels.close().catch(() => {});
  throw new Error(`self-test: ${failure}`);
}
