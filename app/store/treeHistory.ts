// The committed versions of a tree: the root of each, and what each left behind. Freeing is a walk over lists, never a scan of the tree.
import { StoreError } from "./storeError.ts";
import type { TreeMemory } from "./treeMemory.ts";
import type { Retired } from "./workingTree.ts";

interface Kept {
  readonly version: bigint;
  readonly root: number;
  /** What this version no longer reaches and the one before did; undefined for the first, and where nothing changed. */
  readonly retired: Retired | undefined;
}

/**
 * Kept versions, oldest first and without gaps.
 * INVARIANT: everything that a kept version reaches is in use; a node retired by version v is reached by versions below v only.
 */
export class TreeHistory {
  private readonly memory: TreeMemory;
  private readonly kept: Kept[];

  /**
   * @param version the first version of this history, not below 0
   * @param root id of its root
   */
  constructor(memory: TreeMemory, version: bigint, root: number) {
    this.memory = memory;
    this.kept = [{ version, root, retired: undefined }];
  }

  /** The latest version. */
  get version(): bigint {
    return this.latest.version;
  }

  /** Id of the root of the latest version, 0 for the empty tree. */
  get root(): number {
    return this.latest.root;
  }

  /** The oldest version whose nodes are all in use. */
  get oldest(): bigint {
    return this.first.version;
  }

  /** Appends a version. */
  push(version: bigint, root: number, retired: Retired | undefined): void {
    this.kept.push({ version, root, retired });
  }

  /**
   * Id of the root of a kept version.
   * @throws store/7 otherwise
   */
  rootAt(version: bigint): number {
    if (version === this.version) return this.root;
    // The first version may be 0, the state before an initialVersion above 1: the ones after it have no gaps.
    const index = version === this.oldest ? 0 : this.kept.length - 1 - Number(this.version - version);
    const entry = this.kept[index];
    if (entry?.version === version) return entry.root;
    throw new StoreError("versionNotKept", `tree: expected a version of ${this.oldest} to ${this.version}, got ${version}`);
  }

  /**
   * Frees what only versions below `oldest` reach; the latest version always stays.
   * @param oldest below it nothing is read any more
   */
  freeBelow(oldest: bigint): void {
    while (this.kept.length > 1 && this.first.version < oldest) {
      this.kept.shift();
      this.free(this.first.retired);
    }
  }

  private free(retired: Retired | undefined): void {
    if (retired === undefined) return;
    const { nodes, keys, values } = this.memory;
    // Lists instead of the rows themselves, which nobody has touched for many versions.
    for (let i = 0; i < retired.nodes.length; i++) nodes.free(retired.nodes[i] as number);
    for (let i = 0; i < retired.keys.length; i++) keys.free(retired.keys[i] as number);
    for (let i = 0; i < retired.values.length; i++) values.free(retired.values[i] as number);
  }

  private get latest(): Kept {
    return this.kept[this.kept.length - 1] as Kept; // INVARIANT: never empty
  }

  private get first(): Kept {
    return this.kept[0] as Kept;
  }
}
