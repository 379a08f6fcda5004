// Group `export` of an IAVL vector file: nodes in and out of a tree, and the snapshot stream over them.
import { inflateSync } from "node:zlib";
import { sha256 } from "#sha256";
import { concatBytes, fromHex, toHex } from "../../../app/encoding/bytes.ts";
import { multistoreRoot } from "../../../app/store/multistore.ts";
import { snapshotChunks, snapshotItems, snapshotMetadata, snapshotStream, storedZlib } from "../../../app/store/snapshotFormat.ts";
import { importTree, type Tree } from "../../../app/store/tree.ts";
import type { ExportedNode } from "../../../app/store/treeExport.ts";
import {
  difference,
  differentBytes,
  type Fields,
  fieldsOf,
  listOf,
  numberIn,
  numberOf,
  type Report,
  textIn,
  textOf,
} from "./iavlFields.ts";

/** Checks the exports of single stores and the snapshot of all of them. */
export function checkExports(group: Fields, report: Report): void {
  const snapshot = fieldsOf(group["snapshot"], "snapshot");
  const version = BigInt(numberIn(snapshot, "height"));
  const trees = new Map<string, Tree>();
  for (const item of listOf(group["stores"], "stores")) {
    const store = fieldsOf(item, "store");
    report.check(`export of ${textIn(store, "name")}`, () => checkStore(store, version, trees));
  }
  report.check("snapshot stream", () => checkStream(snapshot, version, trees));
  report.check("snapshot stored", () => checkStored(snapshot, version, trees));
  report.check("snapshot of the reference", () => checkReference(snapshot));
}

function checkStore(store: Fields, version: bigint, trees: Map<string, Tree>): string | undefined {
  const nodes = listOf(store["nodes"], "nodes");
  const tree = importTree(nodes.map(nodeOf), version);
  trees.set(textIn(store, "name"), tree);
  const exported = Array.from(tree.exportNodes(version), textOfNode);
  return (
    differentBytes("root", textIn(store, "root"), tree.root) ??
    difference("the export", nodes.map((node) => textOfNode(nodeOf(node))).join("; "), exported.join("; "))
  );
}

function nodeOf(item: unknown): ExportedNode {
  const [height, key, value, version] = listOf(item, "node");
  return {
    height: numberOf(height, "height"),
    key: fromHex(textOf(key, "key")),
    value: value === null ? undefined : fromHex(textOf(value, "value")),
    version: BigInt(numberOf(version, "version")),
  };
}

function textOfNode(node: ExportedNode): string {
  return `${node.height} ${toHex(node.key)} ${node.value === undefined ? "-" : `"${toHex(node.value)}"`} ${node.version}`;
}

function streamOf(version: bigint, trees: ReadonlyMap<string, Tree>): Iterable<Uint8Array> {
  return snapshotStream(itemsOf(version, trees));
}

function itemsOf(version: bigint, trees: ReadonlyMap<string, Tree>): Iterable<Uint8Array> {
  return snapshotItems(new Map(Array.from(trees, ([name, tree]): [string, Iterable<ExportedNode>] => [name, tree.exportNodes(version)])));
}

function checkStream(snapshot: Fields, version: bigint, trees: ReadonlyMap<string, Tree>): string | undefined {
  const items = Array.from(itemsOf(version, trees), toHex);
  const roots = new Map(Array.from(trees, ([name, tree]): [string, Uint8Array] => [name, tree.root]));
  const firstItems = listOf(snapshot["firstItems"], "firstItems").map((item) => textOf(item, "item"));
  const missing = firstItems.find((item) => !items.includes(item));
  return (
    differentBytes("app hash", textIn(snapshot, "appHash"), multistoreRoot(roots)) ??
    differentBytes("stream", textIn(snapshot, "stream"), concatBytes(...streamOf(version, trees))) ??
    (missing === undefined ? undefined : `the item ${missing} is missing`)
  );
}

function checkStored(snapshot: Fields, version: bigint, trees: ReadonlyMap<string, Tree>): string | undefined {
  const chunks = [...snapshotChunks(storedZlib(streamOf(version, trees)))];
  const stored = concatBytes(...chunks);
  return (
    differentBytes("stored chunk", textIn(snapshot, "storedChunk"), stored) ??
    differentBytes("stored hash", textIn(snapshot, "storedHash"), sha256(stored)) ??
    differentBytes("inflated stream", textIn(snapshot, "stream"), inflateSync(stored))
  );
}

/** The chunks of the reference hold the same stream and hash as recorded; other deflate implementations do not make them. */
function checkReference(snapshot: Fields): string | undefined {
  const chunks = listOf(snapshot["chunks"], "chunks").map((chunk) => fromHex(textOf(chunk, "chunk")));
  const hashes = chunks.map((chunk) => sha256(chunk));
  const recorded = listOf(snapshot["chunkHashes"], "chunkHashes").map((hash) => textOf(hash, "hash"));
  return (
    differentBytes("inflated stream", textIn(snapshot, "stream"), inflateSync(concatBytes(...chunks))) ??
    differentBytes("hash", textIn(snapshot, "hash"), sha256(concatBytes(...chunks))) ??
    difference("chunk hashes", recorded.join(" "), hashes.map(toHex).join(" ")) ??
    differentBytes("metadata", textIn(snapshot, "metadata"), snapshotMetadata(hashes))
  );
}
