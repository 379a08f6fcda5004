import { createNodeKernels } from "../../../../app/experience/kernelThread.ts";
import type { ExperienceKernels } from "../../../../modules/experience/index.ts";

/** The kernels of all nodes of a simulation. */
export interface SimKernels {
  /** Those of a node that starts: what was computed for another one, or before it died, is computed anew. */
  forNode(): ExperienceKernels;
  /** Starts their thread, which chooses its backend while the chain begins: else the first round waits for that. */
  open(): void;
  /** Ends their thread. */
  close(): void;
}

/** One thread for all: one for each start of a node would be a fifth of a simulation's work, and none of them would ever end. */
export function createSimKernels(): SimKernels {
  const thread = createNodeKernels();
  let nodes = 0;
  return {
    forNode() {
      const node = nodes++;
      return {
        ...thread,
        begin: (id, input) => thread.begin(`${node}/${id}`, input),
        result: (id, input) => thread.result(`${node}/${id}`, input),
      };
    },
    open: () => thread.open(),
    close: () => void thread.close(),
  };
}
