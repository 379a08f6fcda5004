import assert from "node:assert/strict";
import { test } from "node:test";
import type { ValidatorSigningInfo } from "../../../proto/gen/cosmos/slashing/v1beta1/slashing.ts";
import { MsgUpdateParams } from "../../../proto/gen/cosmos/slashing/v1beta1/tx.ts";
import { message } from "../../harness/signTx.ts";
import { slashingParams } from "../../harness/slashingBench.ts";
import type { VirtualValidator } from "../../harness/virtualValidators.ts";
import { consText, createValidatorScene, eventTexts, STAKE, type ValidatorScene } from "./validatorScene.ts";

const BLOCKS = 3_000;
const WINDOW = 20;
const SECOND_NS = 1_000_000_000n;

/** Numbers from a seed, the same on every machine (Numerical Recipes' linear congruence). */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** What a validator's record must be, from the votes alone. */
interface Model {
  votes: boolean[];
  jailedUntilNs: bigint | undefined;
}

/** Everybody has stretches of good and of bad health; at least two are always well. */
function chooseAbsent(
  scene: ValidatorScene,
  random: (below: number) => number,
  sick: Set<VirtualValidator>,
): ReadonlySet<VirtualValidator> {
  for (const validator of scene.validators) {
    if (sick.has(validator)) {
      if (random(25) === 0) sick.delete(validator);
    } else if (random(40) === 0 && sick.size < scene.validators.length - 2) sick.add(validator);
  }
  return new Set(scene.validators.filter((validator) => (sick.has(validator) ? random(10) > 1 : random(20) === 0)));
}

test(`over ${BLOCKS} blocks, counters are the missed votes of the window, who misses too many is slashed and jailed, and comes back`, async () => {
  const scene = await createValidatorScene({ validators: 6, window: WINDOW, jailSeconds: 30 });
  const random = numbersFrom(20_261_129);
  const sick = new Set<VirtualValidator>();
  const models = new Map<VirtualValidator, Model>(
    scene.validators.map((validator) => [validator, { votes: [], jailedUntilNs: undefined }]),
  );
  for (const [validator, { indexOffset }] of await scene.infos())
    models.set(validator, { votes: Array.from({ length: Number(indexOffset) }, () => false), jailedUntilNs: undefined });
  let jails = 0;
  let returns = 0;
  for (let i = 0; i < BLOCKS; i++) {
    const absent = chooseAbsent(scene, random, sick);
    const voted = scene.validators.filter((validator) => scene.set.powerOf(validator) !== undefined);
    const due = scene.validators.find((validator) => {
      const { jailedUntilNs } = models.get(validator) ?? assert.fail();
      return jailedUntilNs !== undefined && scene.set.timeOf(scene.chain.app.height + 1n) >= jailedUntilNs;
    });
    const { events } = due === undefined ? await scene.block({ absent }) : { events: await comeBack(scene, due) };
    const jailed = new Set(eventTexts(events, "slash").map((text) => /address=(\S+)/.exec(text)?.[1]));
    const infos = await scene.infos();
    for (const validator of voted) {
      const model = models.get(validator) ?? assert.fail();
      if (model.jailedUntilNs !== undefined) continue;
      model.votes.push(due === undefined && absent.has(validator));
      const info = infos.get(validator) ?? assert.fail();
      assertRecord(scene, model, info, jailed.has(consText(validator)));
      if (jailed.has(consText(validator))) jails++;
    }
    if (due !== undefined) {
      returns++;
      models.set(due, { votes: [], jailedUntilNs: undefined });
      sick.delete(due);
    }
  }
  assert.ok(jails >= 20 && returns >= 20, `${jails} jails, ${returns} returns`);
});

/** A jailed validator's transaction, in a block in which everybody votes. */
async function comeBack(scene: ValidatorScene, validator: VirtualValidator): Promise<[]> {
  const { code, log } = await scene.unjail(validator);
  assert.equal(code, 0, log);
  return [];
}

function assertRecord({ chain, set }: ValidatorScene, model: Model, info: ValidatorSigningInfo, isJailed: boolean): void {
  const { height } = chain.app;
  const missed = model.votes.slice(-WINDOW).filter(Boolean).length;
  const isDown = height > info.startHeight + BigInt(WINDOW) && missed > WINDOW / 2;
  assert.equal(isJailed, isDown, `height ${height}: ${missed} missed`);
  assert.equal(info.missedBlocksCounter, isDown ? 0n : BigInt(missed));
  assert.equal(info.indexOffset, isDown ? 0n : BigInt(model.votes.length));
  if (!isDown) return;
  model.jailedUntilNs = set.timeOf(height) + 30n * SECOND_NS;
  assert.deepEqual(info.jailedUntil, { seconds: model.jailedUntilNs / SECOND_NS, nanos: Number(model.jailedUntilNs % SECOND_NS) });
}

test("downtime burns a hundredth of the stake, and the validator leaves the set two blocks later", async () => {
  const scene = await createValidatorScene({ validators: 3, window: 6, jailSeconds: 10 });
  const [ann, , cid] = scene.validators;
  assert.ok(ann && cid);
  await scene.blocks(4);
  assert.equal(scene.set.powerOf(cid), 1_000n);
  const absent = new Set([cid]);
  let slashes: string[] = [];
  for (let i = 0; i < 10 && slashes.length === 0; i++) slashes = eventTexts((await scene.block({ absent })).events, "slash");
  const address = consText(cid);
  assert.deepEqual(slashes, [`address=${address} power=1000 reason=missing_signature jailed=${address} burned_coins=${STAKE / 100n}`]);
  assert.equal(scene.set.powerOf(cid), 1_000n);
  await scene.blocks(2);
  assert.equal(scene.set.powerOf(cid), undefined);
  assert.deepEqual([(await scene.unjail(cid)).code, (await scene.unjail(ann)).code], [4, 5]);
  await scene.blocks(10);
  assert.equal((await scene.unjail(cid)).code, 0);
  await scene.blocks(2);
  assert.equal(scene.set.powerOf(cid), 990n);
});

test("governance shortens the window of a running chain: marks behind its end count until the next jail", async () => {
  const scene = await createValidatorScene({ validators: 3, window: 40, jailSeconds: 10 });
  const [ann, bob] = scene.validators;
  assert.ok(ann && bob);
  await scene.blocks(20);
  const absent = new Set([bob]);
  for (let i = 0; i < 5; i++) await scene.block({ absent });
  assert.equal((await scene.info(bob)).missedBlocksCounter, 5n);
  const params = slashingParams({ window: 8n });
  const { code, log } = await scene.send(ann, message(MsgUpdateParams, { authority: ann.account.address, params }));
  assert.equal(code, 0, log);
  const { events } = await scene.block();
  assert.equal(eventTexts(events, "slash").length, 1);
  assert.equal((await scene.info(bob)).missedBlocksCounter, 0n);
  const refused = await scene.send(bob, message(MsgUpdateParams, { authority: bob.account.address, params }));
  assert.deepEqual([refused.codespace, refused.code], ["gov", 13]);
});
