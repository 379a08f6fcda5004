import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Application } from "../../../app/runtime/application.ts";
import { bindApplication } from "./bindApplication.ts";

/** A heap of this size has something to give back, in bytes; a node at work holds less. */
const LARGE_HEAP = 256 * 1024 * 1024;

/**
 * An application that gives memory back after its first commit: reading a genesis of 100,000 accounts leaves 450 MiB of garbage, and a heap that large
 * is not looked at again for a long time. Takes some tenths of a second, once, while CometBFT waits for its next block.
 * @param collect gives memory back; the default collects all garbage
 */
export function returningMemory(app: Application, collect: () => void = collectGarbage, heapBytes = heapTotal): Application {
  const inner = bindApplication(app);
  let first = true;
  return {
    ...inner,
    async commit() {
      const answer = await inner.commit();
      if (first) {
        first = false;
        // Behind the answer: the block is not held up.
        if (heapBytes() > LARGE_HEAP) setImmediate(collect);
      }
      return answer;
    },
  };
}

function heapTotal(): number {
  return process.memoryUsage().heapTotal;
}

/** V8 hands its collector only to contexts that are made while the flag is set. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  setFlagsFromString("--no-expose-gc");
  // The first run finds what is dead, the second gives back the pages of what finalizers held.
  collect();
  setImmediate(collect);
}
