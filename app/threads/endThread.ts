import type { Worker } from "node:worker_threads";
import { within } from "./within.ts";

/** Longest wait for a thread that is to end, in milliseconds. */
export const END_PATIENCE_MS = 10_000;

/**
 * Ends a thread, whatever it does, and waits until it is gone. Some waits of a thread cannot be broken off: for a disk that does not answer, and, in Node's
 * own end of a thread, for the compiler's jobs while those wait for the thread's garbage collection (nodejs/node#54918).
 * @param name what the thread does, for the error @param patienceMs milliseconds
 * @throws Error when it is still there after that time; it no longer keeps the process alive then, but Node's exit waits for it
 */
export async function endThread(worker: Worker, name: string, patienceMs = END_PATIENCE_MS): Promise<void> {
  worker.ref();
  try {
    await within(worker.terminate(), patienceMs, `the ${name} thread`);
  } finally {
    worker.unref();
  }
}
