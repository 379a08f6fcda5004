// Reading a checkpoint back into trees. It happens once, before anything runs, so it reads the file synchronously and page by page.

import type { ByteReader } from "./byteStream.ts";
import type { CheckpointEntry } from "./checkpoint.ts";
import { checkpointFormat, type Page, pageKind, readPages } from "./checkpointFile.ts";
import { requireSameHash } from "./forest.ts";
import { multistoreRoot } from "./multistore.ts";
import { StoreError } from "./storeError.ts";
import { type Tree, TreeImport } from "./tree.ts";
import { emptyNodeInPlace, type NodeInPlace } from "./treeExport.ts";
import type { VersionRoots } from "./versionRoots.ts";

/**
 * The trees of a checkpoint, every page and every root checked.
 * @throws store/13 for a damaged file, store/14 for a wrong root, store/15 for nodes that are no tree
 */
export function readCheckpoint({ version, path }: CheckpointEntry): {
  readonly trees: ReadonlyMap<string, Tree>;
  readonly at: VersionRoots;
} {
  const pages = new PageStream(path);
  try {
    return readTrees(pages, version, path);
  } finally {
    pages.close();
  }
}

function readTrees(pages: PageStream, version: bigint, path: string): { trees: Map<string, Tree>; at: VersionRoots } {
  const at = pages.header();
  if (at.version !== version) throw new StoreError("corruptRecord", `${path}: expected height ${version}, got ${at.version}`);
  requireSameHash(`${path}, app hash of the header`, at.appHash, multistoreRoot(at.roots));
  const trees = new Map<string, Tree>();
  [...at.roots].forEach(([name, root], index) => {
    const nodes = new TreeImport(version);
    pages.readStore(index, nodes);
    const tree = nodes.finish();
    requireSameHash(`${path}, height ${version}, store "${name}"`, root, tree.root);
    trees.set(name, tree);
  });
  pages.end();
  return { trees, at };
}

/** The pages of a file as header, nodes of one store after the other, and end. */
class PageStream {
  readonly #path: string;
  readonly #pages: Generator<Page, void, undefined>;
  #page: Page;
  #count = 0;
  #store = -1;
  readonly #node: NodeInPlace = emptyNodeInPlace();

  constructor(path: string) {
    this.#path = path;
    this.#pages = readPages(path);
    this.#page = this.#next();
  }

  header(): VersionRoots {
    const { kind, input, what } = this.#page;
    const found = kind === pageKind.header ? input.byte() : -1;
    if (found !== checkpointFormat)
      throw new StoreError("corruptRecord", `${what}: expected a header of format ${checkpointFormat}, got kind ${kind}, format ${found}`);
    const version = input.uint64();
    const appHash = input.bytes().slice();
    const roots = new Map<string, Uint8Array>();
    for (let left = input.uvarint(); left > 0; left -= 1) {
      const name = input.text();
      roots.set(name, input.bytes().slice());
    }
    input.end();
    this.#advance();
    return { version, appHash, roots };
  }

  /** The nodes of the store with that index; none when no page is its. */
  readStore(index: number, tree: TreeImport): void {
    while (this.#page.kind === pageKind.nodes && this.#store === index) {
      const { input } = this.#page;
      while (!input.ended) {
        readNode(input, this.#node);
        tree.addInPlace(this.#node);
      }
      this.#advance();
    }
  }

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
    if (this.#page.kind === pageKind.nodes) this.#store = this.#page.input.uvarint();
  }
}

/** No object per node: a million of them would cost more than the rest. */
function readNode(input: ByteReader, node: NodeInPlace): void {
  node.height = input.byte();
  const version = input.uvarint();
  node.versionLow = version | 0;
  node.versionHigh = Math.floor(version / 2 ** 32);
  if (node.height > 0) return;
  node.data = input.data;
  const keyBytes = input.uvarint();
  node.keyFrom = input.skip(keyBytes);
  node.keyTo = node.keyFrom + keyBytes;
  const valueBytes = input.uvarint();
  node.valueFrom = input.skip(valueBytes);
  node.valueTo = node.valueFrom + valueBytes;
}
