import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { GenesisState } from "#proto/cosmos/staking/v1beta1/genesis";
import { toHex } from "#sdk";
import { descriptors } from "../../../app/descriptorImage.ts";
import { toProtoJson } from "../../../app/encoding/protoJson.ts";
import { auth } from "../../../modules/auth/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import { consensus } from "../../../modules/consensus/index.ts";
import { consAddressOf } from "../../../modules/staking/consKey.ts";
import { staking } from "../../../modules/staking/index.ts";
import { type Bench, createBench } from "../../harness/moduleBench.ts";
import { refused } from "../../harness/refused.ts";
import { coin, createStakingBench, keyBytesOf, operatorOf, packedKeyOf, type StakingBench, UNIT } from "../../harness/stakingBench.ts";

const ROTATES = { keyRotationFee: coin(7n) };
const consOf = (name: string): Uint8Array => consAddressOf({ keyType: "ed25519", publicKey: keyBytesOf(name) });

function begin(): StakingBench {
  return createStakingBench({ validators: { ann: 5n * UNIT, ben: 3n * UNIT }, accounts: ["cat"], params: ROTATES });
}

const exported = (chain: Pick<StakingBench, "bench">): Readonly<Record<string, object>> =>
  Object.fromEntries(["auth", "bank", "staking"].map((name) => [name, chain.bench.exportGenesis(name) as object]));
const stakingOf = (parts: Readonly<Record<string, object>>): GenesisState => GenesisState.fromPartial(parts["staking"] ?? {});

/** A chain that begins at a height with what another one handed on. */
function goOn(parts: Readonly<Record<string, object>>, height: bigint): { bench: Bench; set: Record<string, bigint> } {
  const bench = createBench({ modules: [auth, bank, consensus, staking], height: height === 1n ? 0n : height });
  for (const name of ["auth", "bank"]) bench.init(name, parts[name]);
  const { genesis } = bench.module("staking");
  genesis?.handlers.validate?.(stakingOf(parts));
  const updates = genesis?.handlers.init(bench.ctx, stakingOf(parts)) ?? [];
  const set = (updates as readonly { publicKey: Uint8Array; power: bigint }[]).map(({ publicKey, power }) => [toHex(publicKey), power]);
  return { bench: bench.at(height), set: Object.fromEntries(set) as Record<string, bigint> };
}
const hex = (name: string): string => toHex(keyBytesOf(name));

describe("genesis with a change of key on its way", () => {
  it("goes on with the key that CometBFT was told, and gives it to the validator in the first block", () => {
    const chain = begin();
    chain.rotate("ann", "new");
    for (let block = 0; block < 2; block++) {
      chain.end();
      const last = chain.bench.ctx.height - 1n;
      const parts = exported({ bench: chain.bench.at(last) });
      const { bench, set } = goOn(parts, last + 1n);
      assert.deepEqual(set, { [hex("new")]: 5n, [hex("ben")]: 3n });
      assert.deepEqual(bench.broken(), []);
      assert.deepEqual(bench.at(last).exportGenesis("staking"), parts["staking"]);
      assert.deepEqual(bench.module("staking").endBlock?.(bench.ctx), []);
      assert.equal(bench.facet(staking, "view").findByConsAddress(bench.ctx, consOf("new"))?.operator, operatorOf("ann"));
      assert.equal(bench.facet(staking, "view").findByRotatedConsAddress(bench.ctx, consOf("ann"))?.operator, operatorOf("ann"));
      assert.deepEqual(bench.broken(), []);
    }
  });

  it("of the Cosmos SDK, which names the old key, tells CometBFT in the first block", () => {
    const chain = begin();
    chain.rotate("ann", "new");
    chain.end();
    const parts = exported(chain);
    const pending = stakingOf(parts).pendingConsensusKeyRotations.map((entry) => ({ ...entry, applyHeight: 3n }));
    const { bench, set } = goOn({ ...parts, staking: { ...parts["staking"], pendingConsensusKeyRotations: pending } }, 1n);
    assert.deepEqual(set, { [hex("ann")]: 5n, [hex("ben")]: 3n });
    const told = bench.module("staking").endBlock?.(bench.ctx) ?? [];
    assert.deepEqual(
      told.map(({ publicKey, power }) => [toHex(publicKey), power]),
      [
        [hex("ann"), 0n],
        [hex("new"), 5n],
      ],
    );
    for (const height of [2n, 3n]) assert.deepEqual(bench.module("staking").endBlock?.(bench.at(height).ctx), []);
    assert.equal(bench.facet(staking, "view").findByConsAddress(bench.ctx, consOf("new"))?.operator, operatorOf("ann"));
    assert.deepEqual(bench.broken(), []);
  });

  it("for height 0 begins with the new key", () => {
    const chain = begin();
    for (let block = 0; block < 9; block++) chain.end();
    chain.rotate("ann", "new");
    chain.end();
    const bench = chain.bench.at(chain.bench.ctx.height - 1n);
    bench.module("staking").genesis?.handlers.prepareZeroHeight?.(bench.ctx);
    const next = goOn(exported({ bench }), 1n);
    assert.deepEqual(next.set, { [hex("new")]: 5n, [hex("ben")]: 3n });
    next.bench.module("staking").endBlock?.(next.bench.ctx);
    assert.equal(next.bench.facet(staking, "view").findByConsAddress(next.bench.ctx, consOf("new"))?.operator, operatorOf("ann"));
  });

  it("keeps the key of a validator that was removed locked", () => {
    const chain = begin();
    chain.create("cat", UNIT / 2n);
    chain.rotate("cat", "new");
    chain.undelegate("cat", "cat", UNIT / 2n);
    chain.end();
    const parts = exported({ bench: chain.bench.at(chain.bench.ctx.height - 1n) });
    const { bench } = goOn(parts, chain.bench.ctx.height);
    assert.deepEqual(bench.broken(), []);
    for (let block = 0n; block < 3n; block++) bench.module("staking").endBlock?.(bench.at(chain.bench.ctx.height + block).ctx);
    assert.equal(bench.facet(staking, "view").findByRotatedConsAddress(bench.ctx, consOf("cat")), undefined);
    assert.deepEqual(bench.broken(), []);
    assert.equal(stakingOf(exported({ bench })).consensusKeyRotationHistory.length, 1);
  });
});

describe("a genesis file is refused", () => {
  const chain = begin();
  chain.rotate("ann", "new");
  chain.end();
  const good = stakingOf(exported({ bench: chain.bench.at(chain.bench.ctx.height - 1n) }));
  const [history, pending] = [good.consensusKeyRotationHistory[0], good.pendingConsensusKeyRotations[0]];
  const another = { ...history, oldConsensusAddress: chain.bench.account("x") };
  const cases: readonly (readonly [what: string, change: object, text: RegExp])[] = [
    ["with a key given up twice", { consensusKeyRotationHistory: [history, history] }, /history\[1\]: duplicate/],
    ["with no address of a key", { consensusKeyRotationHistory: [another] }, /history\[0\]\.old_consensus_address: /],
    [
      "with a key given up that never expires",
      { consensusKeyRotationHistory: [{ ...history, evidenceExpiryTime: undefined }] },
      /expiry_time/,
    ],
    ["with a key given up and not to be replaced", { pendingConsensusKeyRotations: [] }, /gave up a key that/],
    ["with a change that nobody remembers", { consensusKeyRotationHistory: [] }, /pending_consensus_key_rotations\[0\]: an entry/],
    ["with two changes of a validator", { pendingConsensusKeyRotations: [pending, pending] }, /rotations\[1\]: duplicate/],
    [
      "with a change to a key in use",
      { pendingConsensusKeyRotations: [{ ...pending, newPubkey: packedKeyOf("ben") }] },
      /new_pubkey: a key that/,
    ],
    ["with a change to the key given up", { pendingConsensusKeyRotations: [{ ...pending, newPubkey: packedKeyOf("ann") }] }, /new_pubkey/],
    ["with a change to no key", { pendingConsensusKeyRotations: [{ ...pending, newPubkey: undefined }] }, /new_pubkey: a key expected/],
    ["with a change before the beginning", { pendingConsensusKeyRotations: [{ ...pending, applyHeight: -1n }] }, /apply_height/],
    ["with a fee of nothing", { params: { ...good.params, keyRotationFee: coin(0n) } }, /fee must be positive/],
  ];
  for (const [what, change, text] of cases)
    it(what, () => {
      const genesis = chain.bench.module("staking").genesis;
      genesis?.handlers.validate?.(good);
      const validate = () => genesis?.handlers.validate?.(GenesisState.fromPartial({ ...good, ...change }));
      refused(validate, what.includes("fee") ? "undefined/1" : "sdk/18");
      assert.throws(validate, text);
    });
});

it("a chain of the Cosmos SDK 0.53 has nothing of changes of key in its documents and accounts", () => {
  const chain = createStakingBench({ validators: { ann: 5n * UNIT } });
  const json = toProtoJson(
    descriptors(),
    GenesisState.$type,
    GenesisState.encode(chain.bench.exportGenesis("staking") as GenesisState).finish(),
  );
  assert.doesNotMatch(JSON.stringify(json), /rotation/);
  assert.doesNotMatch(
    JSON.stringify(chain.bench.exportGenesis("auth"), (_, v) => (typeof v === "bigint" ? `${v}` : v)),
    /rotation/,
  );
  const ours = begin();
  const shown = toProtoJson(
    descriptors(),
    GenesisState.$type,
    GenesisState.encode(ours.bench.exportGenesis("staking") as GenesisState).finish(),
  );
  assert.match(JSON.stringify(shown), /"key_rotation_fee":\{"denom":"atest","amount":"7"\}/);
});
