// Groups `tree` and `node` of an IAVL vector file: scenarios of versions, and the preimages of nodes.

import { sha256 } from "#sha256";
import { compareBytes, concatBytes, encodeUtf8, equalBytes, fromHex, toHex } from "../../../app/encoding/bytes.ts";
import { encodeUvarint, encodeVarint } from "../../../app/encoding/varint.ts";
import type { Change } from "../../../app/store/kv.ts";
import { maxNodePrefix, putNodePrefix } from "../../../app/store/nodePreimage.ts";
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
  numberOf,
  optionalList,
  type Report,
  textIn,
  textOf,
} from "./iavlFields.ts";

/** A scenario that was run, to ask for its proofs. */
export interface RunScenario {
  readonly tree: Tree;
  readonly initialVersion: bigint;
}

/**
 * Runs every scenario.
 * @returns the trees by scenario name, with all their versions
 */
export function checkTrees(scenarios: readonly unknown[], report: Report): ReadonlyMap<string, RunScenario> {
  const run = new Map<string, RunScenario>();
  for (const item of scenarios) {
    const scenario = fieldsOf(item, "scenario");
    const name = textIn(scenario, "name");
    const initialVersion = BigInt(numberIn(scenario, "initialVersion"));
    const tree = createTree({ initialVersion });
    const content = new ScenarioContent(scenario);
    for (const [i, entry] of listOf(scenario["versions"], "versions").entries()) {
      const version = fieldsOf(entry, "version");
      report.check(`tree ${name}, version ${i + 1}`, () =>
        checkVersion(tree, initialVersion + BigInt(i), content.changes(version, i + 1), version),
      );
    }
    run.set(name, { tree, initialVersion });
  }
  return run;
}

function checkVersion(tree: Tree, version: bigint, changes: readonly Change[], recorded: Fields): string | undefined {
  const working = tree.apply(version, changes);
  tree.commit();
  const wrong = Object.entries(fieldsOf(recorded["wrong"] ?? {}, "wrong")).find(([, root]) => root === toHex(working));
  const { keys, height } = tree.size();
  return (
    differentBytes("working root", textIn(recorded, "root"), working) ??
    differentBytes("root", textIn(recorded, "root"), tree.root) ??
    difference("height", numberIn(recorded, "height"), height) ??
    difference("size", numberIn(recorded, "size"), keys) ??
    (wrong === undefined ? undefined : `the root is that of the order "${wrong[0]}"`)
  );
}

/** The keys and values of a scenario, explicit or from its seed. */
class ScenarioContent {
  private readonly scenario: Fields;
  private readonly seed: Uint8Array;
  private readonly values = new Map<number, Uint8Array>();

  constructor(scenario: Fields) {
    this.scenario = scenario;
    this.seed = scenario["seed"] === undefined ? new Uint8Array(0) : bytesIn(scenario, "seed");
  }

  /** The change set of a version, sorted by key. `place` counts the versions of the list from 1. */
  changes(version: Fields, place: number): readonly Change[] {
    const explicit = optionalList(version, "c").map((item): Change => {
      const [key, value] = listOf(item, "change");
      return [fromHex(textOf(key, "key")), value === undefined ? undefined : fromHex(textOf(value, "value"))];
    });
    const written = indexesOf(version, "set").map((i): Change => [this.key(i), this.newValue(i, place)]);
    const same = indexesOf(version, "same").map((i): Change => [this.key(i), this.heldValue(i)]);
    const deleted = indexesOf(version, "del").map((i): Change => {
      this.values.delete(i);
      return [this.key(i), undefined];
    });
    return [...explicit, ...written, ...same, ...deleted].sort((a, b) => compareBytes(a[0], b[0]));
  }

  private heldValue(index: number): Uint8Array {
    const value = this.values.get(index);
    if (value === undefined) throw new Error(`same: expected key ${index} to have a value`);
    return value;
  }

  private newValue(index: number, place: number): Uint8Array {
    const limits = fieldsOf(this.scenario["value"], "value");
    const value = this.stream("v", index, place, this.length("V", index, place, limits));
    this.values.set(index, value);
    return value;
  }

  private key(index: number): Uint8Array {
    const rule = fieldsOf(this.scenario["key"], "key");
    const kind = textIn(rule, "kind");
    const prefix = rule["prefix"] === undefined ? new Uint8Array(0) : bytesIn(rule, "prefix");
    if (kind === "seq") return concatBytes(prefix, bigEndian32(index));
    const min = numberIn(rule, "min");
    if (kind === "ramp") return concatBytes(prefix, this.stream("k", index, 0, min + (index % (numberIn(rule, "max") - min + 1))));
    if (kind !== "hash") throw new Error(`key: expected kind hash, seq or ramp, got ${kind}`);
    return concatBytes(prefix, this.stream("k", index, 0, this.length("K", index, 0, rule)));
  }

  private length(tag: string, index: number, place: number, limits: Fields): number {
    const min = numberIn(limits, "min");
    const word = new DataView(this.stream(tag, index, place, 4).buffer).getUint32(0);
    return min + (word % (numberIn(limits, "max") - min + 1));
  }

  private stream(tag: string, index: number, place: number, length: number): Uint8Array {
    const parts: Uint8Array[] = [];
    for (let block = 0; block * 32 < length; block++) {
      parts.push(sha256(concatBytes(this.seed, encodeUtf8(tag), bigEndian32(index), bigEndian32(place), bigEndian32(block))));
    }
    return concatBytes(...parts).slice(0, length);
  }
}

function indexesOf(version: Fields, name: string): number[] {
  return optionalList(version, name).flatMap((item) => {
    if (typeof item === "number") return [item];
    const [from, to, step] = listOf(item, name).map((part) => numberOf(part, name));
    if (from === undefined || to === undefined || step === undefined || step < 1) throw new Error(`${name}: expected [from, to, step]`);
    return Array.from({ length: Math.max(0, Math.ceil((to - from) / step)) }, (_, i) => from + i * step);
  });
}

function bigEndian32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

/** Checks the preimage and the hash of every recorded node. */
export function checkNodes(nodes: readonly unknown[], report: Report): void {
  for (const [i, item] of nodes.entries()) {
    const node = fieldsOf(item, "node");
    report.check(`node ${i + 1}, ${textIn(node, "from")}`, () => {
      const preimage = textIn(node, "kind") === "leaf" ? leafPreimage(node) : innerPreimage(node);
      return (
        differentBytes("preimage", textIn(node, "preimage"), preimage) ?? differentBytes("hash", textIn(node, "hash"), sha256(preimage))
      );
    });
  }
}

function leafPreimage(node: Fields): Uint8Array {
  const key = bytesIn(node, "key");
  const valueHash = sha256(findBytes(node, "value") ?? new Uint8Array(0));
  if (!equalBytes(valueHash, bytesIn(node, "valueHash"))) throw new Error("value hash differs");
  return concatBytes(prefixOf(node), encodeUvarint(BigInt(key.length)), key, Uint8Array.of(32), valueHash);
}

function innerPreimage(node: Fields): Uint8Array {
  const mark = Uint8Array.of(32);
  return concatBytes(prefixOf(node), mark, bytesIn(node, "left"), mark, bytesIn(node, "right"));
}

/** The beginning of a preimage as the tree writes it, compared with the general varint coder. */
function prefixOf(node: Fields): Uint8Array {
  const [height, size, version] = [numberIn(node, "height"), numberIn(node, "size"), BigInt(numberIn(node, "version"))];
  const general = concatBytes(encodeVarint(BigInt(height)), encodeVarint(BigInt(size)), encodeVarint(version));
  if (size >= 2 ** 32) return general; // no tree in memory is as large
  const out = new Uint8Array(maxNodePrefix);
  const low = Number(BigInt.asIntN(32, version));
  const prefix = out.subarray(0, putNodePrefix(out, 0, height, size, low, Number(version >> 32n)));
  if (!equalBytes(prefix, general)) throw new Error(`prefix is ${toHex(prefix)}, the varints are ${toHex(general)}`);
  return prefix;
}
