import assert from "node:assert/strict";
import { it } from "node:test";
import type { ValidatorSet } from "../../../app/runtime/validatorUpdates.ts";
import { createNodeMetrics } from "../../../cmd/hanzod/metrics/nodeMetrics.ts";
import { setValidatorGauges } from "../../../cmd/hanzod/metrics/validatorGauges.ts";
import { bank } from "../../../modules/bank/index.ts";
import { distribution } from "../../../modules/distribution/index.ts";
import { evidence } from "../../../modules/evidence/index.ts";
import { slashing } from "../../../modules/slashing/index.ts";
import { consAddressOf } from "../../../modules/staking/consKey.ts";
import { EMPTY_BLOCK } from "../../harness/emptyBlock.ts";
import { COLLECTOR } from "../../harness/rewardsBench.ts";
import { beginBlock, slashingParams } from "../../harness/slashingBench.ts";
import { BOND_DENOM, coin, createStakingBench, keyBytesOf, type StakingBench, UNIT } from "../../harness/stakingBench.ts";

const consOf = (name: string): Uint8Array => consAddressOf({ keyType: "ed25519", publicKey: keyBytesOf(name) });

function begin(): StakingBench {
  const listeners = [distribution, slashing, evidence];
  const chain = createStakingBench({ accounts: ["ann", "ben"], params: { keyRotationFee: coin(7n) }, listeners });
  chain.bench.init("distribution");
  chain.bench.init("slashing", { params: slashingParams({ window: 20n }) });
  chain.bench.init("evidence");
  chain.create("ann", (5n * UNIT) / 2n);
  chain.create("ben", 9n * UNIT);
  chain.end();
  return chain;
}

async function gauges({ bench }: StakingBench, key: string): Promise<Readonly<Record<string, number>>> {
  const metrics = createNodeMetrics();
  const { height, timeNs, chainId } = bench.ctx;
  const validators = new Map([
    ["a", 2n],
    ["b", 9n],
  ]) as ValidatorSet;
  const store = { latest: () => ({ store: (name: string) => bench.store(name) }) } as never;
  setValidatorGauges(metrics, { app: { modules: bench.modules, height, timeNs, chainId, validators }, store }, consOf(key));
  const all = await metrics.registry.getMetricsAsJSON();
  return Object.fromEntries(
    all
      .filter(({ name }) => /^hanzo_(validator|set|signed|may)_/.test(name))
      .map(({ name, values }) => [name.slice(6), values[0]?.value ?? 0]),
  );
}

const NOBODY = {
  validator_power: 0,
  validator_bonded: 0,
  validator_jailed: 0,
  validator_tombstoned: 0,
  validator_missed_blocks: 0,
  validator_stake_power: 0,
  validator_commission_power: 0,
  validator_rewards_power: 0,
  signed_window_blocks: 20,
  may_miss_blocks: 10,
  set_validators: 2,
  set_bonded_power: 11.5,
};

it("the state says what operators watch of their validator and of the set; of nobody's key it says nothing", async () => {
  const chain = begin();
  assert.deepEqual(await gauges(chain, "nobody"), NOBODY);
  beginBlock(chain.bench, [{ address: consOf("ann"), power: 2n, flag: 1 }], []);
  const own = { ...NOBODY, validator_bonded: 1, validator_stake_power: 2.5, validator_missed_blocks: 1 };
  assert.deepEqual(await gauges(chain, "ann"), own);
  chain.rotate("ann", "new");
  for (let block = 0; block < 3; block++) chain.end();
  assert.deepEqual(await gauges(chain, "new"), own);
  assert.deepEqual(await gauges(chain, "ann"), own, "a node that has the old key still sees its validator");
});

it("jail, tombstone, rewards and commission are there", async () => {
  const chain = begin();
  chain.bench.facet(bank, "mint").mint(chain.bench.ctx, COLLECTOR, BOND_DENOM, 4n * UNIT);
  chain.end();
  chain.bench
    .module("distribution")
    .beginBlock?.(chain.bench.ctx, { ...EMPTY_BLOCK, lastCommit: [{ address: consOf("ann"), power: 2n, flag: 2 }] });
  const earned = await gauges(chain, "ann");
  assert.equal(earned["validator_rewards_power"], 4 * 0.98);
  assert.equal(earned["validator_commission_power"], 4 * 0.98 * 0.1);
  const fault = { type: 1, address: consOf("ann"), power: 2n, height: 1n, timeNs: chain.bench.ctx.timeNs - 1n, totalPower: 11n };
  beginBlock(chain.bench, [], [fault]);
  chain.end();
  const ended = await gauges(chain, "ann");
  assert.deepEqual([ended["validator_bonded"], ended["validator_jailed"], ended["validator_tombstoned"]], [0, 1, 1]);
});
