import type { BackendName } from "#kernels";
import type { RoundInput, RoundResult } from "../../modules/experience/port.ts";

/** The backend that computes aggregates on this node, and why others do not. */
export interface KernelStatus {
  readonly backend: BackendName;
  /** Version of its library, adapter. */
  readonly detail: string;
  readonly refused: readonly { readonly name: BackendName; readonly why: string }[];
}

/** What the thread is started with. */
export interface KernelThreadOptions {
  /** Backends to try, in this order. */
  readonly prefer?: readonly BackendName[];
  /** Folder whose node_modules has the optional libraries of backends; this program's own when left out. */
  readonly modules?: string;
  /** For tests: a number of the chosen backend's aggregate that is computed wrong. */
  readonly fault?: number;
}

/** What the thread is told. */
export interface KernelTask {
  readonly key: string;
  readonly input: RoundInput;
}

/** What the thread tells. A failure without a key is one of the thread itself. */
export type KernelReport =
  | { readonly kind: "opened"; readonly status: KernelStatus }
  | { readonly kind: "computed"; readonly key: string; readonly result: RoundResult; readonly ms: number }
  | { readonly kind: "failed"; readonly key: string; readonly text: string };
