import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { Fault, type Vote } from "#proto/hanzo/experience/v1/types";
import { ExperienceBench, saltOf, shardOf, sharedKernels, testMatrix } from "../../harness/experienceBench.ts";
import { refused } from "../../harness/refused.ts";
import { accountOf } from "../../harness/stakingBench.ts";

after(() => sharedKernels.close());

const scoresOf = (...qualities: number[]): { entryId: bigint; quality: number }[] =>
  qualities.map((quality, i) => ({ entryId: BigInt(i + 1), quality }));

/** A round of two entries, at the votes. Validators have 600, 500 and 400 million. */
function atVotes(validators?: Readonly<Record<string, bigint>>): ExperienceBench {
  const chain = new ExperienceBench({
    submitters: { ann: 1_000_000n, bob: 1_000_000n },
    ...(validators === undefined ? {} : { validators }),
  });
  const shards = [shardOf(testMatrix(1)), shardOf(testMatrix(2))] as const;
  chain.submit("ann", shards[0]);
  chain.submit("bob", shards[1]);
  chain.to(chain.round(1n).commitEnd);
  chain.reveal("ann", 1n, shards[0]);
  chain.reveal("bob", 2n, shards[1]);
  return chain.to(chain.round(1n).revealEnd);
}

/** Commits and reveals, and stands where the inputs are final. */
function voted(chain: ExperienceBench, votes: Readonly<Record<string, { entryId: bigint; quality: number }[]>>): ExperienceBench {
  const round = chain.round(1n);
  for (const [name, scores] of Object.entries(votes)) chain.commitVote(name, 1n, scores);
  chain.to(round.voteEnd);
  for (const [name, scores] of Object.entries(votes)) chain.revealVote(name, 1n, scores);
  return chain.to(round.voteRevealEnd);
}

describe("the quality of an entry", () => {
  it("is the lower weighted median of the scores", () => {
    const chain = voted(atVotes(), { val1: scoresOf(100, 1), val2: scoresOf(200, 2), val3: scoresOf(300, 3) });
    assert.deepEqual([chain.entry(1n).quality, chain.entry(2n).quality], [200, 2]);
    assert.ok(chain.entry(1n).weight > chain.entry(2n).weight);
  });
  it("gives one voter at most a third of the voters' stake", () => {
    // Without the cap the first would decide alone.
    const validators = { val1: 2_000_000_000n, val2: 600_000_000n, val3: 500_000_000n, val4: 400_000_000n };
    const chain = voted(atVotes(validators), {
      val1: scoresOf(9, 9),
      val2: scoresOf(700, 1),
      val3: scoresOf(800, 1),
      val4: scoresOf(900, 1),
    });
    assert.equal(chain.entry(1n).quality, 700);
  });
  it("is the default where too little stake voted", () => {
    const validators = { val1: 2_000_000_000n, val2: 600_000_000n };
    const chain = voted(atVotes(validators), { val2: scoresOf(7) });
    assert.deepEqual([chain.entry(1n).quality, chain.entry(1n).qualityVoted], [65_535, false]);
    const enough = voted(atVotes(validators), { val1: scoresOf(7) });
    assert.deepEqual([enough.entry(1n).quality, enough.entry(1n).qualityVoted], [7, true]);
    assert.deepEqual([enough.entry(2n).quality, enough.entry(2n).qualityVoted], [65_535, false]);
  });
});

describe("a vote", () => {
  it("that is not revealed loses its bond", () => {
    const chain = atVotes();
    const before = chain.balance("val1");
    chain.commitVote("val1", 1n, scoresOf(1));
    chain.to(chain.round(1n).voteRevealEnd);
    assert.equal(chain.balance("val1"), before - 500n);
    const { votes } = chain.query<{ votes: Vote[] }>("Votes", { roundId: 1n });
    assert.equal(votes[0]?.fault, Fault.FAULT_VOTE_UNREVEALED);
    assert.deepEqual(chain.bench.broken(), []);
  });
  it("of a validator that left the set counts nothing, and its bond comes back", () => {
    const chain = atVotes();
    const before = chain.balance("val3");
    chain.commitVote("val3", 1n, scoresOf(1));
    const undelegate = { delegatorAddress: accountOf("val3"), amount: { denom: "atest", amount: "400000000" } };
    const operator = chain.bench.query("/cosmos.staking.v1beta1.Query/DelegatorDelegations", { delegatorAddr: accountOf("val3") }) as {
      delegationResponses: { delegation: { validatorAddress: string } }[];
    };
    const validatorAddress = operator.delegationResponses[0]?.delegation.validatorAddress;
    chain.bench.send("/cosmos.staking.v1beta1.MsgUndelegate", { ...undelegate, validatorAddress });
    chain.to(chain.round(1n).voteEnd);
    chain.revealVote("val3", 1n, scoresOf(1));
    assert.equal(chain.balance("val3"), before);
    chain.to(chain.round(1n).voteRevealEnd);
    assert.equal(chain.entry(1n).qualityVoted, false);
  });
  it("is refused from strangers, twice, out of its window, of other rounds, entries and ranges, and with another salt", () => {
    const chain = atVotes();
    const round = chain.round(1n);
    refused(() => chain.commitVote("ann", 1n, scoresOf(1)), "experience/24");
    refused(() => chain.commitVote("val1", 2n, scoresOf(1)), "experience/12");
    refused(() => chain.revealVote("val1", 1n, scoresOf(1)), "experience/11");
    chain.commitVote("val1", 1n, scoresOf(1, 2));
    refused(() => chain.commitVote("val1", 1n, scoresOf(2)), "experience/25");
    chain.commitVote("val2", 1n, [{ entryId: 7n, quality: 1 }]);
    chain.to(round.voteEnd);
    refused(() => chain.commitVote("val3", 1n, scoresOf(1)), "experience/11");
    refused(() => chain.revealVote("val3", 1n, scoresOf(1)), "experience/26");
    refused(() => chain.revealVote("val1", 1n, scoresOf(1, 3)), "experience/27", /committed hash/);
    refused(() => chain.revealVote("val1", 1n, scoresOf(1, 65_536)), "experience/27", /0 to 65535/);
    refused(() => chain.revealVote("val1", 1n, scoresOf(1, 2).reverse()), "experience/27", /rising/);
    refused(() => chain.revealVote("val1", 1n, []), "experience/27", /1 to 256/);
    refused(() => chain.revealVote("val2", 1n, [{ entryId: 7n, quality: 1 }]), "experience/27", /revealed entries/);
    const message = { voter: accountOf("val1"), roundId: 1n, scores: scoresOf(1, 2) };
    refused(() => chain.msg("RevealVote", { ...message, salt: saltOf("other") }), "experience/27");
    refused(() => chain.msg("RevealVote", { ...message, salt: new Uint8Array(31) }), "experience/27", /32 bytes/);
    chain.revealVote("val1", 1n, scoresOf(1, 2));
    refused(() => chain.revealVote("val1", 1n, scoresOf(1, 2)), "experience/25");
    chain.to(round.voteRevealEnd);
    refused(() => chain.revealVote("val2", 1n, scoresOf(1)), "experience/11");
    assert.deepEqual(chain.bench.broken(), []);
  });
});
