import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bindModules, coll, createCtx, createGasMeter, defineModule, key, ModuleError, value } from "#sdk";
import { exportGeneric, importGeneric } from "../../../app/runtime/genericGenesis.ts";
import { createMemoryKv, type MemoryKv } from "../../harness/memoryKv.ts";
import { TEST_CHAIN } from "../../harness/moduleBench.ts";

const shelf = defineModule({
  name: "shelf",
  version: 1,
  state: {
    ints: coll.map(1, key.pair(key.string, key.uint64), value.int, { bySize: [6, key.uint64, (v) => v & 3n] }),
    names: coll.map(2, key.bytes, value.string),
    flags: coll.map(3, key.denom, value.bool),
    next: coll.item(4, value.uint64),
    never: coll.item(5, value.int),
  },
});
const wire = { toJson: () => assert.fail(), fromJson: () => assert.fail() };
const [module = assert.fail()] = bindModules({ modules: [shelf], chain: TEST_CHAIN });
const on = (kv: MemoryKv) =>
  createCtx({
    height: 1n,
    timeNs: 0n,
    chainId: "test",
    gas: createGasMeter(),
    stores: () => kv,
    events: [],
    formatEvent: () => assert.fail(),
  });

const GENESIS = {
  ints: [
    [["a", "7"], "-5"],
    [["b", "0"], "9"],
  ],
  names: [["00ff", "first"]],
  flags: [["stake", false]],
  next: "18446744073709551615",
};

function load(json: unknown): MemoryKv {
  const kv = createMemoryKv();
  importGeneric(module, wire, on(kv), json);
  return kv;
}

describe("genesis of a module without a form of its own", () => {
  it("writes every collection and reads it back, indexes included", () => {
    const kv = load(GENESIS);
    assert.deepEqual(exportGeneric(module, wire, on(kv)), GENESIS);
    assert.deepEqual(load(exportGeneric(module, wire, on(kv))).dump(), kv.dump());
    assert.equal(kv.dump().filter(([at]) => at.startsWith("06")).length, 2);
  });
  const refusals: readonly (readonly [label: string, change: object, text: RegExp])[] = [
    ["an unknown collection", { nope: [] }, /nope/],
    ["a number as a number", { next: 5 }, /a whole number as text expected, got 5/],
    ["a number in another spelling", { next: "0x11" }, /a whole number as text expected, got "0x11"/],
    ["an empty number", { ints: [[["a", "7"], ""]] }, /a whole number as text expected, got ""/],
    ["minus zero", { ints: [[["a", "7"], "-0"]] }, /a whole number as text expected, got "-0"/],
    ["a number that is too large", { next: "18446744073709551616" }, /a number in \[0, 2\^64\) as text expected/],
    ["a flag as text", { flags: [["stake", "true"]] }, /true or false expected, got "true"/],
    ["a text that is none", { names: [["00", null]] }, /text expected, got null/],
    ["bytes that are none", { names: [["0g", "x"]] }, /hexadecimal text expected, got "0g"/],
    ["a key with a part missing", { ints: [[["a"], "1"]] }, /a list of two expected, got \["a"\]/],
    [
      "a key twice",
      {
        flags: [
          ["stake", true],
          ["stake", false],
        ],
      },
      /flags\[1\]/,
    ],
  ];
  for (const [label, change, text] of refusals) {
    it(`refuses ${label}`, () =>
      assert.throws(
        () => load(change),
        (error) => error instanceof ModuleError && error.code === 17 && text.test(error.message),
      ));
  }
});
