// Holding a version: what a reader on any thread does before it reads, and ends when it is done. Pruning frees nothing under a held version.
import type { KVReader } from "./kv.ts";
import { ReaderSlots } from "./readerSlots.ts";
import { StoreError } from "./storeError.ts";
import { NodeWalk } from "./treeExport.ts";
import { type SharedMemory, TreeMemory } from "./treeMemory.ts";
import { TreeReader } from "./treeReader.ts";

/** One committed version, to be posted to another thread: the memory is shared, nothing is copied. */
export interface SharedTree {
  readonly version: bigint;
  /** Id of the root, 0 for the empty tree. */
  readonly root: number;
  readonly memory: SharedMemory;
  readonly slots: SharedArrayBuffer;
}

/** A version that stays readable until it is released. */
export interface HeldVersion {
  readonly version: bigint;
  /** Reads of the version; after the release it throws store/7. */
  readonly reader: KVReader;
  /** Its nodes, once; after the release it throws store/7. */
  readonly nodes: NodeWalk;
  /** Ends the hold; further calls do nothing. */
  release(): void;
}

/**
 * Holds a version whose memory is at hand.
 * @param root id of the root of that version
 * @throws store/7 when the version is pruned already, store/18 when 256 versions are held
 */
export function holdVersion(memory: TreeMemory, slots: ReaderSlots, version: bigint, root: number): HeldVersion {
  const slot = slots.announce(version);
  let isHeld = true;
  const check = (): void => {
    if (!isHeld) throw new StoreError("versionNotKept", `reader: expected a held version, ${version} was released`);
  };
  const release = (): void => {
    if (isHeld) slots.release(slot);
    isHeld = false;
  };
  return { version, reader: new TreeReader(memory, root, check), nodes: new NodeWalk(memory, root, check), release };
}

/**
 * Holds a version of a tree that lives on another thread.
 * @throws store/7 when the version was pruned before this call, store/18 when 256 versions are held
 */
export function holdShared(shared: SharedTree): HeldVersion {
  return holdVersion(new TreeMemory(shared.memory), new ReaderSlots(shared.slots), shared.version, shared.root);
}
