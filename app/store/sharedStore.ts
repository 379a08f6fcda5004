// The committed state as a thread sees that does not own it: the same trees in the same memory, read at versions that are held meanwhile.
import { encodeUtf8 } from "../encoding/bytes.ts";
import type { CommitStore } from "./commitStore.ts";
import type { ProofOp } from "./forest.ts";
import type { KVReader, Overlay, Range, StateReader } from "./kv.ts";
import { multistoreRoot, proveStore } from "./multistore.ts";
import { createOverlay } from "./overlay.ts";
import { ReaderSlots } from "./readerSlots.ts";
import type { SharedState, SharedVersion, StateFeed, StateUpdate } from "./stateFeed.ts";
import { StoreError } from "./storeError.ts";
import { type ExportedNode, exportNodes, NodeWalk } from "./treeExport.ts";
import { TreeMemory } from "./treeMemory.ts";
import { proveKey } from "./treeProof.ts";
import { TreeReader } from "./treeReader.ts";

/** What lies in the storage, which only the owner of the store can open: a reader asks it. */
export type StoredRows = Pick<CommitStore, "response" | "row" | "rows">;

/** A version that stays until nobody uses it any more. */
interface Hold {
  readonly at: SharedVersion;
  readonly slot: number;
  readonly users: Set<object>;
  readonly reader: StateReader;
}

/** Code of `versionNotKept`. */
const NOT_KEPT = 7;
const emptyStore: KVReader = { get: () => undefined, has: () => false, *iterate() {} };
/** Memory of an empty tree. */
const NOTHING = new TreeMemory({ nodes: [], keys: [], values: [] });
const beforeFirst: SharedVersion = { version: 0n, appHash: multistoreRoot(new Map()), roots: new Map(), rootIds: new Map() };

/**
 * A commit store that reads another thread's. The latest version that it was told of is held until the next one is; a use holds whatever it
 * reads until it ends.
 *
 * CONTRACT: reads happen within a use, and a use ends only when nothing of it reads any more.
 */
export class SharedStore implements CommitStore {
  readonly #names: ReadonlySet<string>;
  readonly #slots: ReaderSlots;
  readonly #rows: StoredRows;
  readonly #trees = new Map<string, TreeMemory>();
  readonly #versions = new Map<bigint, SharedVersion>();
  readonly #holds = new Map<bigint, Hold>();
  readonly #uses = new Set<object>();
  #latest: Hold | undefined;

  /** @param rows asks the owner of the store */
  constructor(shared: SharedState, rows: StoredRows) {
    this.#names = new Set(shared.names);
    this.#slots = new ReaderSlots(shared.slots);
    this.#rows = rows;
    this.update(shared.first);
    this.#slots.release(shared.heldSlot);
  }

  /**
   * Takes over what was committed. Where the newest version is pruned already the one before stays the latest: another update is on its way.
   * @returns whether the newest version is the latest now
   */
  update({ versions, oldest, memory }: StateUpdate): boolean {
    for (const [name, segments] of memory) {
      let tree = this.#trees.get(name);
      if (tree === undefined) {
        tree = new TreeMemory();
        this.#trees.set(name, tree);
      }
      tree.attach(segments);
    }
    for (const version of versions) this.#versions.set(version.version, version);
    if (oldest !== undefined) for (const version of this.#versions.keys()) if (version < oldest) this.#versions.delete(version);
    const newest = versions.at(-1);
    return newest === undefined || this.#advance(newest);
  }

  /** Begins a use; the function that is returned ends it. */
  use(): () => void {
    const user = {};
    this.#uses.add(user);
    this.#latest?.users.add(user);
    return () => {
      this.#uses.delete(user);
      for (const hold of this.#holds.values()) this.#leave(hold, user);
    };
  }

  get version(): bigint {
    return this.#latest?.at.version ?? 0n;
  }

  get appHash(): Uint8Array {
    return (this.#latest?.at ?? beforeFirst).appHash;
  }

  latest(): StateReader {
    if (this.#latest === undefined) return this.#readerOf(beforeFirst, () => true);
    return this.#join(this.#latest).reader;
  }

  at(version: bigint): StateReader {
    return version === this.version ? this.latest() : this.#join(this.#hold(version)).reader;
  }

  /** The nodes of every store of the latest version in post-order, by name. CONTRACT: within a use. */
  exportLatest(): { readonly version: bigint; readonly stores: ReadonlyMap<string, Iterable<ExportedNode>> } {
    if (this.#latest === undefined) throw new StoreError("versionNotKept", "export: expected a committed version, got none");
    const { version, roots, rootIds } = this.#join(this.#latest).at;
    const stores = new Map<string, Iterable<ExportedNode>>();
    for (const name of roots.keys()) {
      const memory = this.#trees.get(name);
      stores.set(name, memory === undefined ? [] : exportNodes(new NodeWalk(memory, rootIds.get(name) ?? 0, () => {})));
    }
    return { version, stores };
  }

  overlay(base: StateReader = this.latest()): Overlay {
    return createOverlay(base);
  }

  prove(store: string, key: Uint8Array, version: bigint): { value: Uint8Array | undefined; ops: readonly ProofOp[] } {
    const { at, reader } = this.#join(this.#hold(version));
    const root = at.rootIds.get(store);
    // A store that never had a key has no shared memory.
    const memory = this.#trees.get(store) ?? (root === 0 ? NOTHING : undefined);
    if (root === undefined || memory === undefined) {
      throw new StoreError("unknownStore", `expected one of ${[...at.roots.keys()].join(", ")} at version ${version}, got "${store}"`);
    }
    const ops = [
      { type: "ics23:iavl", key, data: proveKey(memory, root, key) },
      { type: "ics23:simple", key: encodeUtf8(store), data: proveStore(at.roots, store) },
    ];
    return { value: reader.store(store).get(key), ops };
  }

  response(version: bigint): Promise<Uint8Array | undefined> {
    return this.#rows.response(version);
  }

  row(key: Uint8Array): Promise<Uint8Array | undefined> {
    return this.#rows.row(key);
  }

  rows(range: Range): AsyncIterableIterator<readonly [Uint8Array, Uint8Array]> {
    return this.#rows.rows(range);
  }

  /** @throws store/18 always: another thread writes */
  apply(): never {
    return refuse();
  }

  /** @throws store/18 always: another thread writes */
  prepare(): never {
    return refuse();
  }

  /** @throws store/18 always: another thread writes */
  commit(): never {
    return refuse();
  }

  /** @throws store/18 always: another thread publishes */
  openFeed(): StateFeed {
    return refuse();
  }

  async close(): Promise<void> {}

  #advance(newest: SharedVersion): boolean {
    const before = this.#latest;
    try {
      this.#latest = this.#hold(newest.version);
    } catch (error) {
      if (error instanceof StoreError && error.code === NOT_KEPT) return false;
      throw error;
    }
    this.#latest.users.add(this);
    if (before !== undefined && before !== this.#latest) this.#leave(before, this);
    return true;
  }

  #hold(version: bigint): Hold {
    const known = this.#holds.get(version);
    if (known !== undefined) return known;
    const at = this.#versions.get(version);
    if (at === undefined) {
      const oldest = this.#versions.keys().next().value;
      const expected = oldest === undefined ? "no version is committed yet" : `expected ${oldest} to ${this.version}`;
      throw new StoreError("versionNotKept", `${expected}, got ${version}`);
    }
    const slot = this.#slots.announce(version);
    const users = new Set<object>();
    const hold: Hold = { at, slot, users, reader: this.#readerOf(at, () => this.#holds.get(version) === hold) };
    this.#holds.set(version, hold);
    return hold;
  }

  /** Everything that is going on may read the hold from now on. */
  #join(hold: Hold): Hold {
    for (const user of this.#uses) hold.users.add(user);
    return hold;
  }

  #leave(hold: Hold, user: object): void {
    if (!hold.users.delete(user) || hold.users.size > 0) return;
    this.#holds.delete(hold.at.version);
    this.#slots.release(hold.slot);
  }

  #readerOf({ version, rootIds }: SharedVersion, isHeld: () => boolean): StateReader {
    const check = (): void => {
      if (!isHeld()) throw new StoreError("versionNotKept", `reader: expected a held version, ${version} was released`);
    };
    const readers = new Map<string, KVReader>();
    const open = (name: string): KVReader => {
      if (!this.#names.has(name)) throw new StoreError("unknownStore", `expected one of ${[...this.#names].join(", ")}, got "${name}"`);
      const root = rootIds.get(name);
      const memory = this.#trees.get(name);
      const reader = root === undefined || memory === undefined ? emptyStore : new TreeReader(memory, root, check);
      readers.set(name, reader);
      return reader;
    };
    return { version, store: (name) => readers.get(name) ?? open(name) };
  }
}

function refuse(): never {
  throw new StoreError("backendFailed", "expected the thread that owns the store to write, got a reader on another thread");
}
