// Follows the shared segments of one tree for one other thread, which gets each segment once.
import type { MemoryUpdate, SegmentUpdate, TreeMemory } from "./treeMemory.ts";

/** Says which segments came or were replaced since it was last asked. */
export class MemoryFeed {
  readonly #memory: TreeMemory;
  readonly #nodes: SharedArrayBuffer[] = [];
  readonly #keys: SharedArrayBuffer[] = [];
  readonly #values: SharedArrayBuffer[] = [];

  /** @param memory the tree's memory; nothing of it is known to the other thread yet */
  constructor(memory: TreeMemory) {
    this.#memory = memory;
  }

  /** What the other thread does not have yet. */
  take(): MemoryUpdate {
    const { nodes, keys, values } = this.#memory;
    return {
      nodes: difference(this.#nodes, nodes.segments),
      keys: difference(this.#keys, keys.segments),
      values: difference(this.#values, values.segments),
    };
  }
}

/** Brings `known` up to `segments` and returns what was missing. */
function difference(known: SharedArrayBuffer[], segments: readonly SharedArrayBuffer[]): SegmentUpdate {
  const missing: [number, SharedArrayBuffer][] = [];
  for (let index = 0; index < segments.length; index++) {
    const segment = segments[index] as SharedArrayBuffer;
    if (known[index] === segment) continue;
    known[index] = segment;
    missing.push([index, segment]);
  }
  return missing;
}
