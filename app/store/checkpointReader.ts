// Reading a checkpoint back into trees. It happens once, before anything runs, so it reads the file synchronously and page by page.

import type { CheckpointEntry } from "./checkpoint.ts";
import { checkpointFormat, type Page, pageKind, readPages, unhashedFormat } from "./checkpointFile.ts";
import { requireSameHash } from "./forest.ts";
import { multistoreRoot } from "./multistore.ts";
import { NodeReader } from "./nodePage.ts";
import { StoreError } from "./storeError.ts";
import { type Tree, TreeImport } from "./tree.ts";
import { emptyNodeInPlace, type NodeInPlace } from "./treeExport.ts";
import type { VersionRoots } from "./versionRoots.ts";

/** What a checkpoint holds. */
export interface CheckpointTrees {
  readonly trees: ReadonlyMap<string, Tree>;
  readonly at: VersionRoots;
  /** Whether every node was hashed; else the hashes are those of the file, below roots that are right. */
  readonly isProven: boolean;
}

/**
 * The trees of a checkpoint, every page and every root checked.
 * @param takesHashes whether nodes keep the hashes that the file has, where it has them: {@link proveCheckpoint} is to follow then
 * @throws store/13 for a damaged file, store/14 for a wrong root, store/15 for nodes that are no tree
 */
export function readCheckpoint({ version, path }: CheckpointEntry, takesHashes = false): CheckpointTrees {
  const pages = new CheckpointPages(path, version);
  try {
    const isHashed = takesHashes && pages.isHashed;
    const trees = new Map<string, Tree>();
    [...pages.at.roots].forEach(([name, root], index) => {
      const nodes = new TreeImport(version);
      for (let node = pages.next(index); node !== undefined; node = pages.next(index)) nodes.addInPlace(node);
      const tree = nodes.finish(isHashed);
      requireSameHash(`${path}, height ${version}, store "${name}"`, root, tree.root);
      trees.set(name, tree);
    });
    pages.end();
    return { trees, at: pages.at, isProven: !isHashed };
  } finally {
    pages.close();
  }
}

/** The pages of a file as header, nodes of one store after the other, and end. */
export class CheckpointPages {
  /** What the nodes stand for, its app hash compared with its roots. */
  readonly at: VersionRoots;
  /** Whether each node has its hash. */
  readonly isHashed: boolean;
  readonly #path: string;
  readonly #pages: Generator<Page, void, undefined>;
  #page: Page;
  #count = 0;
  #store = -1;
  /** Of the page, where it has nodes. */
  #nodes: NodeReader | undefined;
  readonly #node: NodeInPlace = emptyNodeInPlace();

  /**
   * Reads the header.
   * @throws store/13 for a damaged file or one of another height, store/14 for roots that do not give the app hash
   */
  constructor(path: string, version: bigint) {
    this.#path = path;
    this.#pages = readPages(path);
    try {
      this.#page = this.#next();
      const { format, at } = readHeader(this.#page);
      if (at.version !== version) throw new StoreError("corruptRecord", `${path}: expected height ${version}, got ${at.version}`);
      requireSameHash(`${path}, app hash of the header`, at.appHash, multistoreRoot(at.roots));
      this.at = at;
      this.isHashed = format !== unhashedFormat;
      this.#advance();
    } catch (cause) {
      this.close();
      throw cause;
    }
  }

  /** The next node of the store with that index, always the same object, its bytes there until the next call; undefined behind the last. */
  next(index: number): NodeInPlace | undefined {
    while (this.#nodes !== undefined && this.#store === index) {
      if (this.#nodes.read(this.#node)) return this.#node;
      this.#advance();
    }
    return undefined;
  }

  /** @throws store/13 unless the end page comes now, with the right number of pages */
  end(): void {
    const { kind, input, what } = this.#page;
    const pages = kind === pageKind.end ? input.uvarint() : -1;
    if (pages !== this.#count - 1)
      throw new StoreError("corruptRecord", `${what}: expected the end after ${this.#count - 1} pages, got kind ${kind}, ${pages} pages`);
    input.end();
  }

  /** Lets go of the file. */
  close(): void {
    this.#pages.return();
  }

  #next(): Page {
    const next = this.#pages.next();
    if (next.done === true) throw new StoreError("corruptRecord", `${this.#path}: expected a page after ${this.#count}, the file ends`);
    this.#count += 1;
    return next.value;
  }

  #advance(): void {
    this.#page = this.#next();
    const { kind, input, what } = this.#page;
    if (kind === pageKind.nodes) this.#store = input.uvarint();
    this.#nodes = kind === pageKind.nodes ? new NodeReader(input.data, input.skip(0), this.isHashed, what) : undefined;
  }
}

function readHeader({ kind, input, what }: Page): { readonly format: number; readonly at: VersionRoots } {
  const format = kind === pageKind.header ? input.byte() : -1;
  if (format !== checkpointFormat && format !== unhashedFormat) {
    const formats = `${unhashedFormat} or ${checkpointFormat}`;
    throw new StoreError("corruptRecord", `${what}: expected a header of format ${formats}, got kind ${kind}, format ${format}`);
  }
  const version = input.uint64();
  const appHash = input.bytes().slice();
  const roots = new Map<string, Uint8Array>();
  for (let left = input.uvarint(); left > 0; left -= 1) {
    const name = input.text();
    roots.set(name, input.bytes().slice());
  }
  input.end();
  return { format, at: { version, appHash, roots } };
}
