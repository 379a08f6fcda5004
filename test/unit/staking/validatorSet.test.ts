import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compareBytes, toHex } from "#sdk";
import { decodeBech32 } from "../../../app/encoding/bech32.ts";
import { consAddressOf } from "../../../modules/staking/consKey.ts";
import { staking } from "../../../modules/staking/index.ts";
import { refused } from "../../harness/refused.ts";
import {
  createStakingBench,
  type EndedBlock,
  keyBytesOf,
  operatorOf,
  type StakingBench,
  UNBONDING_NS,
  UNIT,
} from "../../harness/stakingBench.ts";

const NAMES = ["ann", "ben", "cat", "dan"] as const;
const nameOf = new Map(NAMES.map((name) => [toHex(keyBytesOf(name)), name]));
const changes = ({ updates }: EndedBlock): readonly (readonly [string | undefined, bigint])[] =>
  updates.map(({ publicKey, power }) => [nameOf.get(toHex(publicKey)), power]);

function statusOf(chain: StakingBench, name: string): number | undefined {
  return chain.bench.facet(staking, "view").findValidator(chain.bench.ctx, operatorOf(name))?.status;
}

describe("the validator set", () => {
  it("are those with most power, told with most power first and leavers last", () => {
    const chain = createStakingBench({ validators: { ann: 3n * UNIT, ben: 2n * UNIT, cat: 4n * UNIT }, accounts: ["dan"] });
    chain.create("dan", 5n * UNIT);
    chain.delegate("ann", "ann", 9n * UNIT);
    assert.deepEqual(changes(chain.end()), [
      ["ann", 12n],
      ["dan", 5n],
      ["ben", 0n],
    ]);
    assert.deepEqual(
      NAMES.map((name) => statusOf(chain, name)),
      [3, 2, 3, 3],
    );
    assert.deepEqual(changes(chain.end()), []);
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("has equals in the order of their addresses", () => {
    const chain = createStakingBench({ validators: { ann: UNIT, ben: UNIT, cat: UNIT, dan: UNIT } });
    const view = chain.bench.facet(staking, "view");
    const bytes = (name: string): Uint8Array => decodeBech32(operatorOf(name)).bytes;
    const expected = [...NAMES].sort((a, b) => compareBytes(bytes(a), bytes(b))).slice(0, 3);
    assert.deepEqual(
      [...view.bondedByPower(chain.bench.ctx)].map(({ operator }) => operator),
      expected.map(operatorOf),
    );
  });

  it("has nobody with less than a unit of power, and counts whole units", () => {
    const chain = createStakingBench({ validators: { ann: 3n * UNIT }, accounts: ["ben"] });
    chain.create("ben", UNIT - 1n);
    assert.deepEqual(changes(chain.end()), []);
    chain.delegate("ben", "ben", 1n);
    assert.deepEqual(changes(chain.end()), [["ben", 1n]]);
    chain.undelegate("ben", "ben", 1n);
    assert.deepEqual(changes(chain.end()), [["ben", 0n]]);
  });

  it("loses who is jailed at the block's end, and takes back who is let out", () => {
    const chain = createStakingBench({ validators: { ann: 3n * UNIT, ben: 2n * UNIT } });
    chain.jail("ben");
    refused(() => chain.jail("ben"), "staking/7");
    assert.deepEqual(changes(chain.end()), [["ben", 0n]]);
    assert.equal(statusOf(chain, "ben"), 2);
    chain.unjail("ben");
    refused(() => chain.unjail("ben"), "sdk/35");
    assert.deepEqual(changes(chain.end()), [["ben", 2n]]);
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("jails an operator whose own stake falls below its promise", () => {
    const chain = createStakingBench({ validators: { ann: 3n * UNIT }, accounts: ["ben", "cat"] });
    chain.create("ben", 2n * UNIT, { minSelfDelegation: UNIT.toString() });
    chain.delegate("cat", "ben", 9n * UNIT);
    assert.deepEqual(changes(chain.end()), [["ben", 11n]]);
    chain.undelegate("cat", "ben", 9n * UNIT - 1n);
    chain.undelegate("ben", "ben", UNIT);
    assert.equal(statusOf(chain, "ben"), 3);
    chain.undelegate("ben", "ben", 1n);
    assert.deepEqual(changes(chain.end()), [["ben", 0n]]);
    assert.deepEqual(chain.bench.broken(), []);
  });
});

describe("a validator that leaves the set", () => {
  it("is unbonded when its time is over, and forgotten when nobody staked on it", () => {
    const chain = createStakingBench({ validators: { ann: 3n * UNIT, ben: 2n * UNIT, cat: UNIT } });
    chain.undelegate("ben", "ben", 2n * UNIT);
    chain.jail("cat");
    chain.end(UNBONDING_NS - 1n);
    chain.end(1n);
    assert.deepEqual([statusOf(chain, "ben"), statusOf(chain, "cat")], [2, 2]);
    chain.end();
    assert.deepEqual([statusOf(chain, "ben"), statusOf(chain, "cat")], [undefined, 1]);
    assert.deepEqual(chain.bench.broken(), []);
    refused(() => chain.jail("ben"), "staking/3");
  });

  it("is not unbonded when it came back before", () => {
    const chain = createStakingBench({ validators: { ann: 3n * UNIT, ben: 2n * UNIT } });
    chain.jail("ben");
    chain.end();
    chain.unjail("ben");
    chain.end(UNBONDING_NS);
    chain.end();
    assert.equal(statusOf(chain, "ben"), 3);
  });

  it("with an instant unbonding time is unbonded in the same block", () => {
    const chain = createStakingBench({
      validators: { ann: 3n * UNIT, ben: 2n * UNIT },
      params: { unbondingTime: { seconds: 0n, nanos: 1 } },
    });
    chain.jail("ben");
    chain.end(1n);
    chain.end();
    assert.equal(statusOf(chain, "ben"), 1);
  });
});

it("a consensus address is the hash that CometBFT makes of the key", () => {
  // The first recorded validator: key in its genesis transaction, address in CometBFT's answer.
  const publicKey = Uint8Array.from(Buffer.from("wgv9OrcwJMlZPtWwQrGv3WloQi70wONGTnJJPKbEOqw=", "base64"));
  assert.equal(toHex(consAddressOf({ keyType: "ed25519", publicKey })), "0f7d411fc80a25e7a35255d1b37de80a2950d45d");
});
