import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createAddressCodec } from "#sdk";
import { descriptors } from "../../../app/descriptorImage.ts";
import { hanzoModules } from "../../../app/hanzo.ts";
import { isCanonicalSignature } from "../../../app/runtime/signature.ts";
import { createActors, SIMULATED_SIGNATURES, sign } from "../../../cmd/hanzod/sim/chain/actors.ts";
import { chainJson, chainText } from "../../../cmd/hanzod/sim/chain/chainReport.ts";
import { createDraws } from "../../../cmd/hanzod/sim/chain/draws.ts";
import type { InvariantPlan } from "../../../cmd/hanzod/sim/chain/invariantWatch.ts";
import { SimFailure } from "../../../cmd/hanzod/sim/chain/simFailure.ts";
import { simulateChain } from "../../../cmd/hanzod/sim/chain/simulateChain.ts";
import { createMachines, ValidatorNetwork } from "../../../cmd/hanzod/sim/chain/validators.ts";
import { DERIVED_ONLY, drawnTypes, messageTypes } from "../../../cmd/hanzod/sim/operations/index.ts";
import { bank } from "../../../modules/bank/index.ts";

describe("a simulated chain", () => {
  it("is the same one for the same seed, and another for another", async () => {
    const runs = await Promise.all([simulateChain({ seed: 5, blocks: 25 }), simulateChain({ seed: 5, blocks: 25 })]);
    assert.deepEqual(chainJson(runs[0]), chainJson(runs[1]));
    const other = await simulateChain({ seed: 6, blocks: 25 });
    assert.notEqual(other.appHash, runs[0].appHash);
    assert.equal(runs[0].blocks, 25);
  });
  it("takes most of what is drawn with sense, and tries messages of every module", async () => {
    const tally = await simulateChain({ seed: 3, blocks: 150 });
    const ok = tally.codes.get("ok") ?? 0;
    assert.ok(ok * 2 > tally.txs, `${ok} of ${tally.txs}`);
    const modules = new Set([...tally.types.keys()].map((name) => name.split(".")[1]));
    for (const { name, spec } of hanzoModules) if (spec.msgs !== undefined) assert.ok(modules.has(name), name);
    assert.ok(tally.crashes + tally.restarts > 0 && tally.validatorChanges > 0);
    // Entries, and the rounds that they are revealed in, are in no state that an operation has drawn from before.
    assert.ok((tally.types.get("/hanzo.experience.v1.MsgReveal")?.accepted ?? 0) > 0, "what blocks change is drawn from");
    const text = chainText(tally, { seed: 3, invariants: "every" }, { seconds: 2, cpuSeconds: 1 });
    assert.match(text, /^seed 3: 150 blocks, every invariant held after each\n/);
    assert.match(text, /75 blocks\/s on the wall, 150 per second of the processor$/);
  });
  it("stops at the block after which an invariant is broken, or at the next one that is looked at", async () => {
    const invariants = bank.spec.invariants;
    const spec = bank.spec as { invariants?: typeof invariants };
    spec.invariants = () => ({ threeBlocks: ({ height }) => (height < 3n ? undefined : "there are more") });
    const stops = (invariants: InvariantPlan, at: number) =>
      assert.rejects(simulateChain({ seed: 1, blocks: 10, invariants }), (error) => {
        assert.ok(error instanceof SimFailure, String(error));
        assert.deepEqual([error.height, error.message], [at, "invariant bank/threeBlocks: there are more"]);
        return true;
      });
    try {
      await stops("every", 3);
      await stops(4, 4);
      await stops(100, 10);
    } finally {
      if (invariants !== undefined) spec.invariants = invariants;
    }
  });
  it("is the same chain however often it is looked at, of as many validators and transactions as one says", async () => {
    const [often, seldom, changed] = await Promise.all(
      (["every", 9, "changed"] as const).map((invariants) => simulateChain({ seed: 4, blocks: 12, validators: 20, invariants })),
    );
    assert.equal(often?.appHash, seldom?.appHash);
    assert.equal(often?.appHash, changed?.appHash);
    assert.equal(often?.mostValidators, 20);
    const quiet = await simulateChain({ seed: 4, blocks: 12, operations: 0 });
    // Everybody enters the market in the second block, whatever is drawn.
    assert.equal(quiet.txs, 16);
  });
  it("draws every message with sense, but for those that are left to their descriptors for a reason", () => {
    const drawn = drawnTypes(hanzoModules);
    const types = messageTypes(hanzoModules, descriptors());
    assert.deepEqual(types.filter((type) => !drawn.has(type)).sort(), Object.keys(DERIVED_ONLY).sort());
  });
  it("begins nodes with snapshots, plays blocks again after restarts and has validators of both types of keys", async () => {
    const tally = await simulateChain({ seed: 7, blocks: 260, invariants: "changed" });
    assert.ok(tally.snapshots > 0 && tally.restarts > 0 && tally.crashes > 0, JSON.stringify(chainJson(tally)));
    const types = new Set(createMachines(64, 4).map(({ keyType }) => keyType));
    assert.deepEqual([...types], ["ed25519", "secp256k1"]);
  });
  it("knows every message of its modules", () => {
    const types = messageTypes(hanzoModules, descriptors());
    for (const type of ["cosmos.bank.v1beta1.MsgSend", "cosmos.vesting.v1beta1.MsgCreateVestingAccount", "hanzo.hmm.v1.MsgSwap"])
      assert.ok(types.includes(type), type);
  });
});

describe("a simulated chain with validators of staking", () => {
  // Founders were not among those who send transactions: jailed for silence they stayed out, and 100 validators became one within 3,000 blocks.
  it("come back when they were silent, and at least half of as many as in genesis stay", async () => {
    const tally = await simulateChain({ seed: 7, blocks: 700, validators: 12, invariants: 100 });
    assert.ok(
      tally.accused > 0 && (tally.types.get("/cosmos.slashing.v1beta1.MsgUnjail")?.accepted ?? 0) > 3,
      JSON.stringify(chainJson(tally)),
    );
    assert.ok(tally.validators >= 6, `${tally.validators} validators`);
  });
  // A validator that stood in CometBFT's list alone had no signing record: once somebody staked on its key, its votes stopped the chain.
  it("takes the votes of machines that somebody stakes on later", async () => {
    for (const seed of [5, 6]) assert.equal((await simulateChain({ seed, blocks: 60, invariants: 10 })).blocks, 60);
  });
});

describe("the dice of a simulation", () => {
  it("draw amounts of every size up to the most, and nothing beyond", () => {
    const draws = createDraws(3);
    const drawn = Array.from({ length: 2000 }, () => draws.amount(12_345n));
    assert.ok(drawn.every((amount) => amount >= 0n && amount <= 12_345n));
    for (const digits of [1, 2, 3, 4, 5])
      assert.ok(
        drawn.some((amount) => String(amount).length === digits),
        String(digits),
      );
    assert.equal(draws.amount(0n), 0n);
  });
  it("draw by weight", () => {
    const draws = createDraws(4);
    const counts = [0, 0];
    for (let i = 0; i < 4000; i++)
      counts[
        draws.weighted([
          { weight: 1, at: 0 },
          { weight: 3, at: 1 },
        ]).at
      ]!++;
    assert.ok(Math.abs((counts[1] ?? 0) - 3000) < 200, String(counts));
  });
});

describe("signatures of a simulation", () => {
  it("fit one key and one document, and pass for real ones", () => {
    const [a, b] = createActors(2, createAddressCodec("hanzo"));
    assert.ok(a && b);
    const digest = new Uint8Array(32).fill(3);
    const signature = sign(a.key, digest);
    assert.equal(isCanonicalSignature(signature), true);
    assert.equal(SIMULATED_SIGNATURES.verify(signature, digest, a.key), true);
    assert.equal(SIMULATED_SIGNATURES.verify(signature, digest, b.key), false);
    assert.equal(SIMULATED_SIGNATURES.verify(signature, new Uint8Array(32), a.key), false);
  });
});

describe("virtual validators", () => {
  const [one, two, three] = createMachines(3);
  assert.ok(one && two && three);
  const network = () =>
    new ValidatorNetwork(
      [
        { ...one, power: 10n },
        { ...two, power: 10n },
      ],
      createDraws(1),
    );
  const update = (publicKey: Uint8Array, power: bigint) => ({ pubKey: { ed25519: publicKey }, power });

  it("change two blocks later", () => {
    const validators = network();
    validators.finish(1n, 1n, [update(three.publicKey, 5n), update(one.publicKey, 0n)]);
    assert.deepEqual(
      [2n, 3n].map((height) => validators.sizeAt(height)),
      [2, 2],
    );
    validators.finish(2n, 2n, []);
    const voters = validators.lastCommit(4n).votes.map(({ validator }) => validator?.power);
    assert.deepEqual(voters, [10n, 5n]);
  });
  it("are never all silent: less than a third of the power is", () => {
    const validators = network();
    for (let height = 1n; height < 300n; height++) {
      validators.finish(height, height, []);
      for (const { blockIdFlag } of validators.lastCommit(height).votes) assert.equal(blockIdFlag, 2);
    }
  });
  it("keep one that always votes and never misbehaves, however bad the habits of the others", () => {
    const voters = createMachines(5).map(({ address }) => ({ address, power: 10n }));
    const [first] = voters;
    const validators = new ValidatorNetwork(voters, createDraws(1), { stopEvery: 1, caughtEvery: 1, longestStop: 9 });
    const [silent, accused] = [new Set<Uint8Array>(), new Set<Uint8Array>()];
    for (let height = 1n; height < 200n; height++) {
      for (const { validator, blockIdFlag } of validators.lastCommit(height).votes)
        if (blockIdFlag !== 2 && validator) silent.add(validator.address);
      for (const { validator } of validators.misbehavior(height)) if (validator) accused.add(validator.address);
      validators.finish(height, height, []);
    }
    assert.deepEqual([silent.size, accused.size], [4, 4]);
    assert.ok(first && !silent.has(first.address) && !accused.has(first.address));
  });
  it("refuse what CometBFT would", () => {
    assert.throws(() => network().finish(1n, 1n, [update(three.publicKey, 0n)]), /which is not in the set/);
    assert.throws(() => network().finish(1n, 1n, [update(one.publicKey, 0n), update(two.publicKey, 0n)]), /leaves nobody/);
  });
});
