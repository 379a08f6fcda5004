import type { Application } from "../../../app/runtime/application.ts";
import { bindApplication } from "./bindApplication.ts";
import { exposedCollector } from "./exposedCollector.ts";

/** A heap of this size has something to give back, in bytes; a node at work holds less. */
const LARGE_HEAP = 256 * 1024 * 1024;

/** How long after the first commit: by then what it left to be written behind the blocks is written, in milliseconds. */
const AFTER_MS = 5000;
/** A machine with much else to do is not done by then: what still holds memory is looked for again, each time after twice as long. */
const LOOKS = 5;

/**
 * An application that gives memory back some seconds after its first commit: reading a genesis of 100,000 accounts leaves 450 MiB of garbage, and a heap that large
 * is not looked at again for a long time. Takes some tenths of a second, and ends when the heap is small.
 * @param collect gives memory back; the default collects all garbage
 */
export function returningMemory(
  app: Application,
  collect: () => void = collectGarbage,
  heapBytes: () => number = heapTotal,
  afterMs = AFTER_MS,
): Application {
  const inner = bindApplication(app);
  let first = true;
  const look = (looks: number, delayMs: number): void => {
    if (looks === 0 || heapBytes() <= LARGE_HEAP) return;
    setTimeout(() => {
      if (heapBytes() > LARGE_HEAP) collect();
      look(looks - 1, 2 * delayMs);
    }, delayMs).unref();
  };
  return {
    ...inner,
    async commit() {
      const answer = await inner.commit();
      if (first) look(LOOKS, afterMs);
      first = false;
      return answer;
    },
  };
}

function heapTotal(): number {
  return process.memoryUsage().heapTotal;
}

function collectGarbage(): void {
  const collect = exposedCollector();
  // The first run finds what is dead, the second gives back the pages of what finalizers held.
  collect();
  setImmediate(collect);
}
