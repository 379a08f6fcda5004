import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { GenesisState } from "#proto/cosmos/staking/v1beta1/genesis";
import { defineModule } from "#sdk";
import { auth } from "../../../modules/auth/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import { consensus } from "../../../modules/consensus/index.ts";
import { staking } from "../../../modules/staking/index.ts";
import { type Bench, createBench } from "../../harness/moduleBench.ts";
import { createStakingBench, keyBytesOf, UNIT } from "../../harness/stakingBench.ts";

/** A chain that ran a while: withdrawals, moves, a jailed validator. */
function exported(): Readonly<Record<string, GenesisState>> {
  const chain = createStakingBench({ validators: { ann: 5n * UNIT, ben: 3n * UNIT }, accounts: ["cat"] });
  chain.delegate("cat", "ann", 1000n);
  chain.undelegate("cat", "ann", 300n);
  chain.redelegate("cat", "ann", "ben", 200n);
  chain.jail("ben");
  chain.end();
  return Object.fromEntries(["auth", "bank", "staking"].map((name) => [name, chain.bench.exportGenesis(name) as GenesisState]));
}

const hooksCalled: string[] = [];
const listener = defineModule({
  name: "listener",
  version: 1,
  needs: { staking: staking.facet("view") },
  state: {},
  on: () => ({ staking: { afterValidatorCreated: (_ctx, operator) => void hooksCalled.push(operator) } }),
});

function begin(parts: Readonly<Record<string, object>>): { bench: Bench; updates: readonly { publicKey: Uint8Array; power: bigint }[] } {
  const bench = createBench({ modules: [auth, bank, consensus, staking, listener], height: 1n });
  hooksCalled.splice(0);
  bench.init("auth", parts["auth"]);
  bench.init("bank", parts["bank"]);
  const { genesis } = bench.module("staking");
  const state = GenesisState.fromPartial(parts["staking"] ?? {});
  genesis?.handlers.validate?.(state);
  return { bench, updates: (genesis?.handlers.init(bench.ctx, state) ?? []) as readonly { publicKey: Uint8Array; power: bigint }[] };
}

describe("genesis of a chain that ran", () => {
  it("comes back as it was, with the powers that CometBFT knew, and begins nothing anew", () => {
    const parts = exported();
    const { bench, updates } = begin(parts);
    assert.deepEqual(bench.exportGenesis("staking"), parts["staking"]);
    assert.deepEqual(updates, [{ keyType: "ed25519", publicKey: keyBytesOf("ann"), power: 5n }]);
    assert.deepEqual(hooksCalled, []);
    assert.deepEqual(bench.broken(), []);
    bench.module("staking").endBlock?.(bench.at(2n, bench.ctx.timeNs + 200n * 1_000_000_000n).ctx);
    assert.deepEqual((bench.exportGenesis("staking") as GenesisState).unbondingDelegations, []);
    assert.deepEqual((bench.exportGenesis("staking") as GenesisState).redelegations, []);
    assert.deepEqual(bench.broken(), []);
  });

  it("for height 0 forgets heights and keeps times", () => {
    const { bench } = begin(exported());
    bench.module("staking").genesis?.handlers.prepareZeroHeight?.(bench.ctx);
    const { unbondingDelegations, redelegations, validators } = bench.exportGenesis("staking") as GenesisState;
    const heights = [...unbondingDelegations, ...redelegations].flatMap(({ entries }) =>
      entries.map(({ creationHeight }) => creationHeight),
    );
    assert.deepEqual(heights, [0n, 0n]);
    assert.ok(validators.every(({ unbondingHeight }) => unbondingHeight === 0n));
    assert.ok(unbondingDelegations.every(({ entries }) => (entries[0]?.completionTime?.seconds ?? 0n) > 0n));
    assert.deepEqual(bench.broken(), []);
  });
});

it("genesis of a new chain with validators makes the set, and tells of each validator", () => {
  const parts = exported();
  const { staking: state } = parts;
  const { updates, bench } = begin({ ...parts, staking: { ...state, exported: false } });
  assert.equal(hooksCalled.length, 2);
  assert.deepEqual(
    updates.map(({ power }) => power),
    [5n],
  );
  assert.deepEqual(bench.broken(), []);
});

describe("genesis is refused", () => {
  const parts = exported();
  const state = parts["staking"] ?? assert.fail();
  const [first = assert.fail(), second = assert.fail()] = state.validators;
  const wrong: readonly (readonly [string, Partial<GenesisState>, RegExp])[] = [
    ["with a pool that the bank does not have", { validators: [first] }, /bonded pool balance is different/],
    [
      "with a key twice",
      { validators: [first, { ...second, consensusPubkey: first.consensusPubkey }] },
      /staking\.validators\[1\]: duplicate validator/,
    ],
    ["with somebody jailed in the set", { validators: [first, { ...second, status: 3, jailed: true }] }, /bonded and jailed/],
    [
      "with a validator without shares",
      { validators: [first, { ...second, status: 1, delegatorShares: "0" }] },
      /cannot have zero delegator shares/,
    ],
    ["with a validator without key", { validators: [{ ...first, consensusPubkey: undefined }] }, /consensus key expected/],
    ["with tokens that are no number", { validators: [{ ...first, tokens: "-1" }] }, /a whole number of at least 0 expected, got "-1"/],
    [
      "with a delegator that is none",
      { delegations: [{ delegatorAddress: "x", validatorAddress: "y", shares: "1" }] },
      /staking\.delegations\[0\]\.delegator_address/,
    ],
    [
      "with parameters out of range",
      { params: { ...(state.params ?? assert.fail()), maxValidators: 0 } },
      /max validators must be positive/,
    ],
  ];
  for (const [what, changes, text] of wrong) {
    it(what, () => assert.throws(() => begin({ ...parts, staking: { ...state, ...changes } }), text));
  }
});
