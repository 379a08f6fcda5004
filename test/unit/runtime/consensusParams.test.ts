import assert from "node:assert/strict";
import { test } from "node:test";
import { blockLimits, checkConsensusParams, consensusParamUpdates } from "../../../app/runtime/consensusParams.ts";
import { testConsensusParams } from "../../harness/testChain.ts";

test("an unchanged set is no update, a changed one comes with all groups", () => {
  const params = testConsensusParams();
  assert.equal(consensusParamUpdates(params, testConsensusParams()), undefined);
  const changed = { ...params, block: { ...params.block, maxGas: 7n } };
  assert.deepEqual(consensusParamUpdates(params, changed), changed);
  assert.equal(consensusParamUpdates(undefined, undefined), undefined);
});

test("what CometBFT would refuse is refused", () => {
  const good = testConsensusParams();
  checkConsensusParams(good);
  const bad = [
    { ...good, block: undefined },
    { ...good, evidence: undefined },
    { ...good, validator: undefined },
    { ...good, block: { ...good.block, maxBytes: 0n } },
    { ...good, block: { ...good.block, maxBytes: 104_857_601n } },
    { ...good, block: { ...good.block, maxGas: -2n } },
    { ...good, evidence: { ...good.evidence, maxAgeNumBlocks: 0n } },
    { ...good, evidence: { ...good.evidence, maxAgeDuration: { seconds: 0n, nanos: 0 } } },
    { ...good, evidence: { ...good.evidence, maxBytes: 4_194_305n } },
    { ...good, validator: { pubKeyTypes: [] } },
    { ...good, validator: { pubKeyTypes: ["bls"] } },
  ];
  for (const params of bad) assert.throws(() => checkConsensusParams(params), { codespace: "sdk", code: 35 });
});

test("no gas limit and no parameters limit nothing", () => {
  assert.equal(blockLimits(undefined).maxGas, undefined);
  assert.equal(blockLimits(testConsensusParams(-1n)).maxGas, undefined);
  assert.equal(blockLimits(testConsensusParams(5n)).maxGas, 5n);
});
