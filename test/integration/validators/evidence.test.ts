import assert from "node:assert/strict";
import { test } from "node:test";
import { CHAIN } from "../../../app/hanzo.ts";
import { MsgUndelegate } from "../../../proto/gen/cosmos/staking/v1beta1/tx.ts";
import { message } from "../../harness/signTx.ts";
import { consText, createValidatorScene, eventTexts, STAKE } from "./validatorScene.ts";

const FOREVER = { seconds: 253_402_300_799n, nanos: 0 };

test("who signs twice is slashed, jailed and never comes back; the same evidence again, in the block and later, changes nothing", async () => {
  const scene = await createValidatorScene({ validators: 4, window: 10, jailSeconds: 5 });
  const [, bob] = scene.validators;
  assert.ok(bob);
  await scene.blocks(5);
  const height = scene.chain.app.height - 2n;
  const seen = { validator: bob, height };
  const { events } = await scene.block({ seenTwice: [seen, seen, { validator: bob, height: height + 1n }] });
  const address = consText(bob);
  assert.deepEqual(eventTexts(events, "slash"), [
    `address=${address} power=1000 reason=double_sign burned_coins=${STAKE / 20n}`,
    `jailed=${address}`,
  ]);
  assert.deepEqual(eventTexts((await scene.block({ seenTwice: [seen] })).events, "slash"), []);
  await scene.blocks(2);
  assert.equal(scene.set.powerOf(bob), undefined);
  const info = await scene.info(bob);
  assert.deepEqual([info.tombstoned, info.jailedUntil], [true, FOREVER]);
  assert.equal(await scene.evidenceCount(), 1);
  await scene.blocks(100);
  const { codespace, code } = await scene.unjail(bob);
  assert.deepEqual([codespace, code], ["slashing", 4]);
  assert.equal(scene.set.powerOf(bob), undefined);
});

test("a validator in jail for downtime pays for signing twice, too, and what has left it since pays with it", async () => {
  const scene = await createValidatorScene({ validators: 3, window: 6, jailSeconds: 1_000 });
  const [, , cid] = scene.validators;
  assert.ok(cid);
  await scene.blocks(4);
  const before = scene.chain.app.height;
  const part = STAKE / 10n;
  const left = await scene.send(
    cid,
    message(MsgUndelegate, {
      delegatorAddress: cid.account.address,
      validatorAddress: cid.operator,
      amount: { denom: CHAIN.baseDenom, amount: String(part) },
    }),
  );
  assert.equal(left.code, 0, left.log);
  for (let i = 0; i < 8; i++) await scene.block({ absent: new Set([cid]) });
  assert.equal(scene.set.powerOf(cid), undefined);
  const { events } = await scene.block({ seenTwice: [{ validator: cid, height: before, power: 1_000n }] });
  const [slash = "", ...others] = eventTexts(events, "slash");
  assert.deepEqual(others, []);
  assert.match(slash, /reason=double_sign/);
  const burned = eventTexts(events, "burn").map((text) => BigInt(/amount=(\d+)/.exec(text)?.[1] ?? "0"));
  // A twentieth of a thousand units of power: of it, a twentieth of what is unbonding.
  assert.equal(
    burned.reduce((sum, amount) => sum + amount, 0n),
    STAKE / 20n,
  );
  assert.ok(burned.includes(part / 20n), String(burned));
  assert.equal((await scene.info(cid)).tombstoned, true);
});

test("evidence that is too old, or against a validator that is gone, changes nothing; votes of a validator that is gone neither", async () => {
  const scene = await createValidatorScene({ validators: 3, window: 10, jailSeconds: 5, unbondingSeconds: 1 });
  const [ann, , cid] = scene.validators;
  assert.ok(ann && cid);
  await scene.blocks(3);
  const height = scene.chain.app.height;
  const stake = {
    delegatorAddress: cid.account.address,
    validatorAddress: cid.operator,
    amount: { denom: CHAIN.baseDenom, amount: String(STAKE) },
  };
  const { code, log } = await scene.send(cid, message(MsgUndelegate, stake));
  assert.equal(code, 0, log);
  // Its stake is free a second later, so it is removed while it still votes.
  for (let i = 0; i < 4; i++) await scene.block({ absent: new Set([cid]) });
  assert.equal(scene.set.powerOf(cid), undefined);
  const { events } = await scene.block({
    seenTwice: [
      { validator: cid, height },
      // 172,800 seconds and 100,000 blocks are the limits of the harness; both must be passed.
      { validator: ann, height: -200_000n, timeNs: scene.set.timeOf(-200_000n) },
    ],
  });
  assert.deepEqual(eventTexts(events, "slash"), []);
  assert.equal(await scene.evidenceCount(), 0);
  assert.deepEqual([(await scene.info(cid)).tombstoned, (await scene.info(ann)).tombstoned], [false, false]);
  const again = await scene.block({ seenTwice: [{ validator: ann, height: scene.chain.app.height - 1n }] });
  assert.equal(eventTexts(again.events, "slash").length, 2);
});
