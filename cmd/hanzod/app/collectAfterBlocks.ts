import { getHeapSpaceStatistics } from "node:v8";
import type { Application } from "../../../app/runtime/application.ts";
import { bindApplication } from "./bindApplication.ts";
import { exposedCollector } from "./exposedCollector.ts";

/** How long after a commit: CometBFT has written its own record by then and told everybody of the block, in milliseconds. */
const AFTER_MS = 50;

/** A part of the young generation from which its collection is worth its call. */
const WORTHWHILE = 0.2;

/**
 * An application that collects young garbage when a block is done and nobody waits. By itself V8 does so when four fifths of its young generation are
 * full, as a task of the next idle moment: that is between a block's execution, which fills it, and its commit. Blocks that follow closer than a
 * collection would are left to V8.
 * @param collect collects the young generation
 * @param fill how much of it is used, 0 to 1
 */
export function collectingAfterBlocks(
  app: Application,
  collect: () => void = youngCollector(),
  fill: () => number = youngFill,
  afterMs = AFTER_MS,
): Application {
  const inner = bindApplication(app);
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    if (fill() > WORTHWHILE) collect();
  };
  return {
    ...inner,
    finalizeBlock(request) {
      clearTimeout(timer);
      return inner.finalizeBlock(request);
    },
    async commit() {
      const answer = await inner.commit();
      timer = setTimeout(look, afterMs).unref();
      return answer;
    },
  };
}

function youngCollector(): () => void {
  const collect = exposedCollector();
  return () => collect({ type: "minor" });
}

function youngFill(): number {
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space");
  if (young === undefined) return 0;
  return young.space_used_size / (young.space_used_size + young.space_available_size);
}
