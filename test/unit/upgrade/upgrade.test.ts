import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createAddressCodec, ModuleError, moduleAddress, UpgradeStop } from "#sdk";
import { upgrade } from "../../../modules/upgrade/index.ts";
import { type Bench, createBench } from "../../harness/moduleBench.ts";

const authority = createAddressCodec("test").format(moduleAddress("gov"));

/** The module in a program that knows some upgrades; the bench stands at height 5. */
function program(known: readonly string[] = [], skipped: readonly bigint[] = [], whole = false): Bench {
  const versions = {
    all: () =>
      new Map([
        ["auth", 5n],
        ["upgrade", 1n],
      ]),
  };
  return createBench({
    modules: [upgrade],
    ports: {
      upgrade: {
        program: {
          knows: (name: string) => known.includes(name),
          precedes: () => whole,
          skips: (height: bigint) => skipped.includes(height),
        },
        versions,
      },
    },
  });
}
const plan = (name: string, height: bigint, more: object = {}): object => ({
  name,
  height,
  info: "",
  time: undefined,
  upgradedClientState: undefined,
  ...more,
});
/** The beginning of the year 1. */
const NO_TIME = { seconds: -62_135_596_800n, nanos: 0 };
const schedule = (bench: Bench, name: string, height: bigint, more: object = {}): object =>
  bench.send("/cosmos.upgrade.v1beta1.MsgSoftwareUpgrade", { authority, plan: plan(name, height, more) });
const open = (bench: Bench, height: bigint): boolean => bench.facet(upgrade, "gate").open(bench.at(height).ctx);
const current = (bench: Bench): unknown =>
  (bench.query("/cosmos.upgrade.v1beta1.Query/CurrentPlan", {}) as { plan?: { name: string } }).plan?.name;
const applied = (bench: Bench, name: string): unknown =>
  (bench.query("/cosmos.upgrade.v1beta1.Query/AppliedPlan", { name }) as { height: bigint }).height;
const stops =
  (kind: UpgradeStop["kind"], text: string) =>
  (error: unknown): boolean =>
    error instanceof UpgradeStop && error.kind === kind && error.message === text;

describe("a plan", () => {
  it("takes the place of the one before, and is forgotten when it is cancelled", () => {
    const bench = program();
    schedule(bench, "a", 9n);
    schedule(bench, "b", 8n);
    assert.equal(current(bench), "b");
    bench.send("/cosmos.upgrade.v1beta1.MsgCancelUpgrade", { authority });
    assert.equal(current(bench), undefined);
    bench.send("/cosmos.upgrade.v1beta1.MsgCancelUpgrade", { authority });
    assert.deepEqual(bench.broken(), []);
  });
  it("may have Go's empty time, as programs of the SDK send it, and is shown with it", () => {
    const bench = program();
    for (const time of [undefined, NO_TIME]) {
      schedule(bench, "a", 9n, { time });
      const { plan: shown } = bench.query("/cosmos.upgrade.v1beta1.Query/CurrentPlan", {}) as { plan?: { time: unknown } };
      assert.deepEqual(shown?.time, NO_TIME);
    }
  });
  it("is refused to others, without a name, for the past and with what is not used any more", () => {
    const bench = program();
    const cases: readonly (readonly [() => unknown, string, number])[] = [
      [
        () => bench.send("/cosmos.upgrade.v1beta1.MsgSoftwareUpgrade", { authority: bench.account("x"), plan: plan("a", 9n) }),
        "upgrade",
        6,
      ],
      [() => bench.send("/cosmos.upgrade.v1beta1.MsgCancelUpgrade", { authority: bench.account("x") }), "upgrade", 6],
      // Who may not ask is told so first, whatever is asked for.
      [() => bench.send("/cosmos.upgrade.v1beta1.MsgSoftwareUpgrade", { authority: bench.account("x"), plan: plan("", 0n) }), "upgrade", 6],
      [() => schedule(bench, "", 9n), "sdk", 18],
      [() => schedule(bench, "a", 0n), "sdk", 18],
      [() => schedule(bench, "a", 4n), "sdk", 18],
      [() => schedule(bench, "n".repeat(141), 9n), "sdk", 18],
      [() => schedule(bench, "a", 9n, { time: { seconds: 1n, nanos: 0 } }), "sdk", 18],
      [() => schedule(bench, "a", 9n, { time: { seconds: 0n, nanos: 0 } }), "sdk", 18],
      [() => schedule(bench, "a", 9n, { time: { ...NO_TIME, nanos: 1 } }), "sdk", 18],
      [() => schedule(bench, "a", 9n, { upgradedClientState: { typeUrl: "/x", value: new Uint8Array(0) } }), "sdk", 18],
    ];
    for (const [send, codespace, code] of cases)
      assert.throws(send, (error) => error instanceof ModuleError && error.codespace === codespace && error.code === code);
    assert.equal(current(bench), undefined);
  });
});

describe("the gate", () => {
  it("stops a program without the upgrade in the block of the plan, and not before", () => {
    const bench = program();
    schedule(bench, "v2", 8n, { info: '{"binaries":{}}' });
    assert.equal(open(bench, 7n), false);
    assert.throws(() => open(bench, 8n), stops("needed", 'UPGRADE "v2" NEEDED at height: 8: {"binaries":{}}'));
    assert.throws(() => open(bench, 8n), UpgradeStop, "and each time again");
  });
  it("lets a program with it do the upgrade there, once, and stops it before", () => {
    const bench = program(["v2"]);
    schedule(bench, "v2", 8n);
    assert.throws(
      () => open(bench, 7n),
      stops("early", 'BINARY UPDATED BEFORE TRIGGER! UPGRADE "v2" - in binary but not executed on chain. Downgrade your binary'),
    );
    assert.equal(open(bench, 8n), true);
    assert.equal(current(bench), undefined);
    assert.equal(applied(bench, "v2"), 8n);
    assert.equal(open(bench, 9n), false);
    assert.throws(() => schedule(bench, "v2", 20n), /already been completed/);
    assert.deepEqual(bench.broken(), []);
  });
  it("lets a program that has the rules of before execute both sides of it", () => {
    const bench = program(["v2"], [], true);
    schedule(bench, "v2", 8n);
    assert.deepEqual([open(bench, 7n), open(bench, 8n), open(bench, 9n)], [false, true, false]);
  });
  it("lets a plan pass where the operator skips it", () => {
    const bench = program([], [8n]);
    schedule(bench, "v2", 8n);
    assert.equal(open(bench, 8n), false);
    assert.equal(current(bench), undefined);
    assert.equal(applied(bench, "v2"), 0n);
  });
  it("stops a program that does not know the last upgrade that was done", () => {
    const done = program();
    done.init("upgrade", { plan: undefined, done: [{ name: "v2", height: 3n }] });
    assert.throws(
      () => open(done, 6n),
      stops("outdated", 'wrong app version: the chain did upgrade "v2" at height 3, which this program does not know'),
    );
    const newer = program(["v2", "v3"]);
    newer.init("upgrade", { plan: undefined, done: [{ name: "v2", height: 3n }] });
    assert.equal(open(newer, 6n), false);
  });
});

describe("the state of upgrades", () => {
  it("a plan and the names that were used come back from genesis", () => {
    const bench = program(["old"]);
    bench.init("upgrade", { plan: plan("new", 30n), done: [{ name: "old", height: 3n }] });
    const again = program(["old"]);
    again.init("upgrade", bench.exportGenesis("upgrade") as object);
    assert.deepEqual(again.store("upgrade").dump(), bench.store("upgrade").dump());
    assert.equal(again.store("upgrade").dump().length, 2);
    assert.throws(() => program().init("upgrade", { plan: plan("x", 3n), done: [{ name: "x", height: 1n }] }), /was not done/);
    assert.throws(() => program().init("upgrade", { plan: undefined, done: [{ name: "", height: 1n }] }), /a name and a height/);
  });
  it("lies where the SDK's lies", () => {
    const bench = program(["v"]);
    schedule(bench, "v", 8n);
    assert.deepEqual(
      bench
        .store("upgrade")
        .dump()
        .map(([at]) => at),
      ["00"],
    );
    open(bench, 8n);
    assert.deepEqual(bench.store("upgrade").dump(), [["01000000000000000876", "01"]]);
  });
  it("tells the versions of modules", () => {
    const bench = program();
    const ask = (moduleName: string): unknown => bench.query("/cosmos.upgrade.v1beta1.Query/ModuleVersions", { moduleName });
    assert.deepEqual((ask("") as { moduleVersions: unknown }).moduleVersions, [
      { name: "auth", version: 5n },
      { name: "upgrade", version: 1n },
    ]);
    assert.deepEqual((ask("auth") as { moduleVersions: unknown }).moduleVersions, [{ name: "auth", version: 5n }]);
    assert.throws(() => ask("x"), /module x not found: module version not found/);
  });
});
