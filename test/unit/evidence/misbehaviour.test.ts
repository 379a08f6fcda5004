import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { E18, ModuleError } from "#sdk";
import { consensus } from "../../../modules/consensus/index.ts";
import { eventLines } from "../../harness/moduleBench.ts";
import { ABSENT, COMMIT, createSlashingBench, type Misbehaviour, SECOND_NS, type SlashingBench } from "../../harness/slashingBench.ts";
import { consensusAddress, type StandInValidator } from "../../harness/standInStaking.ts";

const DUPLICATE_VOTE = 1;
const LIGHT_CLIENT_ATTACK = 2;
const FOREVER = { seconds: 253_402_300_799n, nanos: 0 };

/** Evidence that a validator signed twice at a height; a block takes a second. */
function seen(chain: SlashingBench, { consAddress }: StandInValidator, height: bigint, change: Partial<Misbehaviour> = {}): Misbehaviour {
  const { ctx } = chain.bench;
  const timeNs = ctx.timeNs - (ctx.height - height) * SECOND_NS;
  return { type: DUPLICATE_VOTE, address: consAddress, power: 900n, height, timeNs, totalPower: 3_000n, ...change };
}

/** Two validators at height 20; evidence counts for 10 blocks and 10 seconds. */
function start(): { readonly chain: SlashingBench; readonly ann: StandInValidator; readonly bob: StandInValidator } {
  const chain = createSlashingBench();
  const { ctx } = chain.bench;
  chain.bench.facet(consensus, "params").set(ctx, {
    block: { maxBytes: 1_000_000n, maxGas: -1n },
    evidence: { maxAgeNumBlocks: 10n, maxAgeDuration: { seconds: 10n, nanos: 0 }, maxBytes: 1_000n },
    validator: { pubKeyTypes: ["ed25519"] },
    version: undefined,
    abci: undefined,
  });
  const [ann, bob] = [chain.staking.bond(ctx), chain.staking.bond(ctx)];
  chain.skipTo(20n);
  return { chain, ann, bob };
}

const stored = (chain: SlashingBench): number => chain.bench.store("evidence").dump().length;

/** Nothing happened to anybody. */
function assertPassedOver(chain: SlashingBench, lines: readonly unknown[]): void {
  assert.deepEqual(lines, []);
  assert.deepEqual(chain.staking.slashes, []);
  assert.equal(stored(chain), 0);
}

describe("evidence of misbehaviour", () => {
  for (const [name, type] of [
    ["two votes at one height", DUPLICATE_VOTE],
    ["an attack on light clients", LIGHT_CLIENT_ATTACK],
  ] as const) {
    it(`slashes, jails and tombstones for ${name}`, () => {
      const { chain, ann, bob } = start();
      const lines = eventLines(chain.block([], [seen(chain, ann, 18n, { type })]));
      const address = chain.info(ann)?.address;
      assert.deepEqual(lines, [`slash(address=${address}, power=900, reason=double_sign, burned_coins=45)`, `slash(jailed=${address})`]);
      assert.deepEqual(chain.staking.slashes, [{ consAddress: ann.consAddress, height: 17n, power: 900n, fractionE18: E18 / 20n }]);
      assert.equal(ann.jailed, true);
      assert.deepEqual([chain.info(ann)?.tombstoned, chain.info(ann)?.jailedUntil], [true, FOREVER]);
      assert.deepEqual([bob.jailed, chain.info(bob)?.tombstoned], [false, false]);
      assert.equal(stored(chain), 1);
      assert.deepEqual(chain.bench.broken(), []);
    });
  }
  it("is passed over where the kind is not known", () => {
    const { chain, ann } = start();
    assertPassedOver(chain, chain.block([], [seen(chain, ann, 18n, { type: 3 }), seen(chain, ann, 18n, { type: 0 })]));
  });
  it("counts once, however often it comes in a block and in later ones", () => {
    const { chain, ann } = start();
    const lines = chain.block([], [seen(chain, ann, 18n), seen(chain, ann, 18n), seen(chain, ann, 19n, { type: LIGHT_CLIENT_ATTACK })]);
    assert.equal(lines.length, 2);
    assert.deepEqual(chain.block([], [seen(chain, ann, 18n)]), []);
    assert.equal(chain.staking.slashes.length, 1);
    assert.equal(stored(chain), 1);
  });
  it("slashes a validator in jail again, and tells only that", () => {
    const { chain, ann } = start();
    for (let i = 0; i < 11; i++) chain.block([[ann, ABSENT]]);
    assert.equal(ann.jailed, true);
    const lines = eventLines(chain.block([], [seen(chain, ann, 25n)]));
    assert.deepEqual(lines, [`slash(address=${chain.info(ann)?.address}, power=900, reason=double_sign, burned_coins=45)`]);
    assert.deepEqual(
      chain.staking.slashes.map(({ fractionE18 }) => fractionE18),
      [E18 / 100n, E18 / 20n],
    );
    assert.deepEqual(chain.info(ann)?.jailedUntil, FOREVER);
  });
  it("reaches a validator that is leaving, and none whose stake has left", () => {
    const { chain, ann, bob } = start();
    bob.status = 1;
    assertPassedOver(chain, chain.block([], [seen(chain, bob, 18n)]));
    ann.status = 2;
    chain.block([], [seen(chain, ann, 18n)]);
    assert.equal(chain.info(ann)?.tombstoned, true);
  });
  it("is passed over for an address that is no validator, or no longer one", () => {
    const { chain, ann } = start();
    assertPassedOver(chain, chain.block([], [seen(chain, ann, 18n, { address: consensusAddress(77) })]));
    chain.staking.remove(chain.bench.ctx, ann);
    assertPassedOver(chain, chain.block([], [seen(chain, ann, 18n)]));
    assert.equal(chain.info(ann)?.tombstoned, false);
  });
  it("holds a tombstone against a validator that is removed and made again with the same key", () => {
    const { chain, ann } = start();
    chain.block([], [seen(chain, ann, 18n)]);
    chain.staking.remove(chain.bench.ctx, ann);
    const again = chain.staking.bond(chain.bench.ctx, { consAddress: ann.consAddress, jailed: true });
    assert.equal(chain.info(again)?.tombstoned, true);
    assert.throws(
      () => chain.bench.send("/cosmos.slashing.v1beta1.MsgUnjail", { validatorAddr: again.operator }),
      (error) => error instanceof ModuleError && error.code === 4,
    );
  });
  it("stops the node where a validator has no record", () => {
    const { chain } = start();
    const cid = chain.staking.bond(chain.bench.ctx, { status: 1 });
    cid.status = 2;
    assert.throws(
      () => chain.block([], [seen(chain, cid, 18n)]),
      (error) => error instanceof ModuleError && error.codespace === "slashing" && error.code === 8,
    );
  });
});

describe("the age of evidence", () => {
  // The block that brings it has height 21, a second after the block of height 20.
  const cases: readonly (readonly [name: string, height: bigint, ageNs: bigint, counts: boolean])[] = [
    ["both limits are reached and not passed", 11n, 10n * SECOND_NS, true],
    ["both limits are passed", 10n, 10n * SECOND_NS + 1n, false],
    ["it is old in blocks alone", 1n, 10n * SECOND_NS, true],
    ["it is old in time alone", 11n, 1_000n * SECOND_NS, true],
    ["it is of this very block", 21n, 0n, true],
    ["it is from the future", 25n, -5n * SECOND_NS, true],
    ["it is of the first block", 1n, 20n * SECOND_NS, false],
  ];
  for (const [name, height, ageNs, counts] of cases) {
    it(`${counts ? "counts" : "ends"} when ${name}`, () => {
      const { chain, ann } = start();
      const timeNs = chain.bench.ctx.timeNs + SECOND_NS - ageNs;
      chain.block([[ann, COMMIT]], [seen(chain, ann, height, { timeNs })]);
      assert.equal(chain.staking.slashes.length, counts ? 1 : 0);
      assert.equal(chain.info(ann)?.tombstoned, counts);
    });
  }
  it("has no end on a chain without parameters of evidence", () => {
    const chain = createSlashingBench();
    const ann = chain.staking.bond(chain.bench.ctx);
    chain.skipTo(1_000_000n);
    chain.block([], [seen(chain, ann, 1n)]);
    assert.equal(chain.info(ann)?.tombstoned, true);
  });
  it("lets what a chain did in its first block be slashed whole", () => {
    const { chain, ann } = start();
    chain.skipTo(5n);
    chain.block([], [seen(chain, ann, 1n)]);
    assert.equal(chain.staking.slashes[0]?.height, 0n);
  });
});
