// The committed state for one reader on another thread: what it must be told at each commit. Memory is shared, only handles and roots travel.
import type { MemoryFeed } from "./memoryFeed.ts";
import type { ReaderSlots } from "./readerSlots.ts";
import type { Tree } from "./tree.ts";
import type { MemoryUpdate } from "./treeMemory.ts";
import type { VersionRoots } from "./versionRoots.ts";

/** One committed version: its hashes and where its trees begin. */
export interface SharedVersion extends VersionRoots {
  /** Id of the root node by store name, 0 for an empty tree. */
  readonly rootIds: ReadonlyMap<string, number>;
}

/** What changed since the last update; a structured clone shares the memory and copies nothing of the state. */
export interface StateUpdate {
  /** Versions that came, oldest first. */
  readonly versions: readonly SharedVersion[];
  /** The oldest version that is kept; undefined before the first commit. */
  readonly oldest: bigint | undefined;
  /** Segments that came, by store name. */
  readonly memory: ReadonlyMap<string, MemoryUpdate>;
}

/** What a reader on another thread begins with. */
export interface SharedState {
  /** Names of all stores. */
  readonly names: readonly string[];
  /** Where the reader announces what it reads; nobody else writes there. */
  readonly slots: SharedArrayBuffer;
  readonly first: StateUpdate;
  /** Slot in which the latest version is announced for the reader until it does so itself. */
  readonly heldSlot: number;
}

interface FeedSource {
  readonly names: readonly string[];
  kept(): Iterable<VersionRoots>;
  readonly trees: ReadonlyMap<string, Tree>;
}

/** Follows the kept versions for one reader. */
export class StateFeed {
  readonly #source: FeedSource;
  readonly #slots: ReaderSlots;
  readonly #onClose: () => void;
  readonly #memory = new Map<string, MemoryFeed>();
  #last = 0n;

  /** @param onClose lets go of the slots, with all that the reader held */
  constructor(source: FeedSource, slots: ReaderSlots, onClose: () => void) {
    this.#source = source;
    this.#slots = slots;
    this.#onClose = onClose;
  }

  /** Everything, for a reader that begins. */
  open(): SharedState {
    const first = this.take();
    const heldSlot = this.#slots.announce(this.#last);
    return { names: this.#source.names, slots: this.#slots.buffer, first, heldSlot };
  }

  /** What came since the last call. */
  take(): StateUpdate {
    const versions: SharedVersion[] = [];
    let oldest: bigint | undefined;
    for (const kept of this.#source.kept()) {
      oldest ??= kept.version;
      if (kept.version > this.#last) versions.push({ ...kept, rootIds: this.#rootIds(kept) });
    }
    this.#last = versions.at(-1)?.version ?? this.#last;
    const memory = new Map<string, MemoryUpdate>();
    for (const [name, tree] of this.#source.trees) {
      let feed = this.#memory.get(name);
      if (feed === undefined) {
        feed = tree.openFeed();
        this.#memory.set(name, feed);
      }
      const update = feed.take();
      if (update.nodes.length + update.keys.length + update.values.length > 0) memory.set(name, update);
    }
    return { versions, oldest, memory };
  }

  /** Ends the reader: what it held may be freed. CONTRACT: its thread is gone, or reads no more. */
  close(): void {
    this.#onClose();
  }

  #rootIds({ version, roots }: VersionRoots): ReadonlyMap<string, number> {
    const ids = new Map<string, number>();
    for (const name of roots.keys()) ids.set(name, this.#source.trees.get(name)?.rootId(version) ?? 0);
    return ids;
  }
}
