// The choice of a backend: the first one that opens and computes the golden vectors.
import { type Openers, PORTABLE_OPENERS } from "./backends/openers.ts";
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

export interface OpenOptions {
  readonly prefer?: readonly BackendName[];
  readonly openers?: Openers;
}

/**
 * Opens the first backend that is there and passes the self-test. Its inputs are checked.
 * @param options.prefer which ones to try, in this order; all of {@link BACKENDS} when not given
 * @param options.openers those of this platform; `nodeOpeners` of `#kernels/node` has all four
 * @throws Error when none can be used, with every reason
 */
export async function openKernels({ prefer = BACKENDS, openers = PORTABLE_OPENERS }: OpenOptions = {}): Promise<OpenedKernels> {
  const refused: Refusal[] = [];
  for (const name of prefer) {
    try {
      return { kernels: await openBackend(name, openers), refused };
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
export async function openBackend(name: BackendName, openers: Openers = PORTABLE_OPENERS): Promise<Kernels> {
  const open = openers[name];
  if (open === undefined) throw new Error("not on this platform");
  const kernels = guardKernels(await open());
  const failure = await selfTest(kernels);
  if (failure === undefined) return kernels;
  await kernels.close().catch(() => {});
  throw new Error(`self-test: ${failure}`);
}
