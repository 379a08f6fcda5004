import type { Usage } from "./loadNode.ts";

/** How often memory is read: a read costs some 0.1 ms. */
const EVERY_MS = 250;

/** Most resident memory seen, in MiB. */
export interface PeakMemory {
  readonly app: number;
  readonly comet: number;
}

/**
 * Reads the memory of a node's two processes until it is stopped.
 *
 * @param usage what they use now.
 * @returns `stop`, which reads a last time and answers with the most of each.
 */
export function watchMemory(usage: () => { readonly app: Usage; readonly comet: Usage }): { stop(): PeakMemory } {
  let peak: PeakMemory = { app: 0, comet: 0 };
  const read = (): void => {
    const { app, comet } = usage();
    peak = { app: Math.max(peak.app, app.rssMiB), comet: Math.max(peak.comet, comet.rssMiB) };
  };
  const timer = setInterval(() => {
    try {
      read();
    } catch {
      // The node is gone: whoever waits for it says so.
      clearInterval(timer);
    }
  }, EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      read();
      return peak;
    },
  };
}
