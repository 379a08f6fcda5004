// Group `multistore` of an IAVL vector file: app hashes, a chain of heights with an upgrade, and proofs in two steps.
import { fromHex, toHex } from "../../../app/encoding/bytes.ts";
import { decodeCommitmentProof } from "../../../app/proof/ics23Codec.ts";
import { type ProofOp, verifyProofOps } from "../../../app/proof/proofOps.ts";
import type { Change } from "../../../app/store/kv.ts";
import { multistoreRoot, proveStore } from "../../../app/store/multistore.ts";
import { createTree, type Tree } from "../../../app/store/tree.ts";
import {
  bytesIn,
  difference,
  differentBytes,
  type Fields,
  fieldsOf,
  findBytes,
  listOf,
  numberIn,
  type Report,
  textIn,
  textOf,
} from "./iavlFields.ts";
import { checkExistence } from "./iavlProof.ts";

/** The trees of the chain and what each height left in them. */
interface Chain {
  readonly trees: Map<string, Tree>;
  readonly roots: Map<number, ReadonlyMap<string, Uint8Array>>;
}

/** Checks hashes, chain and proofs. */
export function checkMultistore(group: Fields, report: Report): void {
  for (const [i, item] of listOf(group["hash"], "hash").entries()) {
    report.check(`multistore hash ${i + 1}`, () => checkHash(fieldsOf(item, "hash")));
  }
  const chain: Chain = { trees: new Map(), roots: new Map() };
  for (const item of listOf(group["chain"], "chain")) {
    const block = fieldsOf(item, "chain");
    report.check(`multistore chain, height ${numberIn(block, "height")}`, () => checkBlock(block, chain));
  }
  for (const item of listOf(group["proof"], "proof")) {
    const proof = fieldsOf(item, "proof");
    report.check(`multistore proof, ${textIn(proof, "name")}`, () => checkProof(proof, chain));
  }
}

function checkHash(recorded: Fields): string | undefined {
  const stores = new Map(
    listOf(recorded["stores"], "stores").map((item): [string, Uint8Array] => {
      const [name, root] = listOf(item, "store");
      return [textOf(name, "name"), fromHex(textOf(root, "root"))];
    }),
  );
  return differentBytes("hash", textIn(recorded, "hash"), multistoreRoot(stores));
}

function checkBlock(block: Fields, chain: Chain): string | undefined {
  const height = numberIn(block, "height");
  const version = BigInt(height);
  mount(block, chain.trees, version);
  const changes = fieldsOf(block["changes"], "changes");
  for (const [name, tree] of chain.trees) tree.apply(version, changesOf(changes[name]));
  for (const tree of chain.trees.values()) tree.commit();
  const roots = new Map(Array.from(chain.trees, ([name, tree]): [string, Uint8Array] => [name, tree.root]));
  chain.roots.set(height, roots);
  const recorded = fieldsOf(block["roots"], "roots");
  const names = difference("the stores", Object.keys(recorded).sort(byText).join(" "), [...roots.keys()].sort(byText).join(" "));
  if (names !== undefined) return names;
  for (const [name, root] of roots) {
    const different = differentBytes(`root of ${name}`, textIn(recorded, name), root);
    if (different !== undefined) return different;
  }
  return differentBytes("app hash", textIn(block, "appHash"), multistoreRoot(roots));
}

/** Mounts the stores of the first height and makes the upgrade of a later one. Only IAVL stores count. */
function mount(block: Fields, trees: Map<string, Tree>, version: bigint): void {
  for (const [name, kind] of Object.entries(fieldsOf(block["mounted"] ?? {}, "mounted"))) {
    if (kind === "iavl") trees.set(name, createTree({ initialVersion: version }));
  }
  const upgrade = fieldsOf(block["upgrade"] ?? {}, "upgrade");
  for (const name of listOf(upgrade["added"] ?? [], "added")) trees.set(textOf(name, "added"), createTree({ initialVersion: version }));
  for (const name of listOf(upgrade["deleted"] ?? [], "deleted")) trees.delete(textOf(name, "deleted"));
  for (const [from, to] of Object.entries(fieldsOf(upgrade["renamed"] ?? {}, "renamed"))) {
    const old = trees.get(from);
    if (old === undefined) throw new Error(`renamed: expected a mounted store, got ${from}`);
    trees.delete(from);
    trees.set(textOf(to, "renamed"), createTree({ initialVersion: version, inherits: old.reader(old.version) }));
  }
}

function changesOf(list: unknown): readonly Change[] {
  return listOf(list ?? [], "changes").map((item): Change => {
    const [key, value] = listOf(item, "change");
    return [fromHex(textOf(key, "key")), value === undefined ? undefined : fromHex(textOf(value, "value"))];
  });
}

function checkProof(proof: Fields, chain: Chain): string | undefined {
  const ops = listOf(proof["ops"], "ops").map((item): ProofOp => {
    const [type, key, data] = listOf(item, "op").map((part) => textOf(part, "op"));
    if (type === undefined || key === undefined || data === undefined) throw new Error("op: expected [type, key, data]");
    return { type, key: fromHex(key), data: fromHex(data) };
  });
  const [store, key] = keyPathOf(textIn(proof, "keyPath"));
  const ok = verifyProofOps(bytesIn(proof, "appHash"), store, key, findBytes(proof, "value"), ops);
  const judged = difference("the verifier's answer", String(proof["ok"]), String(ok));
  if (judged !== undefined || textIn(proof, "name").startsWith("tampered")) return judged;
  return checkMade(proof, chain, ops);
}

/** A key path as the SDK writes it: `/store/x:HEX`. */
function keyPathOf(path: string): readonly [store: string, key: Uint8Array] {
  const [start, store, key] = path.split("/");
  if (start !== "" || store === undefined || key?.startsWith("x:") !== true) throw new Error(`keyPath: expected /store/x:HEX, got ${path}`);
  return [store, fromHex(key.slice(2).toLowerCase())];
}

function checkMade(proof: Fields, chain: Chain, ops: readonly ProofOp[]): string | undefined {
  const height = numberIn(proof, "height");
  const store = textIn(proof, "store");
  const tree = chain.trees.get(store);
  const roots = chain.roots.get(height);
  const [iavl, simple] = ops;
  if (tree === undefined || roots === undefined || iavl === undefined || simple === undefined)
    return "the chain has no such store and height";
  const made = tree.prove(BigInt(height), bytesIn(proof, "key"));
  const madeSimple = proveStore(roots, store);
  return (
    differentBytes("the key's proof made here", toHex(iavl.data), made) ??
    differentBytes("the store's proof made here", toHex(simple.data), madeSimple) ??
    checkExistence("simple", proof["simple"], decodeCommitmentProof(madeSimple)?.exist)
  );
}

function byText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
