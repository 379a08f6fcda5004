import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { QueryAllEvidenceResponse } from "#proto/cosmos/evidence/v1beta1/query";
import { type BlockInfo, createAddressCodec, E18 } from "#sdk";
import { evidence } from "../../../modules/evidence/index.ts";
import { slashing } from "../../../modules/slashing/index.ts";
import { consAddressOf } from "../../../modules/staking/consKey.ts";
import { staking } from "../../../modules/staking/index.ts";
import { TEST_CHAIN } from "../../harness/moduleBench.ts";
import { refused } from "../../harness/refused.ts";
import { beginBlock, slashingParams } from "../../harness/slashingBench.ts";
import { coin, createStakingBench, keyBytesOf, operatorOf, type StakingBench, UNBONDING_NS, UNIT } from "../../harness/stakingBench.ts";

const consOf = (name: string): Uint8Array => consAddressOf({ keyType: "ed25519", publicKey: keyBytesOf(name) });
const ABSENT = 1;
const COMMIT = 2;

/** A chain with staking, slashing and evidence, whose validators have voted before. */
function begin(): StakingBench {
  const chain = createStakingBench({ params: { keyRotationFee: coin(7n) }, accounts: ["ann", "ben"], listeners: [slashing, evidence] });
  chain.bench.init("slashing", { params: slashingParams({ window: 20n }) });
  chain.bench.init("evidence");
  for (const [name, units] of [
    ["ann", 5n],
    ["ben", 3n],
  ] as const)
    chain.create(name, units * UNIT);
  chain.end();
  return chain;
}

/** Begins the block that stands with votes of the last one, and ends it. */
function block(chain: StakingBench, votes: readonly (readonly [key: string, flag: number])[], seen: BlockInfo["misbehavior"] = []): void {
  const { ctx } = chain.bench;
  const lastCommit = votes.map(([key, flag]) => ({ address: consOf(key), power: 5n, flag }));
  beginBlock(chain.bench, lastCommit, seen);
  assert.deepEqual(chain.bench.broken(), [], `at ${ctx.height}`);
  chain.end();
}

const twice = (chain: StakingBench, key: string, height: bigint): BlockInfo["misbehavior"][number] => ({
  type: 1,
  address: consOf(key),
  power: 5n,
  height,
  timeNs: chain.bench.ctx.timeNs - 1n,
  totalPower: 8n,
});
/** As the last block left it: the votes of the one that stands are counted by {@link block}. */
const info = ({ bench }: StakingBench, key: string) =>
  bench.facet(slashing, "view").findSigningInfo(bench.at(bench.ctx.height - 1n).ctx, consOf(key));
const tokens = (chain: StakingBench, name: string) =>
  chain.bench.facet(staking, "view").findValidator(chain.bench.ctx, operatorOf(name))?.tokens;

/** Changes the key of ann and lives until it is hers. */
function rotated(): { chain: StakingBench; fault: bigint } {
  const chain = begin();
  const fault = chain.bench.ctx.height;
  block(chain, [["ann", ABSENT]]);
  chain.rotate("ann", "new");
  for (let i = 0; i < 3; i++) block(chain, [["ann", ABSENT]]);
  return { chain, fault };
}

describe("a validator with a new key", () => {
  it("keeps the record of its votes, and is counted under the new key", () => {
    const { chain } = rotated();
    assert.equal(info(chain, "ann"), undefined);
    assert.equal(info(chain, "new")?.missedBlocksCounter, 4n);
    assert.equal(info(chain, "new")?.address, createAddressCodec(TEST_CHAIN.bech32Prefix).consensus.format(consOf("new")));
    block(chain, [["new", ABSENT]]);
    block(chain, [["new", COMMIT]]);
    assert.equal(info(chain, "new")?.missedBlocksCounter, 5n);
    assert.equal(info(chain, "new")?.indexOffset, 6n);
  });

  it("is slashed, jailed and tombstoned for what it signed twice with the old one", () => {
    const { chain, fault } = rotated();
    block(chain, [["new", COMMIT]], [twice(chain, "ann", fault)]);
    assert.equal(tokens(chain, "ann"), 5n * UNIT - (5n * UNIT * (E18 / 20n)) / E18);
    assert.equal(info(chain, "new")?.tombstoned, true);
    const { evidence: found } = chain.bench.query("/cosmos.evidence.v1beta1.Query/AllEvidence", {}) as QueryAllEvidenceResponse;
    assert.equal(found.length, 1);
    const before = tokens(chain, "ann");
    block(chain, [], [twice(chain, "ann", fault), twice(chain, "new", fault)]);
    assert.equal(tokens(chain, "ann"), before, "nobody pays twice");
    refused(() => chain.rotate("ann", "newer"), "sdk/18");
  });

  it("pays for a fault between the message and the change, and stays tombstoned under the new key", () => {
    const chain = begin();
    block(chain, [["ann", COMMIT]]);
    chain.rotate("ann", "new");
    block(chain, [["ann", COMMIT]]);
    block(chain, [["ann", COMMIT]], [twice(chain, "ann", chain.bench.ctx.height - 1n)]);
    block(chain, [["ann", COMMIT]]);
    assert.equal(info(chain, "ann"), undefined);
    assert.equal(info(chain, "new")?.tombstoned, true);
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("does not pay for the old one when nobody could prove anything any more", () => {
    const { chain, fault } = rotated();
    chain.end(UNBONDING_NS);
    chain.end();
    block(chain, [["new", COMMIT]], [twice(chain, "ann", fault)]);
    assert.equal(tokens(chain, "ann"), 5n * UNIT);
    assert.equal(info(chain, "new")?.tombstoned, false);
  });
});
