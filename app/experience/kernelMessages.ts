import type { MessagePort } from "node:worker_threads";
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

/** What the thread has of the node. */
export interface KernelThreadData {
  /** Tasks come, reports go. */
  readonly port: MessagePort;
  /** Counts reports: whoever waits for one sleeps on it. */
  readonly signal: Int32Array;
  readonly options: KernelThreadOptions;
}

/** What the thread that watches it has, too. */
export interface WatchedThread extends KernelThreadData {
  /** Where it tells that the thread ended. */
  readonly watch: MessagePort;
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

/** Sends a report and wakes whoever sleeps on the signal. */
export function tellReport(port: MessagePort, signal: Int32Array, report: KernelReport): void {
  port.postMessage(report);
  Atomics.add(signal, 0, 1);
  Atomics.notify(signal, 0);
}
