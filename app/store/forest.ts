// All stores together: one tree each, their roots under one app hash, version by version.

import { compareBytes, encodeUtf8, equalBytes, toHex } from "../encoding/bytes.ts";
import type { CommitRecord } from "./commitRecord.ts";
import { type FailpointHook, noFailpoints } from "./failpoint.ts";
import type { WrongNode } from "./firstUseProof.ts";
import type { ChangeSet, KVReader, StateReader } from "./kv.ts";
import { MultistoreRoot, multistoreRoot, proveStore } from "./multistore.ts";
import { ReaderSlots } from "./readerSlots.ts";
import { StateFeed } from "./stateFeed.ts";
import { StoreError } from "./storeError.ts";
import { createTree, type Tree, type TreeSize } from "./tree.ts";
import type { NodeWalk } from "./treeExport.ts";
import type { VersionRoots } from "./versionRoots.ts";

/** One step of a proof, as ABCI carries it. */
export interface ProofOp {
  readonly type: string;
  readonly key: Uint8Array;
  readonly data: Uint8Array;
}

/** One store of a held version. */
export interface HeldStore {
  readonly name: string;
  readonly reader: KVReader;
  /** Its nodes in post-order, once. */
  readonly nodes: NodeWalk;
  /** Ends the hold of this store. */
  release(): void;
}

/** A version that stays until its release. */
export interface HeldForest extends VersionRoots {
  /** In the order of the names' bytes. */
  readonly stores: readonly HeldStore[];
  /** Ends the hold; readers and nodes are over then. */
  release(): void;
}

/** How large the trees are together. */
export interface ForestSize extends Pick<TreeSize, "keys" | "nodes" | "dataBytes" | "reservedBytes"> {
  /** Versions that can be read. */
  readonly versions: number;
}

const nothing: KVReader = { get: () => undefined, has: () => false, *iterate() {} };

/** The trees of a chain and the hashes of their kept versions. A store that came later is empty in the versions before it. */
export class Forest {
  /** Version of the first commit. */
  readonly initialVersion: bigint;
  readonly #names: readonly string[];
  readonly #trees: Map<string, Tree>;
  readonly #kept = new Map<bigint, VersionRoots>();
  readonly #root = new MultistoreRoot();
  /** Slots of the readers on other threads. */
  readonly #readers = new Set<ReaderSlots>();
  #latest: VersionRoots;
  #working: VersionRoots | undefined;

  /**
   * @param names the stores of the chain as it is now
   * @param initialVersion version of the first commit, at least 1
   * @param trees the trees of `at`, none for a new chain
   */
  constructor(names: readonly string[], initialVersion: bigint, trees: ReadonlyMap<string, Tree> = new Map(), at?: VersionRoots) {
    this.#names = requireStoreNames(names);
    this.initialVersion = initialVersion;
    this.#trees = new Map(trees);
    this.#latest = at ?? { version: 0n, appHash: multistoreRoot(new Map()), roots: new Map() };
    if (at !== undefined) this.#kept.set(at.version, at);
  }

  /** The hashes of the last committed version; version 0 before the first. */
  get latest(): VersionRoots {
    return this.#latest;
  }

  /** The version that the next commit must have. */
  get nextVersion(): bigint {
    return this.#latest.version === 0n ? this.initialVersion : this.#latest.version + 1n;
  }

  /**
   * Builds the next version in memory, in place of an earlier attempt.
   * @param names the stores that exist at that version; all by default
   * @param reach told of the moments between two trees and before the root over all
   * @throws store/9 for another version than the next, store/6 for changes of an unknown store, store/11 when changes are not sorted
   */
  apply(version: bigint, changes: ChangeSet, names: readonly string[] = this.#names, reach: FailpointHook = noFailpoints): VersionRoots {
    this.discard();
    if (version !== this.nextVersion) throw new StoreError("wrongVersion", `expected version ${this.nextVersion}, got ${version}`);
    for (const name of changes.keys()) {
      if (!names.includes(name)) throw new StoreError("unknownStore", `expected changes of ${names.join(", ")}, got "${name}"`);
    }
    const roots = new Map<string, Uint8Array>();
    for (const name of names) {
      let tree = this.#trees.get(name);
      if (tree === undefined) {
        // Its first nodes are stamped with this version, as those of a store that an upgrade adds.
        tree = createTree({ initialVersion: version });
        this.#trees.set(name, tree);
      }
      roots.set(name, tree.apply(version, changes.get(name) ?? []));
      reach("betweenTrees");
    }
    reach("beforeRoot");
    this.#working = { version, roots, appHash: this.#root.of(roots) };
    return this.#working;
  }

  /**
   * Makes the working version the latest.
   * @throws store/10 without a working version
   */
  commit(): void {
    const working = this.#working;
    if (working === undefined) throw new StoreError("nothingApplied", `expected an applied version ${this.nextVersion}, got none`);
    for (const name of working.roots.keys()) this.#trees.get(name)?.commit();
    this.#working = undefined;
    this.#latest = working;
    this.#kept.set(working.version, working);
  }

  /**
   * Takes over the trees of a version, as the first that there is.
   * @throws store/9 when a version was committed before
   */
  adopt(trees: ReadonlyMap<string, Tree>, at: VersionRoots): void {
    this.discard();
    if (this.#latest.version !== 0n)
      throw new StoreError("wrongVersion", `restore: expected an empty state, got one of height ${this.#latest.version}`);
    for (const [name, tree] of trees) this.#trees.set(name, tree);
    this.#latest = at;
    this.#kept.set(at.version, at);
  }

  /** Drops the working version, if there is one. */
  discard(): void {
    this.#working = undefined;
    for (const [name, tree] of this.#trees) {
      tree.discard();
      // A tree that has never been committed was made for the version that is dropped.
      if (tree.version === 0n) this.#trees.delete(name);
    }
  }

  /**
   * Builds and commits one version of the log.
   * @throws store/14 when a root or the app hash comes out differently, with the height, the store and both hashes
   */
  replay(record: CommitRecord): void {
    const names = this.#names.filter((name) => record.roots.has(name));
    const { roots, appHash } = this.apply(record.version, record.changes, names);
    const at = `height ${record.version}`;
    for (const [name, expected] of record.roots) requireSameHash(`${at}, store "${name}"`, expected, roots.get(name));
    requireSameHash(`${at}, app hash`, record.appHash, appHash);
    this.commit();
  }

  /**
   * Hashes each node again when it is first used, until `trust`.
   * @param where names what the nodes came from
   * @param found told of a wrong one, before whoever used it is refused with store/14
   */
  doubt(where: string, found: WrongNode): void {
    for (const [name, tree] of this.#trees) tree.doubt(`${where}, store "${name}"`, found);
  }

  /** Takes all nodes for proven. */
  trust(): void {
    for (const tree of this.#trees.values()) tree.trust();
  }

  /**
   * Reads of a kept version; version 0 is the empty state before the first commit.
   * @throws store/7 when the version is not kept
   */
  reader(version: bigint): StateReader {
    if (version === 0n && this.#latest.version === 0n) return { version, store: (name) => this.#readEmpty(name) };
    const { roots } = this.rootsAt(version);
    const readers = new Map<string, KVReader>();
    const open = (name: string): KVReader => {
      const tree = roots.has(name) ? this.#trees.get(name) : undefined;
      const reader = tree === undefined ? this.#readEmpty(name) : tree.reader(version);
      readers.set(name, reader);
      return reader;
    };
    return { version, store: (name) => readers.get(name) ?? open(name) };
  }

  /**
   * The value of `key` in a kept version, undefined when absent, and the two proof steps from it to the app hash.
   * @throws store/6 for an unknown store, store/7 when the version is not kept, store/16 for absence from an empty store
   */
  prove(store: string, key: Uint8Array, version: bigint): { value: Uint8Array | undefined; ops: readonly ProofOp[] } {
    const { roots } = this.rootsAt(version);
    const tree = this.#trees.get(store);
    if (tree === undefined || !roots.has(store)) {
      throw new StoreError("unknownStore", `expected one of ${[...roots.keys()].join(", ")} at version ${version}, got "${store}"`);
    }
    const value = tree.reader(version).get(key);
    const ops = [
      { type: "ics23:iavl", key, data: tree.prove(version, key) },
      { type: "ics23:simple", key: encodeUtf8(store), data: proveStore(roots, store) },
    ];
    return { value, ops };
  }

  /**
   * The hashes of a kept version.
   * @throws store/7 when the version is not kept
   */
  rootsAt(version: bigint): VersionRoots {
    const found = this.#kept.get(version);
    if (found !== undefined) return found;
    const oldest = this.#kept.keys().next().value;
    const expected = oldest === undefined ? "no version is committed yet" : `expected ${oldest} to ${this.#latest.version}`;
    throw new StoreError("versionNotKept", `${expected}, got ${version}`);
  }

  /** Forgets the versions below `oldestKept`; the latest always stays. */
  prune(oldestKept: bigint): void {
    for (const version of this.#kept.keys()) {
      if (version >= oldestKept || version === this.#latest.version) break;
      this.#kept.delete(version);
    }
    const floor = oldestKept < this.#latest.version ? oldestKept : this.#latest.version;
    let held = floor;
    for (const slots of this.#readers) {
      const lowest = slots.raiseFloor(floor);
      if (lowest < held) held = lowest;
    }
    for (const tree of this.#trees.values()) tree.prune(oldestKept, held);
  }

  /** Nodes of all kept versions, held ones included. */
  get nodeCount(): number {
    let count = 0;
    for (const tree of this.#trees.values()) count += tree.size().nodes;
    return count;
  }

  /** Opens the kept versions to a reader on another thread, with reader slots of its own: closing the feed ends whatever it held. */
  openFeed(): StateFeed {
    const slots = new ReaderSlots();
    slots.raiseFloor(this.#kept.keys().next().value ?? this.#latest.version);
    this.#readers.add(slots);
    const source = { names: this.#names, kept: () => this.#kept.values(), trees: this.#trees };
    return new StateFeed(source, slots, () => this.#readers.delete(slots));
  }

  /**
   * A kept version that stays until the release, however many versions come and go meanwhile.
   * @throws store/7 when the version is not kept, store/18 when 256 versions are held
   */
  hold(version: bigint): HeldForest {
    const at = this.rootsAt(version);
    const stores: HeldStore[] = [];
    for (const name of at.roots.keys()) {
      const tree = this.#trees.get(name);
      if (tree === undefined) throw new StoreError("unknownStore", `expected a tree for "${name}", got none`);
      const { reader, nodes, release } = tree.hold(version);
      stores.push({ name, reader, nodes, release });
    }
    const release = (): void => {
      for (const store of stores) store.release();
    };
    return { ...at, stores, release };
  }

  /** Keys of the latest version; nodes and bytes of all kept ones. */
  size(): ForestSize {
    const total = { keys: 0, nodes: 0, dataBytes: 0, reservedBytes: 0, versions: this.#kept.size };
    for (const tree of this.#trees.values()) {
      const { keys, nodes, dataBytes, reservedBytes } = tree.size();
      total.keys += keys;
      total.nodes += nodes;
      total.dataBytes += dataBytes;
      total.reservedBytes += reservedBytes;
    }
    return total;
  }

  #readEmpty(name: string): KVReader {
    if (this.#names.includes(name)) return nothing;
    throw new StoreError("unknownStore", `expected one of ${this.#names.join(", ")}, got "${name}"`);
  }
}

/** @throws store/14 unless both hashes are the same */
export function requireSameHash(what: string, expected: Uint8Array, found: Uint8Array | undefined): void {
  if (found !== undefined && equalBytes(expected, found)) return;
  throw new StoreError("wrongRoot", `${what}: expected ${toHex(expected)}, got ${found === undefined ? "no such store" : toHex(found)}`);
}

/**
 * The names in the order of their bytes.
 * @throws store/6 for an empty, repeated or slashed name: the slash ends a name in the keys on disk
 */
function requireStoreNames(names: readonly string[]): readonly string[] {
  const sorted = [...names].sort((a, b) => compareBytes(encodeUtf8(a), encodeUtf8(b)));
  sorted.forEach((name, index) => {
    if (name === "" || name.includes("/") || name === sorted[index - 1]) {
      throw new StoreError("unknownStore", `expected unique store names without "/", got "${name}"`);
    }
  });
  return sorted;
}
