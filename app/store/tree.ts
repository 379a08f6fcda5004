// One IAVL tree: the port that the commit store drives, and its implementation over shared memory. Roots, proofs and exports are those of
// IAVL v1, byte for byte.

import { sha256 } from "#sha256";
import { compareBytes } from "../encoding/bytes.ts";
import { FirstUseProof, FirstUseReader, type WrongNode } from "./firstUseProof.ts";
import type { HashKernel } from "./hash.ts";
import type { Change, KVReader } from "./kv.ts";
import { MemoryFeed } from "./memoryFeed.ts";
import { hasherOf } from "./nodeHasher.ts";
import { ReaderSlots } from "./readerSlots.ts";
import { chooseHashKernel } from "./simdHashKernel.ts";
import { StoreError } from "./storeError.ts";
import { type ExportedNode, exportNodes, NodeImport, type NodeInPlace, NodeWalk } from "./treeExport.ts";
import { TreeHistory } from "./treeHistory.ts";
import { type HeldVersion, holdVersion, type SharedTree } from "./treeHold.ts";
import { TreeMemory } from "./treeMemory.ts";
import { proveKey } from "./treeProof.ts";
import { TreeReader } from "./treeReader.ts";
import { WorkingTree } from "./workingTree.ts";

const maxVersion = (1n << 63n) - 1n;
const EMPTY_ROOT = sha256(new Uint8Array(0));

/** How large a tree is. */
export interface TreeSize {
  /** Number of keys of the latest version. */
  readonly keys: number;
  /** Height of the latest version; 0 for a single leaf and for the empty tree. */
  readonly height: number;
  /** Nodes of all kept versions and of the working one. */
  readonly nodes: number;
  /** Bytes of all keys and values of all kept versions and of the working one. */
  readonly dataBytes: number;
  /** Bytes of shared memory reserved for nodes, keys and values. */
  readonly reservedBytes: number;
}

/** An authenticated ordered map with versions. Committed versions never change; one working version is built on top of the latest. */
export interface Tree {
  /** The last committed version; 0 before the first. */
  readonly version: bigint;
  /** The root hash of the last committed version; SHA-256 of nothing for an empty tree. */
  readonly root: Uint8Array;
  /**
   * Builds the working version on top of the committed one and returns its root hash; a working version that was there before is discarded.
   * The changes are made one by one in the order given. DETERMINISM: that order fixes the shape, hence the root.
   * @param version last committed version + 1, or the initial version before the first commit
   * @param changes sorted by key bytes, keys unique
   * @throws store/9 for another version, store/11 when the changes are not sorted; the tree then has no working version
   */
  apply(version: bigint, changes: readonly Change[]): Uint8Array;
  /**
   * Makes the working version the committed one.
   * @throws store/10 without a working version
   */
  commit(): void;
  /** Drops the working version, if there is one. */
  discard(): void;
  /**
   * Reads of a kept version. When the version is pruned later the reader throws store/7.
   * @throws store/7 when the version is not kept
   */
  reader(version: bigint): KVReader;
  /**
   * Holds a kept version until it is released: pruning frees nothing under it.
   * @throws store/7 when the version is not kept, store/18 when 256 versions are held
   */
  hold(version: bigint): HeldVersion;
  /**
   * A kept version for another thread, which holds it with `holdShared`.
   * @throws store/7 when the version is not kept
   */
  share(version: bigint): SharedTree;
  /**
   * Id of the root of a kept version, 0 for the empty tree: all that a thread needs which has the memory already.
   * @throws store/7 when the version is not kept
   */
  rootId(version: bigint): number;
  /** A follower of the shared memory for one thread. */
  openFeed(): MemoryFeed;
  /**
   * An encoded ICS-23 CommitmentProof that `key` is present, or absent, at a kept version.
   * @throws store/7 when the version is not kept
   */
  prove(version: bigint, key: Uint8Array): Uint8Array;
  /**
   * Forgets the versions below `oldestKept` (never the last committed one) and frees what only they reach, as far as nobody holds them.
   * @param held the lowest version that somebody holds who does not say so in the tree's own slots; `oldestKept` when left out
   */
  prune(oldestKept: bigint, held?: bigint): void;
  /**
   * The nodes of a kept version in post-order. When the version is pruned meanwhile the iteration throws store/7.
   * @throws store/7 when the version is not kept
   */
  exportNodes(version: bigint): IterableIterator<ExportedNode>;
  /**
   * Hashes each node again when it is first read or changed by, because nobody has: its hash came with it.
   * @param where names the tree in errors
   * @param found told of the first wrong node; whatever used it then throws the same store/14, as does all that comes later
   */
  doubt(where: string, found: WrongNode): void;
  /** Ends that: all of them are proven. */
  trust(): void;
  /** Number of keys, height, nodes and bytes, for metrics. */
  size(): TreeSize;
}

/** Settings of a tree. */
export interface TreeOptions {
  /** Version of the first commit and smallest stamp of a node, 1 to 2^63 − 1. Default 1. */
  readonly initialVersion?: bigint;
  /** Who hashes. Default: the fastest kernel that works here. */
  readonly kernel?: HashKernel;
  /** What a renamed store takes over: its pairs become part of the first version, in ascending order, before that version's own changes. */
  readonly inherits?: KVReader;
}

/**
 * An empty tree.
 * @throws store/9 when the initial version is not 1 to 2^63 − 1
 */
export function createTree(opts: TreeOptions = {}): Tree {
  const initialVersion = opts.initialVersion ?? 1n;
  if (initialVersion < 1n || initialVersion > maxVersion) {
    throw new StoreError("wrongVersion", `tree: expected an initial version of 1 to ${maxVersion}, got ${initialVersion}`);
  }
  return new IavlTree(new TreeMemory(), 0n, 0, initialVersion, opts.kernel ?? chooseHashKernel().kernel, opts.inherits);
}

/**
 * The tree whose `exportNodes(version)` gave `nodes`, with that version as its only one.
 * @param version 1 to 2^63 − 2
 * @throws store/9 for another version, store/15 when the nodes are no valid export
 */
export function importTree(nodes: Iterable<ExportedNode>, version: bigint, opts: Pick<TreeOptions, "kernel"> = {}): Tree {
  const tree = new TreeImport(version, opts);
  for (const node of nodes) tree.add(node);
  return tree.finish();
}

/** {@link importTree} for nodes that arrive one by one. */
export class TreeImport {
  private readonly memory = new TreeMemory();
  private readonly version: bigint;
  private readonly kernel: HashKernel;
  private readonly nodes: NodeImport;

  /**
   * @param version of the export, 1 to 2^63 − 2
   * @throws store/9 for another version
   */
  constructor(version: bigint, opts: Pick<TreeOptions, "kernel"> = {}) {
    if (version < 1n || version >= maxVersion)
      throw new StoreError("wrongVersion", `import: expected a version of 1 to 2^63 − 2, got ${version}`);
    this.version = version;
    this.kernel = opts.kernel ?? chooseHashKernel().kernel;
    this.nodes = new NodeImport(this.memory, version);
  }

  /** Takes the next node in post-order; its bytes are copied. @throws store/15 when it cannot stand there */
  add(node: ExportedNode): void {
    this.nodes.add(node);
  }

  /** {@link add} for a leaf, or an inner node whose key is the smallest one to its right, out of the middle of other bytes. */
  addInPlace(node: NodeInPlace): void {
    if (node.height === 0) this.nodes.addLeaf(node);
    else this.nodes.addInner(node);
  }

  /**
   * The tree.
   * @param isHashed whether each node came with its hash, to be taken as it is; left out, all are hashed
   * @throws store/15 when the nodes are no single tree
   */
  finish(isHashed = false): Tree {
    const root = this.nodes.end();
    if (!isHashed) hasherOf(this.kernel).hashNodes(this.memory, this.memory.nodes.ids());
    return new IavlTree(this.memory, this.version, root, this.version + 1n, this.kernel, undefined);
  }
}

class IavlTree implements Tree {
  private readonly memory: TreeMemory;
  private readonly history: TreeHistory;
  private readonly slots = new ReaderSlots();
  private readonly kernel: HashKernel;
  private readonly initialVersion: bigint;
  private inherits: KVReader | undefined;
  /** Without a tree where the version changes nothing. */
  private working: { readonly version: bigint; readonly hash: Uint8Array; readonly tree?: WorkingTree } | undefined;
  /** Root hash of the last committed version, once it is known. */
  private committed: Uint8Array | undefined;
  /** While there are nodes that nobody has hashed. */
  private unproven: FirstUseProof | undefined;

  constructor(memory: TreeMemory, version: bigint, root: number, nextVersion: bigint, kernel: HashKernel, inherits: KVReader | undefined) {
    this.memory = memory;
    this.history = new TreeHistory(memory, version, root);
    this.initialVersion = nextVersion;
    this.kernel = kernel;
    this.inherits = inherits;
    this.slots.raiseFloor(version);
  }

  get version(): bigint {
    return this.history.version;
  }

  get root(): Uint8Array {
    this.committed ??= this.hashOf(this.history.root);
    return this.committed;
  }

  apply(version: bigint, changes: readonly Change[]): Uint8Array {
    this.discard();
    const expected = this.version < this.initialVersion ? this.initialVersion : this.version + 1n;
    if (version !== expected || version > maxVersion)
      throw new StoreError("wrongVersion", `tree: expected version ${expected}, got ${version}`);
    if (changes.length === 0 && this.inherits === undefined) {
      this.working = { version, hash: this.root };
      return this.root;
    }
    requireSorted(changes);
    const tree = new WorkingTree(this.memory, this.history.root, version);
    try {
      for (const [key, value] of this.inherits?.iterate() ?? []) tree.set(key, value);
      tree.change(changes);
      this.unproven?.proveChanges(this.history.root, changes, tree.used());
      hasherOf(this.kernel).hashNodes(this.memory, tree.fresh());
    } catch (cause) {
      tree.discard();
      throw cause;
    }
    const hash = this.hashOf(tree.root);
    this.working = { version, hash, tree };
    return hash;
  }

  commit(): void {
    if (this.working === undefined)
      throw new StoreError("nothingApplied", `tree: expected an applied version above ${this.version}, got none`);
    const { version, hash, tree } = this.working;
    this.working = undefined;
    this.committed = hash;
    this.inherits = undefined;
    this.history.push(version, tree?.root ?? this.history.root, tree?.finish());
  }

  discard(): void {
    this.working?.tree?.discard();
    this.working = undefined;
  }

  reader(version: bigint): KVReader {
    const root = this.rootAt(version);
    const check = (): void => this.requireInUse(version);
    const reader = new TreeReader(this.memory, root, check);
    return this.unproven === undefined ? reader : new FirstUseReader(reader, this.unproven, root, check);
  }

  doubt(where: string, found: WrongNode): void {
    this.unproven = new FirstUseProof(this.memory, this.kernel, where, found);
  }

  trust(): void {
    this.unproven = undefined;
  }

  hold(version: bigint): HeldVersion {
    return holdVersion(this.memory, this.slots, version, this.rootAt(version));
  }

  share(version: bigint): SharedTree {
    return { version, root: this.rootAt(version), memory: this.memory.share(), slots: this.slots.buffer };
  }

  prove(version: bigint, key: Uint8Array): Uint8Array {
    return proveKey(this.memory, this.rootAt(version), key);
  }

  rootId(version: bigint): number {
    return this.rootAt(version);
  }

  openFeed(): MemoryFeed {
    return new MemoryFeed(this.memory);
  }

  prune(oldestKept: bigint, held: bigint = oldestKept): void {
    const floor = oldestKept < this.version ? oldestKept : this.version;
    const announced = this.slots.raiseFloor(floor);
    this.history.freeBelow(held < announced ? held : announced);
  }

  exportNodes(version: bigint): IterableIterator<ExportedNode> {
    return exportNodes(new NodeWalk(this.memory, this.rootAt(version), () => this.requireInUse(version)));
  }

  size(): TreeSize {
    const { nodes, keys, values } = this.memory;
    const root = this.history.root;
    return {
      keys: root === 0 ? 0 : nodes.size(root),
      height: root === 0 ? 0 : nodes.height(root),
      nodes: nodes.count,
      dataBytes: keys.usedBytes + values.usedBytes,
      reservedBytes: nodes.reservedBytes + keys.reservedBytes + values.reservedBytes,
    };
  }

  /** Root of a version that is kept; one that lives on only because somebody holds it is not. */
  private rootAt(version: bigint): number {
    if (version < this.slots.floor) {
      throw new StoreError("versionNotKept", `tree: expected a version of ${this.slots.floor} to ${this.version}, got ${version}`);
    }
    return this.history.rootAt(version);
  }

  private requireInUse(version: bigint): void {
    if (version >= this.history.oldest) return;
    throw new StoreError("versionNotKept", `tree: expected a version of ${this.history.oldest} to ${this.version}, ${version} was pruned`);
  }

  private hashOf(root: number): Uint8Array {
    return root === 0 ? EMPTY_ROOT : this.memory.nodes.hash(root);
  }
}

function requireSorted(changes: readonly Change[]): void {
  let last: Uint8Array | undefined;
  for (const [key] of changes) {
    if (last !== undefined && compareBytes(last, key) >= 0) {
      throw new StoreError(
        "badChangeSet",
        "tree: expected changes in ascending order of unique keys, got a key that is not above the one before",
      );
    }
    last = key;
  }
}
