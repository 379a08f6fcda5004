import assert from "node:assert/strict";
import { test } from "node:test";
import { createHanzoApp, hanzoStores } from "../../../app/hanzo.ts";
import type { App } from "../../../app/runtime/app.ts";
import { createMemoryCommitStore } from "../../../app/store/commitStore.ts";
import { exportedGenesis } from "../../../cmd/hanzod/genesis/exportedGenesis.ts";
import { type GenesisDocument, initChainRequest } from "../../../cmd/hanzod/genesis/initChainRequest.ts";
import { toJson } from "../../../cmd/shared/output.ts";
import { createValidatorScene, type ValidatorScene } from "./validatorScene.ts";

/** One validator fell asleep, one signed twice, one misses now and then. */
async function busyScene(): Promise<ValidatorScene> {
  const scene = await createValidatorScene({ validators: 5, window: 10, jailSeconds: 50 });
  const [, bob, cid, dan] = scene.validators;
  assert.ok(bob && cid && dan);
  for (let i = 0; i < 15; i++) await scene.block({ absent: new Set(i % 3 === 0 ? [bob, cid] : [cid]) });
  await scene.block({ seenTwice: [{ validator: dan, height: scene.chain.app.height - 1n }] });
  await scene.blocks(3);
  const infos = await scene.infos();
  assert.ok((infos.get(bob)?.missedBlocksCounter ?? 0n) > 0n);
  assert.deepEqual([infos.get(cid)?.indexOffset, infos.get(dan)?.tombstoned], [0n, true]);
  return scene;
}

async function importInto(document: string): Promise<App> {
  const genesis = JSON.parse(document) as GenesisDocument;
  const store = createMemoryCommitStore({ stores: hanzoStores, initialVersion: BigInt(genesis.initial_height) });
  const app = await createHanzoApp({ store, minGasPrices: "" });
  // The scene began with a validator that nobody has staked on: it is in CometBFT's list and not in the state.
  app.initChain(initChainRequest({ ...genesis, validators: [] }));
  return app;
}

type Slashing = { readonly signing_infos: readonly { readonly validator_signing_info: { readonly start_height: string } }[] };

test("records, tombstones and evidence begin anew where an export ended", async () => {
  const scene = await busyScene();
  const exported = await scene.chain.app.exportChain();
  const app = await importInto(toJson(exportedGenesis(exported)));
  const block = scene.chain.nextBlock();
  await app.finalizeBlock(block);
  await app.commit();
  const { appState } = await app.exportChain();
  for (const name of ["slashing", "evidence"]) assert.equal(toJson(appState[name]), toJson(exported.appState[name]), name);
  assert.deepEqual(app.brokenInvariants(), []);
});

test("for height 1 only the beginnings of windows change", async () => {
  const scene = await busyScene();
  const plain = (await scene.chain.app.exportChain()).appState;
  const restarted = await scene.chain.app.exportChain({ forZeroHeight: true });
  const heights = (state: Readonly<Record<string, unknown>>): string[] =>
    (state["slashing"] as Slashing).signing_infos.map(({ validator_signing_info: info }) => info.start_height);
  assert.ok(heights(plain).every((height) => height !== "0"));
  assert.deepEqual(
    heights(restarted.appState),
    heights(plain).map(() => "0"),
  );
  const withoutHeights = (state: unknown): string => toJson(state).replaceAll(/"start_height": ?"\d+"/g, "");
  assert.equal(withoutHeights(restarted.appState["slashing"]), withoutHeights(plain["slashing"]));
  assert.equal(toJson(restarted.appState["evidence"]), toJson(plain["evidence"]));
  const app = await importInto(toJson(exportedGenesis(restarted)));
  await app.finalizeBlock({ ...scene.chain.nextBlock(), height: 1n });
  await app.commit();
  assert.deepEqual(app.brokenInvariants(), []);
});
