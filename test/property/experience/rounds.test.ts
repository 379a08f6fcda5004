// Laws of rounds, whoever takes part and whatever they do.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import type { Aggregate, Params, Totals } from "#proto/hanzo/experience/v1/types";
import { splitForfeit } from "../../../modules/experience/ledger.ts";
import { DEFAULT_PARAMS } from "../../../modules/experience/params.ts";
import { refundOf } from "../../../modules/experience/round/refundOf.ts";
import { ExperienceBench, SMALL, STAKE, shardOf, sharedKernels, sourceRowOf, testMatrix } from "../../harness/experienceBench.ts";
import { fc } from "../../harness/fastCheck.ts";
import { accountOf } from "../../harness/stakingBench.ts";

after(() => sharedKernels.close());

const RUNS = Number(process.env["PROPERTY_RUNS"] ?? 12);
const NAMES = ["s0", "s1", "s2", "s3", "s4", "s5"];

/** What one submitter does. */
interface Life {
  readonly stake: number;
  readonly reveals: boolean;
  readonly lies: boolean;
  readonly challenged: boolean;
}

const lives = fc.array(fc.record({ stake: fc.nat(2_000_000), reveals: fc.boolean(), lies: fc.boolean(), challenged: fc.boolean() }), {
  minLength: 1,
  maxLength: NAMES.length,
});

/** Plays a round to its end, in the given order of submissions. @returns the chain, with the round settled */
function play(all: readonly Life[], params: Partial<Params> = {}, votes = true): ExperienceBench {
  const submitters = Object.fromEntries(all.map(({ stake }, i) => [NAMES[i] as string, BigInt(stake)]));
  const chain = new ExperienceBench({ submitters, params });
  const shards = all.map(({ lies }, i) => {
    const source = testMatrix(i);
    const shown = lies ? source.map((value) => -value) : source;
    return { ...shardOf(shown), sourceRoot: shardOf(source).sourceRoot, matrix: source };
  });
  const ids = shards.map((shard, i) => chain.submit(NAMES[i] as string, shard));
  const round = chain.round(1n);
  chain.to(round.commitEnd);
  all.forEach(({ reveals }, i) => {
    if (reveals) chain.reveal(NAMES[i] as string, ids[i] as bigint, shards[i] as (typeof shards)[number]);
  });
  assert.deepEqual(chain.bench.broken(), []);
  all.forEach(({ reveals, challenged }, i) => {
    const { matrix } = shards[i] as (typeof shards)[number];
    const message = { challenger: accountOf("challenger"), entryId: ids[i], sourceRow: sourceRowOf(matrix, i) };
    if (reveals && challenged) chain.msg("Slash", message);
  });
  chain.to(round.revealEnd);
  const shown = ids.filter((_, i) => all[i]?.reveals === true).map((entryId) => ({ entryId, quality: Number(entryId) * 9000 }));
  const isVoting = votes && chain.round(1n).stage === 3;
  if (isVoting) for (const name of ["val1", "val2"]) chain.commitVote(name, 1n, shown);
  chain.to(round.voteEnd);
  if (isVoting) chain.revealVote("val1", 1n, shown);
  chain.to(round.voteRevealEnd);
  assert.deepEqual(chain.bench.broken(), []);
  return chain.to(round.challengeEnd + 3n);
}

describe("a round of any submitters", () => {
  it("shares out every bond and stake to the unit, and what is burned leaves the supply", () => {
    fc.assert(
      fc.property(lives, fc.nat(10_000), fc.nat(10_000), (all, challengerBps, burnBps) => {
        const chain = play(all, { challengerBps, burnBps, settlePerBlock: 4 });
        assert.deepEqual(chain.bench.broken(), []);
        const { ledger } = chain.round(1n);
        assert.ok(ledger);
        const { escrowed, refunded, burned, bounty, treasury } = ledger;
        assert.equal(BigInt(escrowed), 25_000n * BigInt(all.length));
        assert.equal(BigInt(refunded) + BigInt(burned) + BigInt(bounty) + BigInt(treasury), BigInt(escrowed));
        const { totals } = chain.query<{ totals: Totals }>("Totals");
        assert.equal(totals.held, "0");
        assert.equal(chain.balanceOf(chain.bench.module("experience").account), 0n);
        assert.equal(chain.treasury, BigInt(totals.ledger?.treasury ?? "0"));
      }),
      { numRuns: RUNS },
    );
  });

  it("refunds whoever reveals and does not lie, and nobody who is proved to", () => {
    fc.assert(
      fc.property(lives, (all) => {
        const chain = play(all, {}, false);
        all.forEach(({ reveals, lies, challenged }, i) => {
          const slashed = !reveals || (lies && challenged);
          assert.equal(chain.entry(BigInt(i + 1)).refund, slashed ? "0" : "25000", `submitter ${i}`);
        });
        const wrong = all.filter(({ reveals, lies, challenged }) => reveals && challenged && !lies).length;
        const right = all.filter(({ reveals, lies, challenged }) => reveals && challenged && lies).length;
        assert.equal(chain.balance("challenger"), 10n ** 15n - STAKE * BigInt(wrong) + 12_500n * BigInt(right));
      }),
      { numRuns: RUNS },
    );
  });
});

describe("the aggregate", () => {
  it("does not depend on who submits first", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), (order) => {
        const shardsInOrder = (indexes: readonly number[]): { cid: Uint8Array; hash: Uint8Array } => {
          const chain = new ExperienceBench({ submitters: Object.fromEntries(NAMES.map((name, i) => [name, 1_000_000n * BigInt(i + 1)])) });
          const ids = indexes.map((i) => chain.submit(NAMES[i] as string, shardOf(testMatrix(i, SMALL, { sign: i === 4 ? -1 : 1 }))));
          chain.to(chain.round(1n).commitEnd);
          for (const [at, i] of indexes.entries())
            chain.reveal(NAMES[i] as string, ids[at] as bigint, shardOf(testMatrix(i, SMALL, { sign: i === 4 ? -1 : 1 })));
          chain.to(chain.round(1n).applyHeight);
          const { aggregate } = chain.query<{ aggregate: Aggregate }>("Aggregate", { roundId: 1n });
          return { cid: aggregate.cid, hash: aggregate.matrixHash };
        };
        assert.deepEqual(shardsInOrder(order), shardsInOrder([0, 1, 2, 3, 4]));
      }),
      { numRuns: Math.min(RUNS, 5) },
    );
  });
});

describe("a refund", () => {
  const measured = (cases: number): Aggregate => ({ measured: true, noCore: false, cases }) as Aggregate;
  it("rises with utility, from nothing to the bond", () => {
    const inputs = [fc.bigInt(1n, 2n ** 100n), fc.nat(1000), fc.nat(1_000_000), fc.integer({ min: -1000, max: 1000 }), fc.nat(50)] as const;
    fc.assert(
      fc.property(...inputs, (bond, cases, utilityTargetPpm, utility, more) => {
        const params = { ...DEFAULT_PARAMS, utilityTargetPpm };
        const [less, greater] = [utility, utility + more].map((u) => refundOf(params, bond, u, measured(cases))) as [bigint, bigint];
        assert.ok(0n <= less && less <= greater && greater <= bond);
        if (utility < 0) assert.equal(less, 0n);
        assert.equal(refundOf(params, bond, cases, measured(cases)), bond, "whoever brings all of it has all back");
      }),
    );
  });
  it("leaves shares of what is lost that add up to it", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 100n), fc.nat(10_000), fc.nat(10_000), fc.boolean(), (amount, challengerBps, burnBps, challenged) => {
        const { bounty, burned, treasury } = splitForfeit({ ...DEFAULT_PARAMS, challengerBps, burnBps }, amount, challenged);
        assert.equal(bounty + burned + treasury, amount);
        assert.ok(bounty >= 0n && burned >= 0n && treasury >= 0n);
      }),
    );
  });
});
