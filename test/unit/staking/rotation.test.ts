import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Any } from "#proto/google/protobuf/any";
import { createAddressCodec, moduleAddress, toHex } from "#sdk";
import { bank } from "../../../modules/bank/index.ts";
import { consAddressOf } from "../../../modules/staking/consKey.ts";
import { staking } from "../../../modules/staking/index.ts";
import { TEST_CHAIN } from "../../harness/moduleBench.ts";
import { refused } from "../../harness/refused.ts";
import {
  BOND_DENOM,
  coin,
  createStakingBench,
  type EndedBlock,
  keyBytesOf,
  operatorOf,
  type StakingBench,
  type StakingBenchOptions,
  UNBONDING_NS,
  UNIT,
} from "../../harness/stakingBench.ts";

const codec = createAddressCodec(TEST_CHAIN.bech32Prefix);
const AUTHORITY = codec.format(moduleAddress("gov"));
const consensus = (cons: Uint8Array): string => codec.consensus.format(cons);
const time = (timeNs: bigint): string => new Date(Number(timeNs / 1_000_000n)).toISOString().replace(/\.\d+Z$/, "Z");
const FEE = 700n;
const HOUR_NS = 3_600n * 1_000_000_000n;
const KEYS = ["ann", "ben", "cat", "dan", "new", "newer", "other"] as const;
const nameOf = new Map(KEYS.map((name) => [toHex(keyBytesOf(name)), name]));
const changes = ({ updates }: EndedBlock): readonly (readonly [string | undefined, bigint])[] =>
  updates.map(({ publicKey, power }) => [nameOf.get(toHex(publicKey)), power]);
const consOf = (name: string): Uint8Array => consAddressOf({ keyType: "ed25519", publicKey: keyBytesOf(name) });
const view = (chain: StakingBench) => chain.bench.facet(staking, "view");

function begin(options: StakingBenchOptions = {}): StakingBench {
  const validators = { ann: 5n * UNIT, ben: 3n * UNIT };
  return createStakingBench({ validators, accounts: ["cat", "dan"], ...options, params: { keyRotationFee: coin(FEE), ...options.params } });
}

/** The key that a validator has in state. */
function keyOf(chain: StakingBench, name: string): string | undefined {
  const cons = view(chain).findValidator(chain.bench.ctx, operatorOf(name))?.consAddress;
  return KEYS.find((key) => cons !== undefined && toHex(consOf(key)) === toHex(cons));
}

describe("a new consensus key", () => {
  it("is told to CometBFT at the end of the block, and is the validator's two blocks later", () => {
    const chain = begin();
    chain.rotate("ann", "new");
    assert.deepEqual(changes(chain.end()), [
      ["ann", 0n],
      ["new", 5n],
    ]);
    assert.equal(keyOf(chain, "ann"), "ann");
    assert.deepEqual(changes(chain.end()), []);
    assert.equal(keyOf(chain, "ann"), "ann");
    const { updates, events } = chain.end();
    assert.deepEqual(updates, []);
    assert.equal(keyOf(chain, "ann"), "new");
    assert.deepEqual(events, [
      `apply_cons_pubkey_rotation(validator=${operatorOf("ann")}, old_cons_addr=${consensus(consOf("ann"))}, new_cons_addr=${consensus(consOf("new"))})`,
    ]);
    assert.equal(view(chain).findByConsAddress(chain.bench.ctx, consOf("ann")), undefined);
    assert.equal(view(chain).findByRotatedConsAddress(chain.bench.ctx, consOf("ann"))?.operator, operatorOf("ann"));
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("costs its fee, which is burned, and says what will be when", () => {
    const chain = begin();
    const [before, supply] = [chain.balance("ann"), chain.bench.facet(bank, "view").supply(chain.bench.ctx, BOND_DENOM)];
    const { height, timeNs } = chain.bench.ctx;
    chain.rotate("ann", "new");
    const event = chain.end().events.find((line) => line.startsWith("rotate_cons_pubkey"));
    assert.equal(
      event,
      `rotate_cons_pubkey(validator=${operatorOf("ann")}, old_cons_addr=${consensus(consOf("ann"))}, new_cons_addr=${consensus(consOf("new"))}, ` +
        `apply_height=${height + 2n}, maturity_time=${time(timeNs + UNBONDING_NS)}, evidence_expiry_time=${time(timeNs + UNBONDING_NS)}, ` +
        `evidence_expiry_height=0, fee_burned=${FEE}${BOND_DENOM})`,
    );
    assert.equal(before - chain.balance("ann"), FEE);
    assert.equal(supply - chain.bench.facet(bank, "view").supply(chain.bench.ctx, BOND_DENOM), FEE);
  });

  it("goes along with a change of power, in the same block and in the next one", () => {
    const chain = begin();
    chain.rotate("ann", "new");
    chain.delegate("cat", "ann", UNIT);
    chain.delegate("cat", "ben", UNIT);
    assert.deepEqual(changes(chain.end()), [
      ["ann", 0n],
      ["new", 6n],
      ["ben", 4n],
    ]);
    chain.delegate("cat", "ann", UNIT);
    assert.deepEqual(changes(chain.end()), [["new", 7n]]);
    chain.delegate("cat", "ann", UNIT);
    assert.deepEqual(changes(chain.end()), [["new", 8n]]);
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("of one who leaves in the same block is never told; of one who leaves in the next, the new key leaves", () => {
    const chain = begin();
    chain.rotate("ben", "new");
    chain.jail("ben");
    assert.deepEqual(changes(chain.end()), [["ben", 0n]]);
    chain.rotate("ann", "newer");
    chain.create("cat", UNIT);
    chain.end();
    chain.jail("ann");
    assert.deepEqual(changes(chain.end()), [["newer", 0n]]);
    chain.unjail("ann");
    assert.deepEqual(changes(chain.end()), [["newer", 5n]]);
    assert.deepEqual([keyOf(chain, "ben"), keyOf(chain, "ann")], ["new", "newer"]);
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("of a validator outside the set is told when it comes in", () => {
    const chain = begin({ params: { maxValidators: 1 } });
    chain.rotate("ben", "new");
    assert.deepEqual(changes(chain.end()), []);
    chain.delegate("cat", "ben", 3n * UNIT);
    assert.deepEqual(changes(chain.end()), [
      ["new", 6n],
      ["ann", 0n],
    ]);
    chain.end();
    assert.equal(keyOf(chain, "ben"), "new");
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("can follow another one when the unbonding time is over, and the key before that is free again", () => {
    const chain = begin();
    chain.rotate("ann", "new");
    refused(() => chain.rotate("ann", "newer"), "staking/48");
    chain.end();
    chain.end(UNBONDING_NS - 2_000_000_000n);
    refused(() => chain.rotate("ann", "newer"), "staking/48");
    chain.end();
    refused(() => chain.rotate("ann", "newer"), "staking/48");
    chain.end();
    refused(() => chain.rotate("ben", "ann"), "staking/47");
    chain.rotate("ann", "newer");
    chain.end();
    chain.rotate("ben", "ann");
    chain.end();
    chain.end();
    chain.end();
    assert.deepEqual([keyOf(chain, "ann"), keyOf(chain, "ben")], ["newer", "ann"]);
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("keeps the old one locked while evidence of it may come, by time and by height", () => {
    const chain = begin();
    const pubKeyTypes = ["ed25519"];
    const { set } = chain.bench.module("consensus").api["params"] as { set(ctx: object, params: object): void };
    const evidence = { maxAgeNumBlocks: 6n, maxAgeDuration: { seconds: 3_600n, nanos: 0 }, maxBytes: 1_000n };
    set(chain.bench.ctx, { block: { maxBytes: 1_000_000n, maxGas: -1n }, evidence, validator: { pubKeyTypes } });
    chain.rotate("ann", "new");
    chain.end(UNBONDING_NS);
    chain.end(HOUR_NS);
    for (let block = 0; block < 8; block++) {
      refused(() => chain.create("cat", UNIT, { pubkey: packed("ann") }), "staking/47");
      chain.end();
    }
    assert.equal(view(chain).findByRotatedConsAddress(chain.bench.ctx, consOf("ann")), undefined);
    chain.create("cat", UNIT, { pubkey: packed("ann") });
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("is forgotten when its validator is removed before it came; a new validator of the operator keeps its own", () => {
    const chain = begin({ params: { maxValidators: 2 } });
    chain.create("cat", UNIT);
    chain.end();
    chain.rotate("cat", "new");
    chain.undelegate("cat", "cat", UNIT);
    refused(() => chain.create("cat", 9n * UNIT, { pubkey: packed("cat") }), "staking/47");
    refused(() => chain.create("cat", 9n * UNIT, { pubkey: packed("new") }), "staking/47");
    chain.create("cat", 9n * UNIT, { pubkey: packed("other") });
    assert.deepEqual(changes(chain.end()), [
      ["other", 9n],
      ["ben", 0n],
    ]);
    chain.end();
    chain.end();
    assert.equal(keyOf(chain, "cat"), "other");
    assert.deepEqual(chain.bench.broken(), []);
  });
});

describe("MsgRotateConsPubKey refuses", () => {
  const cases: readonly (readonly [what: string, error: `${string}/${number}`, act: (chain: StakingBench) => unknown])[] = [
    ["a key that a validator has", "staking/46", (chain) => chain.rotate("ann", "ben")],
    ["the key that the validator has", "staking/46", (chain) => chain.rotate("ann", "ann")],
    ["a key that another one is about to get", "staking/47", (chain) => chain.rotate("ben", "new")],
    ["a key that another one is about to give up", "staking/47", (chain) => chain.rotate("ben", "cat")],
    ["a second change in the unbonding time", "staking/48", (chain) => chain.rotate("cat", "newer")],
    ["an operator who is no validator", "staking/3", (chain) => chain.rotate("dan", "newer")],
    ["a validator in jail", "sdk/18", (chain) => jailed(chain).rotate("ben", "newer")],
    ["a fee that the operator does not have", "sdk/5", (chain) => chain.rotate("ben", "newer")],
    ["an address that is none", "sdk/7", (chain) => send(chain, { validatorAddress: "ann", newPubkey: packed("new") })],
    ["no key", "staking/39", (chain) => send(chain, { validatorAddress: operatorOf("ben") })],
    ["a key of a kind that is not allowed", "staking/6", (chain) => send(chain, { newPubkey: { ...packed("other"), typeUrl: SECP256K1 } })],
    ["a key that is no key", "staking/6", (chain) => send(chain, { newPubkey: { typeUrl: "/cosmos.bank.v1beta1.MsgSend", value: EMPTY } })],
    ["a key that is too short", "sdk/8", (chain) => send(chain, { newPubkey: { ...packed("other"), value: Uint8Array.of(10, 1, 7) } })],
  ];
  for (const [what, error, act] of cases)
    it(what, () => {
      const chain = begin({ params: { keyRotationFee: coin(what.includes("fee") ? 10n ** 16n : FEE) } });
      chain.create("cat", UNIT);
      if (!what.includes("fee")) chain.rotate("cat", "new");
      refused(() => act(chain), error);
      assert.deepEqual(chain.bench.broken(), []);
    });

  it("every change on a chain without a fee for it, as chains of the Cosmos SDK 0.53 are", () => {
    refused(() => createStakingBench({ validators: { ann: UNIT } }).rotate("ann", "new"), "sdk/37");
  });
});

describe("the parameter key_rotation_fee", () => {
  const update = (chain: StakingBench, keyRotationFee: object | undefined) => {
    const { params } = chain.bench.query("/cosmos.staking.v1beta1.Query/Params", {}) as { params: object };
    return chain.bench.send("/cosmos.staking.v1beta1.MsgUpdateParams", { authority: AUTHORITY, params: { ...params, keyRotationFee } });
  };

  it("is positive and in the staked denomination; without it keys stay, and locks hold", () => {
    const chain = begin();
    refused(() => update(chain, coin(0n)), "undefined/1");
    refused(() => update(chain, coin(1n, "other")), "undefined/1");
    refused(() => update(chain, { denom: BOND_DENOM, amount: "01" }), "sdk/10");
    chain.rotate("ann", "new");
    update(chain, undefined);
    refused(() => chain.rotate("ben", "newer"), "sdk/37");
    refused(() => chain.create("cat", UNIT, { pubkey: packed("new") }), "staking/47");
    for (let block = 0; block < 3; block++) chain.end();
    assert.equal(keyOf(chain, "ann"), "new");
    update(chain, coin(FEE));
    chain.rotate("ben", "newer");
    assert.deepEqual(chain.bench.broken(), []);
  });
});

function jailed(chain: StakingBench): StakingBench {
  chain.jail("ben");
  return chain;
}

const SECP256K1 = "/cosmos.crypto.secp256k1.PubKey";
const EMPTY = new Uint8Array(0);

function packed(name: string): Any {
  return Any.fromPartial({ typeUrl: "/cosmos.crypto.ed25519.PubKey", value: Uint8Array.of(10, 32, ...keyBytesOf(name)) });
}

function send(chain: StakingBench, fields: object): object {
  return chain.bench.send("/cosmos.staking.v1beta1.MsgRotateConsPubKey", { validatorAddress: operatorOf("ben"), ...fields });
}
