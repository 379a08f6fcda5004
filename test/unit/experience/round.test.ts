import assert from "node:assert/strict";
import { after, test } from "node:test";
import { compressSync } from "#kernels";
import { EntryStatus, type Prior, RoundStage, type Totals } from "#proto/hanzo/experience/v1/types";
import { BOND, ExperienceBench, SMALL, shardOf, sharedKernels, testMatrix } from "../../harness/experienceBench.ts";
import { accountOf } from "../../harness/stakingBench.ts";

after(() => sharedKernels.close());

const NAMES = ["ann", "bob", "cyd", "dan"];
const SUBMITTERS = Object.fromEntries(NAMES.map((name, i) => [name, 1_000_000n + BigInt(i)]));

test("a round goes from commits to a prior in state, and every bond comes back", () => {
  const chain = new ExperienceBench({ submitters: SUBMITTERS });
  const shards = NAMES.map((_, i) => shardOf(testMatrix(i)));
  const before = NAMES.map((name) => chain.balance(name));
  const ids = NAMES.map((name, i) => chain.submit(name, shards[i]!));
  assert.deepEqual(ids, [1n, 2n, 3n, 4n]);
  const round = chain.round(1n);
  assert.equal(round.stage, RoundStage.ROUND_STAGE_COMMIT);
  chain.to(round.commitEnd);
  for (const [i, name] of NAMES.entries()) chain.reveal(name, ids[i]!, shards[i]!);
  assert.equal(chain.entry(1n).stake, "1000000");
  chain.to(round.revealEnd);
  const scores = ids.map((entryId, i) => ({ entryId, quality: 60_000 + i }));
  for (const voter of ["val1", "val2"]) chain.commitVote(voter, 1n, scores);
  chain.to(round.voteEnd);
  for (const voter of ["val1", "val2"]) chain.revealVote(voter, 1n, scores);
  chain.to(round.voteRevealEnd);
  assert.deepEqual(chain.bench.broken(), []);
  const frozen = chain.round(1n);
  assert.equal(frozen.stage, RoundStage.ROUND_STAGE_AGGREGATE);
  assert.deepEqual(frozen.inputEntries, ids);
  assert.ok(frozen.inputWeights.every((weight) => weight > 0));
  assert.equal(chain.entry(2n).quality, 60_001);
  assert.equal(chain.entry(2n).qualityVoted, true);
  chain.to(round.applyHeight);
  const { prior } = chain.query<{ prior: Prior }>("Prior", { schema: "small", domain: "default" });
  assert.equal(prior.roundId, 1n);
  // Four that agree but for noise: the prior has the signs of what they share.
  const common = compressSync(testMatrix(0, SMALL, { noise: 0 }), SMALL).signs;
  const differing = common.reduce((sum, byte, i) => sum + bits(byte ^ (prior.shard[i] as number)), 0);
  assert.ok(differing < (SMALL.rows * SMALL.cols) / 8, `${differing} signs differ`);
  chain.to(round.challengeEnd);
  assert.equal(chain.round(1n).stage, RoundStage.ROUND_STAGE_CLOSED);
  assert.equal(chain.entry(1n).status, EntryStatus.ENTRY_STATUS_SETTLED);
  assert.deepEqual(
    NAMES.map((name) => chain.balance(name)),
    before,
  );
  const { totals } = chain.query<{ totals: Totals }>("Totals");
  assert.equal(totals.held, "0");
  assert.deepEqual(chain.bench.broken(), []);
  assert.throws(() => chain.query("Shard", { entryId: 1n }), /pruned/);
});

test("who does not reveal loses the bond: half burned, half to the treasury", () => {
  const chain = new ExperienceBench({ submitters: SUBMITTERS });
  const [a, b] = [shardOf(testMatrix(1)), shardOf(testMatrix(2))];
  chain.submit("ann", a);
  chain.submit("bob", b);
  const supply = chain.supply();
  const round = chain.round(1n);
  chain.to(round.commitEnd);
  chain.reveal("ann", 1n, a);
  chain.to(round.revealEnd);
  assert.equal(chain.entry(2n).status, EntryStatus.ENTRY_STATUS_SLASHED);
  assert.equal(chain.treasury, BOND / 2n);
  assert.equal(chain.supply(), supply - BOND / 2n);
  assert.deepEqual(chain.bench.broken(), []);
  chain.to(round.challengeEnd);
  assert.equal(chain.round(1n).ledger?.refunded, BOND.toString());
  assert.equal(chain.query<{ entries: readonly unknown[] }>("Entries", { submitter: accountOf("bob") }).entries.length, 1);
  assert.deepEqual(chain.bench.broken(), []);
});

test("a round in which nobody reveals ends early, and the domain is free", () => {
  const chain = new ExperienceBench({ submitters: SUBMITTERS });
  chain.submit("ann", shardOf(testMatrix(1)));
  chain.to(chain.round(1n).revealEnd).next();
  assert.equal(chain.round(1n).stage, RoundStage.ROUND_STAGE_CLOSED);
  chain.submit("ann", shardOf(testMatrix(2)));
  assert.equal(chain.entry(2n).roundId, 2n);
  assert.deepEqual(chain.bench.broken(), []);
});

test("one submitter alone, with all the stake, is its own majority", () => {
  const chain = new ExperienceBench({ submitters: { ann: 5n } });
  const shard = shardOf(testMatrix(1));
  chain.submit("ann", shard);
  const round = chain.round(1n);
  chain.to(round.commitEnd).reveal("ann", 1n, shard);
  chain.to(round.applyHeight);
  // A cap of a tenth of all stake leaves nothing of 5 units.
  assert.equal(chain.entry(1n).weight, 0);
  assert.throws(() => chain.query("Prior", { schema: "small", domain: "default" }), /no active prior/);
  chain.to(round.challengeEnd);
  assert.equal(chain.entry(1n).refund, BOND.toString());
  const rich = new ExperienceBench({ submitters: { ann: 5_000n } });
  rich.submit("ann", shard);
  rich.to(round.commitEnd).reveal("ann", 1n, shard);
  rich.to(round.applyHeight);
  const { prior } = rich.query<{ prior: Prior }>("Prior", { schema: "small", domain: "default" });
  assert.deepEqual(prior.shard, shard.shard);
});

test("several entries of one submitter weigh no more than one", () => {
  const submitters = { ann: 3_000_000n, bob: 1_500_000n, cyd: 1_500_000n, dan: 1_500_000n };
  const chain = new ExperienceBench({ submitters, params: { stakeCapBps: 10_000 } });
  const owners = ["ann", "ann", "bob", "cyd", "dan"];
  const shards = owners.map((_, i) => shardOf(testMatrix(i)));
  for (const [i, name] of owners.entries()) chain.submit(name, shards[i]!);
  const round = chain.round(1n);
  chain.to(round.commitEnd);
  for (const [i, name] of owners.entries()) chain.reveal(name, BigInt(i + 1), shards[i]!);
  chain.to(round.voteRevealEnd);
  const [weight, ...others] = chain.round(1n).inputWeights;
  assert.ok(weight !== undefined && weight > 0);
  assert.deepEqual(others, [weight, weight, weight, weight]);
});

function bits(byte: number): number {
  return byte.toString(2).replaceAll("0", "").length;
}
