import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { bindModules, coll, createAddressCodec, defineModule, key, type Module, ModuleError, moduleAddress, value } from "#sdk";
import { type Bench, createBench, eventLines, TEST_CHAIN } from "../../harness/moduleBench.ts";
import { bond, type Kernels, purse, watcher } from "./moduleTyping.ts";

const kernels: Kernels = { popcount: (bytes) => bytes.reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0) };
const ports = { bond: { kernels } };
const authority = createAddressCodec("test").format(moduleAddress("gov"));
const minBond = 1_000_000n;

let bench: Bench;
let alice: string;
beforeEach(() => {
  bench = createBench({ modules: [purse, bond, watcher], ports });
  alice = bench.account("alice");
  bench.facet(purse, "mint").mint(bench.ctx, alice, "atest", 5n * minBond);
});
const refused = (run: () => unknown, codespace: string, code: number, text: RegExp): void =>
  assert.throws(
    run,
    (error) => error instanceof ModuleError && error.codespace === codespace && error.code === code && text.test(error.message),
  );

describe("a declared module", () => {
  it("runs messages with its needs, ports, hooks and events", () => {
    assert.deepEqual(bench.send("/test.bond.v1.MsgBond", { owner: alice, amount: 2n * minBond }), { id: 1n });
    assert.equal(bench.facet(purse, "view").balance(bench.ctx, bench.module("bond").account, "atest"), 2n * minBond);
    assert.deepEqual(bench.query("/test.bond.v1.Query/Bond", { owner: alice }), { amount: 2n * minBond });
    assert.deepEqual(eventLines(bench.takeEvents()), [`test.bond.v1.EventBonded(owner="${alice}", amount="2000000")`]);
    assert.equal(bench.store("watcher").dump().length, 1);
    assert.deepEqual(bench.broken(), []);
  });
  it("finds entries by index when their block comes, and keeps the index in step", () => {
    bench.send("/test.bond.v1.MsgBond", { owner: alice, amount: minBond });
    const rows = bench.store("bond").dump().length;
    bench.send("/test.bond.v1.MsgBond", { owner: alice, amount: minBond });
    assert.equal(bench.store("bond").dump().length, rows, "the same index row again");
    for (const height of [7n, 8n]) bench.module("bond").endBlock?.(bench.at(height).ctx);
    assert.deepEqual(bench.query("/test.bond.v1.Query/Bond", { owner: alice }), { amount: 0n });
    assert.deepEqual(
      bench
        .store("bond")
        .dump()
        .map(([at]) => at),
      ["02"],
    );
  });
  it("refuses by its stateless check before its handler, and by its own codes", () => {
    refused(
      () => bench.send("/test.bond.v1.MsgBond", { owner: alice, amount: 0n }),
      "bond",
      2,
      /^amount above 0 expected, got 0: bond below minimum$/,
    );
    refused(() => bench.send("/test.bond.v1.MsgBond", { owner: alice, amount: 9n }), "bond", 2, /^9 < 1000000: bond below minimum$/);
    refused(
      () => bench.send("/test.bond.v1.MsgBond", { owner: bench.account("poor"), amount: minBond }),
      "purse",
      5,
      /insufficient funds$/,
    );
    refused(() => bench.send("/test.bond.v1.MsgBond", { owner: "nobody", amount: minBond }), "sdk", 7, /^decoding bech32 failed/);
    assert.deepEqual(bench.store("bond").dump(), []);
  });
  it("takes an account as its authority where the chain names an address instead of a module", () => {
    const chain = { ...TEST_CHAIN, authorityModule: alice };
    const ruled = createBench({ modules: [purse, bond, watcher], ports, chain });
    const params = { slashBps: 100, minBond: 7n };
    ruled.send("/test.bond.v1.MsgUpdateParams", { authority: alice, params });
    refused(() => ruled.send("/test.bond.v1.MsgUpdateParams", { authority, params }), "gov", 13, /invalid authority; expected test1/);
    // Of another chain's prefix it is no address, and so the name of a module.
    const named = createBench({ modules: [purse, bond, watcher], ports, chain: { ...TEST_CHAIN, authorityModule: `x${alice}` } });
    refused(() => named.send("/test.bond.v1.MsgUpdateParams", { authority: alice, params }), "gov", 13, /invalid authority/);
  });
  it("answers and updates parameters by itself", () => {
    assert.deepEqual(bench.query("/test.bond.v1.Query/Params", {}), { params: { slashBps: 500, minBond } });
    const params = { slashBps: 1, minBond: 7n };
    bench.send("/test.bond.v1.MsgUpdateParams", { authority, params });
    assert.deepEqual(bench.query("/test.bond.v1.Query/Params", {}), { params });
    bench.send("/test.bond.v1.MsgBond", { owner: alice, amount: 7n });
    refused(
      () => bench.send("/test.bond.v1.MsgUpdateParams", { authority: alice, params }),
      "gov",
      13,
      /expected gov account as only signer/,
    );
    refused(
      () => bench.send("/test.bond.v1.MsgUpdateParams", { authority, params: { slashBps: 10_001, minBond: 7n } }),
      "sdk",
      18,
      /slash_bps of at most 10000 expected, got 10001/,
    );
    refused(() => bench.send("/test.bond.v1.MsgUpdateParams", { authority }), "sdk", 18, /params must be set/);
  });
  it("runs the migrations between two versions once", () => {
    bench.module("bond").migrate(bench.ctx, 2);
    assert.deepEqual(bench.store("bond").dump(), []);
    bench.module("bond").migrate(bench.ctx, 1);
    assert.deepEqual(bench.store("bond").dump(), [["02", "30"]]);
  });
  it("says which invariant is broken", () => {
    bench.store("bond").set(Uint8Array.of(2), new TextEncoder().encode("5"));
    assert.deepEqual(bench.broken(), ["bond: total 5, sum 0"]);
  });
});

describe("modules that do not fit together are refused", () => {
  const fails = (modules: readonly Module[], text: RegExp, given: Parameters<typeof bindModules>[0]["ports"] = ports): void =>
    refused(() => bindModules({ modules, chain: TEST_CHAIN, ...(given === undefined ? {} : { ports: given }) }), "sdk", 40, text);
  it("when a need stands behind", () => fails([bond, purse], /module bond needs purse, which must stand before it/));
  it("when a port is not connected", () => fails([purse, bond], /port kernels of module bond is not connected/, {}));
  it("when a module stands twice", () => fails([purse, purse], /module purse is listed twice/));
  it("when prefixes collide", () => {
    fails(
      [defineModule({ name: "x", version: 1, state: { a: coll.item(1, value.int), b: coll.map(1, key.string, value.int) } })],
      /prefix 1 of x belongs to both a and b/,
    );
    fails(
      [defineModule({ name: "x", version: 1, state: { a: coll.map(1, key.string, value.int, { by: [1, key.string, String] }) } })],
      /prefix 1 of x belongs to both a and a\.by/,
    );
    fails([defineModule({ name: "x", version: 1, state: { a: coll.item(255, value.int) } })], /prefix of x\.a in 0…254 expected, got 255/);
  });
});
