import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createAddressCodec, E18, ModuleError, moduleAddress } from "#sdk";
import { eventLines } from "../../harness/moduleBench.ts";
import { ABSENT, COMMIT, createSlashingBench, NIL, SECOND_NS, slashingParams } from "../../harness/slashingBench.ts";
import { consensusAddress } from "../../harness/standInStaking.ts";

const GOV = createAddressCodec("test").format(moduleAddress("gov"));

describe("counting votes", () => {
  it("counts a missing vote, and a vote for nil as signed", () => {
    const chain = createSlashingBench();
    const ann = chain.staking.bond(chain.bench.ctx);
    const bob = chain.staking.bond(chain.bench.ctx);
    const events = chain.block([
      [ann, ABSENT],
      [bob, NIL],
    ]);
    const address = chain.info(ann)?.address;
    assert.match(address ?? "", /^testvalcons1/);
    assert.deepEqual(eventLines(events), [`liveness(address=${address}, missed_blocks=1, height=1)`]);
    assert.deepEqual(
      [chain.info(ann), chain.info(bob)].map((info) => [info?.indexOffset, info?.missedBlocksCounter]),
      [
        [1n, 1n],
        [1n, 0n],
      ],
    );
  });
  it("forgets a missed block one window later", () => {
    const chain = createSlashingBench({ window: 4n });
    const ann = chain.staking.bond(chain.bench.ctx);
    const counts = [ABSENT, COMMIT, ABSENT, COMMIT, COMMIT, COMMIT, COMMIT].map((flag) => {
      chain.block([[ann, flag]]);
      return chain.info(ann)?.missedBlocksCounter;
    });
    assert.deepEqual(counts, [1n, 1n, 2n, 2n, 1n, 1n, 0n]);
  });
  it("meets its marks where they are when the window changes meanwhile", () => {
    const chain = createSlashingBench({ window: 8n });
    const ann = chain.staking.bond(chain.bench.ctx);
    const run = (...flags: readonly number[]) =>
      flags.map((flag) => {
        chain.block([[ann, flag]]);
        return chain.info(ann)?.missedBlocksCounter;
      });
    assert.deepEqual(run(COMMIT, ABSENT, COMMIT, COMMIT), [0n, 1n, 1n, 1n]);
    chain.bench.module("slashing").params?.item.set(chain.bench.ctx, slashingParams({ window: 5n }));
    // Places 4, 0 and 1 of the smaller window.
    assert.deepEqual(run(COMMIT, COMMIT, COMMIT), [1n, 1n, 0n]);
  });
  it("changes no bytes that were read: what is undone is as it was", () => {
    const chain = createSlashingBench();
    const ann = chain.staking.bond(chain.bench.ctx);
    chain.block([[ann, ABSENT]]);
    const store = chain.bench.store("slashing");
    const [before, snapshot] = [store.dump(), store.snapshot()];
    chain.block([[ann, ABSENT]]);
    store.restore(snapshot);
    assert.deepEqual(store.dump(), before);
  });
  it("lets the first window pass, then slashes, jails and begins anew", () => {
    const chain = createSlashingBench({ window: 4n, jailSeconds: 90n });
    const ann = chain.staking.bond(chain.bench.ctx);
    for (let height = 1n; height <= 4n; height++) assert.equal(chain.block([[ann, ABSENT]]).length, 1);
    assert.equal(chain.info(ann)?.missedBlocksCounter, 4n);
    assert.deepEqual(chain.staking.slashes, []);
    const lines = eventLines(chain.block([[ann, ABSENT]]));
    const address = chain.info(ann)?.address;
    assert.deepEqual(lines, [
      `liveness(address=${address}, missed_blocks=4, height=5)`,
      `slash(address=${address}, power=1000, reason=missing_signature, jailed=${address}, burned_coins=10)`,
    ]);
    assert.deepEqual(chain.staking.slashes, [{ consAddress: ann.consAddress, height: 3n, power: 1000n, fractionE18: E18 / 100n }]);
    assert.equal(ann.jailed, true);
    const until = chain.bench.ctx.timeNs + 90n * SECOND_NS;
    assert.deepEqual(chain.info(ann), {
      address,
      startHeight: 0n,
      indexOffset: 0n,
      jailedUntil: { seconds: until / SECOND_NS, nanos: 0 },
      tombstoned: false,
      missedBlocksCounter: 0n,
    });
    assert.deepEqual(
      chain.bench
        .store("slashing")
        .dump()
        .filter(([key]) => key.startsWith("02")),
      [],
    );
  });
  it("counts nothing for a validator in jail, which still votes for two blocks", () => {
    const chain = createSlashingBench();
    const ann = chain.staking.bond(chain.bench.ctx, { jailed: true });
    assert.deepEqual(chain.block([[ann, ABSENT]]), []);
    assert.equal(chain.info(ann)?.indexOffset, 0n);
  });
  it("passes over an address that x/staking does not know", () => {
    const chain = createSlashingBench();
    const gone = chain.staking.bond(chain.bench.ctx);
    chain.staking.remove(chain.bench.ctx, gone);
    assert.deepEqual(
      chain.block([
        [gone, ABSENT],
        [{ ...gone, consAddress: consensusAddress(9) }, ABSENT],
      ]),
      [],
    );
    assert.equal(chain.info(gone)?.indexOffset, 0n);
    assert.deepEqual(chain.bench.broken(), []);
  });
  it("stops the node where a bonded validator has no record", () => {
    const chain = createSlashingBench();
    const ann = chain.staking.bond(chain.bench.ctx, { status: 1 });
    assert.throws(
      () => chain.block([[ann, COMMIT]]),
      (error) => error instanceof ModuleError && error.codespace === "slashing" && error.code === 8,
    );
  });
  it("goes on where it was when a validator comes back, and gives it a window", () => {
    const chain = createSlashingBench({ window: 4n });
    const ann = chain.staking.bond(chain.bench.ctx);
    for (let i = 0; i < 5; i++) chain.block([[ann, ABSENT]]);
    ann.jailed = false;
    chain.skipTo(100n);
    chain.staking.rebond(chain.bench.ctx, ann);
    assert.equal(chain.info(ann)?.startHeight, 100n);
    for (let i = 0; i < 4; i++) chain.block([[ann, ABSENT]]);
    assert.equal(ann.jailed, false);
    chain.block([[ann, ABSENT]]);
    assert.equal(ann.jailed, true);
    assert.equal(chain.staking.slashes.length, 2);
  });
});

describe("the least that must be signed", () => {
  const missesUntilJail = (window: bigint, minSignedE18: bigint, limit: number): number | undefined => {
    const chain = createSlashingBench({ window, minSignedE18 });
    const ann = chain.staking.bond(chain.bench.ctx);
    // The first window forgives everything, so it is signed.
    for (let i = 0n; i < window; i++) chain.block([[ann, COMMIT]]);
    for (let missed = 1; missed <= limit; missed++) {
      chain.block([[ann, ABSENT]]);
      if (ann.jailed) return missed;
    }
    return undefined;
  };
  const cases: readonly (readonly [window: bigint, minSigned: string, minSignedE18: bigint, misses: number | undefined])[] = [
    [4n, "1: nothing is forgiven", E18, 1],
    [4n, "0: nobody is jailed", 0n, undefined],
    [5n, "0.5 of five is 2.5, rounded to 2", E18 / 2n, 4],
    [7n, "0.5 of seven is 3.5, rounded to 4", E18 / 2n, 4],
    [1n, "1 of a window of one", E18, 1],
    [1n, "0.5 of a window of one is 0", E18 / 2n, undefined],
    [10n, "one atomic unit above half", E18 / 2n + 1n, 6],
  ];
  for (const [window, name, minSignedE18, misses] of cases)
    it(`is ${name}`, () => assert.equal(missesUntilJail(window, minSignedE18, 12), misses));
});

describe("a window that changes while the chain runs", () => {
  it("keeps marks behind its new end until the next jail, as the Cosmos SDK does", () => {
    const chain = createSlashingBench({ window: 10n, minSignedE18: 0n });
    const ann = chain.staking.bond(chain.bench.ctx);
    for (let i = 0; i < 8; i++) chain.block([[ann, i >= 5 ? ABSENT : COMMIT]]);
    assert.equal(chain.info(ann)?.missedBlocksCounter, 3n);
    setParams(chain, { window: 4n, minSignedE18: E18 / 2n });
    // The places 5, 6 and 7 lie behind the end of a window of four: signing cannot clear them any more.
    const lines = eventLines(chain.block([[ann, COMMIT]]));
    assert.match(lines.at(-1) ?? "", /^slash\(.*reason=missing_signature/);
    assert.equal(ann.jailed, true);
    assert.equal(chain.info(ann)?.missedBlocksCounter, 0n);
    assert.deepEqual(chain.bench.broken(), []);
  });
  it("counts places anew when it grows", () => {
    const chain = createSlashingBench({ window: 4n });
    const ann = chain.staking.bond(chain.bench.ctx);
    for (let i = 0; i < 6; i++) chain.block([[ann, i === 1 ? ABSENT : COMMIT]]);
    setParams(chain, { window: 2_000n });
    chain.skipTo(1_000n);
    for (let i = 0; i < 5; i++) chain.block([[ann, ABSENT]]);
    assert.equal(chain.info(ann)?.missedBlocksCounter, 5n);
    assert.deepEqual(chain.bench.broken(), []);
  });
});

function setParams(chain: ReturnType<typeof createSlashingBench>, rules: Parameters<typeof slashingParams>[0]): void {
  chain.bench.send("/cosmos.slashing.v1beta1.MsgUpdateParams", { authority: GOV, params: slashingParams(rules) });
}
