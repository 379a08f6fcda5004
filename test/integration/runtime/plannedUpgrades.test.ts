import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createHanzoApp, hanzoModules } from "../../../app/hanzo.ts";
import { connectPorts } from "../../../app/hanzoPorts.ts";
import { type App, storeNames } from "../../../app/runtime/app.ts";
import { coll, defineModule, type Module, UpgradeStop, value } from "../../../app/sdk/index.ts";
import { createMemoryCommitStore } from "../../../app/store/commitStore.ts";
import { QueryModuleVersionsRequest, QueryModuleVersionsResponse } from "../../../proto/gen/cosmos/upgrade/v1beta1/query.ts";
import { MsgSoftwareUpgrade } from "../../../proto/gen/cosmos/upgrade/v1beta1/tx.ts";
import { createGovChain, GOV } from "../../harness/govChain.ts";
import { message } from "../../harness/signTx.ts";

/** A module whose second version doubles what the first one counted. */
function counter(version: 1 | 2): Module {
  return defineModule({
    name: "counter",
    version,
    state: { blocks: coll.item(1, value.uint64, 0n) },
    endBlock:
      ({ state }) =>
      (ctx) =>
        state.blocks.set(ctx, state.blocks.get(ctx) + 1n),
    migrate: { 2: ({ state }, ctx) => state.blocks.set(ctx, state.blocks.get(ctx) * 2n) },
  });
}

/** What a program of that version is made of. */
function program(version: 1 | 2, knows: readonly string[], skipped: readonly bigint[] = [], whole = false) {
  return {
    modules: [...hanzoModules, counter(version)],
    minGasPrices: "",
    ports: (runtime: Parameters<typeof connectPorts>[0]) => {
      const ports = connectPorts(runtime, new Set(skipped));
      return {
        ...ports,
        upgrade: {
          ...ports.upgrade,
          program: { ...ports.upgrade.program, knows: (name: string) => knows.includes(name), precedes: () => whole },
        },
      };
    },
  };
}

const HEIGHT = 14n;

/** A chain on which upgrade `v2` is planned, run by the first program up to the block before. */
async function planned() {
  const store = createMemoryCommitStore({ stores: storeNames(program(1, []).modules), initialVersion: 1n });
  const chain = await createGovChain({ app: { ...program(1, []), store } });
  const plan = { name: "v2", height: HEIGHT, info: "here", time: undefined, upgradedClientState: undefined };
  await chain.propose([message(MsgSoftwareUpgrade, { authority: GOV, plan })]);
  while (chain.app.height < HEIGHT - 1n) await chain.deliver();
  return { store, chain, next: chain.nextBlock() };
}

const versionOf = async (app: App): Promise<bigint | undefined> => {
  const data = QueryModuleVersionsRequest.encode({ moduleName: "counter" }).finish();
  const { value } = await app.query({ path: "/cosmos.upgrade.v1beta1.Query/ModuleVersions", data, height: 0n, prove: false });
  return QueryModuleVersionsResponse.decode(value).moduleVersions[0]?.version;
};
const blocksOf = (app: App): unknown => (app.exportGenesis()["counter"] as { readonly blocks: string }).blocks;

/** Both versions in one module: the second one counts by two. */
const both = defineModule({
  name: "counter",
  version: 2,
  oldest: 1,
  state: { blocks: coll.item(1, value.uint64, 0n) },
  endBlock:
    ({ state, stateVersion }) =>
    (ctx) =>
      state.blocks.set(ctx, state.blocks.get(ctx) + (stateVersion(ctx) < 2 ? 1n : 2n)),
  migrate: { 2: ({ state }, ctx) => state.blocks.set(ctx, state.blocks.get(ctx) * 2n) },
});

describe("a planned upgrade", () => {
  it("is nothing to stop at for a program that has both versions of what changes", async () => {
    const { store, next } = await planned();
    const whole = await createHanzoApp({ ...program(2, ["v2"], [], true), modules: [...hanzoModules, both], store });
    await whole.finalizeBlock(next);
    await whole.commit();
    assert.equal(blocksOf(whole), String((HEIGHT - 1n) * 2n + 2n));
    // The same program on the blocks before: the state is of the first version, and so are the rules.
    const early = createMemoryCommitStore({ stores: storeNames(program(1, []).modules), initialVersion: 1n });
    const chain = await createGovChain({ app: { ...program(1, []), store: early } });
    const plan = { name: "v2", height: 50n, info: "", time: undefined, upgradedClientState: undefined };
    await chain.propose([message(MsgSoftwareUpgrade, { authority: GOV, plan })]);
    await chain.pass(5);
    const block = chain.nextBlock();
    const before = BigInt(String(blocksOf(chain.app)));
    const again = await createHanzoApp({ ...program(2, ["v2"], [], true), modules: [...hanzoModules, both], store: early });
    await again.finalizeBlock(block);
    await again.commit();
    assert.equal(blocksOf(again), String(before + 1n));
  });
  it("stops the program of before in the block of the plan, and the next one goes on with that block", async () => {
    const { store, chain, next } = await planned();
    const before = Buffer.from(store.appHash).toString("hex");
    assert.throws(
      () => chain.app.finalizeBlock(next),
      (error) => error instanceof UpgradeStop && error.kind === "needed" && error.plan.info === "here",
    );
    assert.equal(Buffer.from(store.appHash).toString("hex"), before);
    assert.equal(chain.app.height, HEIGHT - 1n);
    const after = await createHanzoApp({ ...program(2, ["v2"]), store });
    await after.finalizeBlock(next);
    await after.commit();
    assert.equal(after.height, HEIGHT);
    assert.equal(blocksOf(after), String((HEIGHT - 1n) * 2n + 1n));
    assert.equal(await versionOf(after), 2n);
    assert.deepEqual(after.brokenInvariants(), []);
  });
  it("the state changes its version in the block of a plan and in no other", async () => {
    const { store, chain, next } = await planned();
    const early = await createHanzoApp({ ...program(2, []), store });
    const skipping = await createHanzoApp({ ...program(2, [], [HEIGHT]), store });
    assert.throws(
      () => skipping.finalizeBlock(next),
      /module counter of version 1 expected, as in the state, got 2: the state changes its version only in the block/,
    );
    assert.throws(() => early.finalizeBlock(next), UpgradeStop);
    assert.equal(chain.app.height, HEIGHT - 1n);
  });
  it("refuses the next program before its height", async () => {
    const store = createMemoryCommitStore({ stores: storeNames(program(1, []).modules), initialVersion: 1n });
    const chain = await createGovChain({ app: { ...program(1, []), store } });
    const plan = { name: "v2", height: 50n, info: "", time: undefined, upgradedClientState: undefined };
    await chain.propose([message(MsgSoftwareUpgrade, { authority: GOV, plan })]);
    await chain.pass(5);
    const next = chain.nextBlock();
    const early = await createHanzoApp({ ...program(2, ["v2"]), store });
    assert.throws(
      () => early.finalizeBlock(next),
      (error) => error instanceof UpgradeStop && error.kind === "early",
    );
    await chain.deliver();
  });
  it("passes without the upgrade where all skip it", async () => {
    const { store, chain, next } = await planned();
    const skipping = await createHanzoApp({ ...program(1, [], [HEIGHT]), store });
    await skipping.finalizeBlock(next);
    await skipping.commit();
    assert.equal(skipping.height, HEIGHT);
    assert.equal(await versionOf(skipping), 1n);
    assert.ok(chain.app.height >= HEIGHT - 1n);
  });
  it("whose program is lost again refuses to go on with the one of before", async () => {
    const { store, next, chain } = await planned();
    const after = await createHanzoApp({ ...program(2, ["v2"]), store });
    await after.finalizeBlock(next);
    await after.commit();
    const back = await createHanzoApp({ ...program(1, []), store });
    assert.throws(
      () => back.finalizeBlock({ ...next, height: HEIGHT + 1n }),
      (error) => error instanceof UpgradeStop && error.kind === "outdated",
    );
    assert.ok(chain.accounts.length > 0);
  });
});
