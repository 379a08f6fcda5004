import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { EntryStatus, Fault, RoundStage } from "#proto/hanzo/experience/v1/types";
import {
  BOND,
  ExperienceBench,
  SMALL,
  STAKE,
  saltOf,
  shardOf,
  sharedKernels,
  sourceRowOf,
  type TestShard,
  testMatrix,
} from "../../harness/experienceBench.ts";
import { refused } from "../../harness/refused.ts";
import { accountOf } from "../../harness/stakingBench.ts";

after(() => sharedKernels.close());

const SUBMITTERS = { ann: 1_000_000n, bob: 1_000_000n, cyd: 1_000_000n };
const challenger = accountOf("challenger");

/** A shard whose source says something else in row 3. */
function dishonest(change: (matrix: Int16Array) => void): TestShard {
  const source = testMatrix(9);
  const shown = source.slice();
  change(shown);
  return { ...shardOf(shown), sourceRoot: shardOf(source).sourceRoot, matrix: source };
}

function row(matrix: Int16Array, change: (value: number) => number): void {
  for (let c = 3 * SMALL.cols; c < 4 * SMALL.cols; c++) matrix[c] = change(matrix[c] as number);
}

/** A round in which ann is honest and bob is not, at the votes. */
function revealedRound(bad: TestShard): ExperienceBench {
  const chain = new ExperienceBench({ submitters: SUBMITTERS });
  const good = shardOf(testMatrix(1));
  chain.submit("ann", good);
  chain.submit("bob", bad);
  chain.to(chain.round(1n).commitEnd);
  chain.reveal("ann", 1n, good);
  chain.reveal("bob", 2n, bad);
  return chain.to(chain.round(1n).revealEnd);
}

describe("a proof against a row's source", () => {
  for (const [name, change, fault] of [
    ["a scale that is too large", (m: Int16Array) => row(m, (v) => 4 * v), Fault.FAULT_SCALE],
    ["a flipped row", (m: Int16Array) => row(m, (v) => -v), Fault.FAULT_SIGN],
  ] as const) {
    it(`takes the bond for ${name}: half to the challenger, the rest burned and to the treasury`, () => {
      const bad = dishonest(change);
      const chain = revealedRound(bad);
      const [before, supply, treasury] = [chain.balance("challenger"), chain.supply(), chain.treasury];
      const answer = chain.msg("Slash", { challenger, entryId: 2n, sourceRow: sourceRowOf(bad.matrix, 3) });
      assert.deepEqual(answer, { upheld: true, fault, bounty: (BOND / 2n).toString(), reason: "" });
      assert.equal(chain.balance("challenger"), before + BOND / 2n);
      assert.equal(chain.supply(), supply - BOND / 4n);
      assert.equal(chain.treasury, treasury + BOND / 4n);
      assert.equal(chain.entry(2n).status, EntryStatus.ENTRY_STATUS_SLASHED);
      assert.equal(chain.entry(2n).fault, fault);
      assert.deepEqual(chain.bench.broken(), []);
      // It counts no more.
      chain.to(chain.round(1n).voteRevealEnd);
      assert.deepEqual(chain.round(1n).inputEntries, [1n]);
      refused(() => chain.msg("Slash", { challenger, entryId: 2n, sourceRow: sourceRowOf(bad.matrix, 3) }), "experience/21");
    });
  }

  it("is possible until the refunds, and then no more", () => {
    const bad = dishonest((m) => row(m, (v) => -v));
    const chain = revealedRound(bad);
    const round = chain.round(1n);
    chain.to(round.challengeEnd - 1n);
    assert.equal(chain.round(1n).stage, RoundStage.ROUND_STAGE_CHALLENGE);
    assert.equal(chain.msg("Slash", { challenger, entryId: 2n, sourceRow: sourceRowOf(bad.matrix, 3) })["upheld"], true);
    chain.next();
    assert.equal(chain.entry(2n).refund, "0");
    assert.deepEqual(chain.bench.broken(), []);
    refused(() => chain.msg("Slash", { challenger, entryId: 1n, sourceRow: sourceRowOf(bad.matrix, 3) }), "experience/11");
  });

  it("takes a source that has -32768, which no shard can have", () => {
    const source = testMatrix(9);
    const shown = source.slice();
    source[5] = -32768;
    const bad = { ...shardOf(shown), sourceRoot: shardOf(shown).sourceRoot };
    const opened = sourceRowOf(source, 0);
    // The root of a source that the kernels refuse to compress: built leaf by leaf.
    const root = rootOf(source);
    const chain = revealedRound({ ...bad, sourceRoot: root });
    const answer = chain.msg("Slash", { challenger, entryId: 2n, sourceRow: opened });
    assert.equal(answer["fault"], Fault.FAULT_SCHEMA);
  });

  for (const [name, proof] of [
    ["another row's path", (m: Int16Array) => ({ ...sourceRowOf(m, 3), row: 2 })],
    ["a shorter path", (m: Int16Array) => ({ ...sourceRowOf(m, 3), path: sourceRowOf(m, 3).path.slice(1) })],
    ["no path", (m: Int16Array) => ({ ...sourceRowOf(m, 3), path: [] })],
    ["values that are not the source's", (m: Int16Array) => ({ ...sourceRowOf(m, 3), values: sourceRowOf(m, 4).values })],
    ["a row that the schema does not have", (m: Int16Array) => ({ ...sourceRowOf(m, 3), row: 16 })],
    ["half a row", (m: Int16Array) => ({ ...sourceRowOf(m, 3), values: sourceRowOf(m, 3).values.subarray(0, SMALL.cols) })],
    ["a row that is right", (m: Int16Array) => sourceRowOf(m, 4)],
  ] as const) {
    it(`costs the challenger its stake with ${name}`, () => {
      const bad = dishonest((m) => row(m, (v) => -v));
      const chain = revealedRound(bad);
      const [before, supply] = [chain.balance("challenger"), chain.supply()];
      const answer = chain.msg("Slash", { challenger, entryId: 2n, sourceRow: proof(bad.matrix) });
      assert.equal(answer["upheld"], false);
      assert.notEqual(answer["reason"], "");
      assert.equal(chain.balance("challenger"), before - STAKE);
      assert.equal(chain.supply(), supply - STAKE / 2n);
      assert.equal(chain.entry(2n).status, EntryStatus.ENTRY_STATUS_REVEALED);
      assert.deepEqual(chain.bench.broken(), []);
    });
  }
});

describe("a proof against an entry that is not revealed", () => {
  function committed(entry: TestShard): ExperienceBench {
    const chain = new ExperienceBench({ submitters: SUBMITTERS });
    chain.submit("bob", entry);
    return chain.to(chain.round(1n).commitEnd);
  }

  it("takes a CID of bytes that are no shard of the schema", () => {
    const bytes = new Uint8Array(100).fill(3);
    const chain = committed({ ...shardOf(testMatrix(1)), cid: sharedKernels.cidOf(bytes) });
    assert.equal(chain.msg("Slash", { challenger, entryId: 1n, shard: { shard: bytes } })["fault"], Fault.FAULT_SCHEMA);
    assert.deepEqual(chain.bench.broken(), []);
  });
  it("takes a CID and a row root that are not of the same shard", () => {
    const [one, other] = [shardOf(testMatrix(1)), shardOf(testMatrix(2))];
    const chain = committed({ ...one, cid: other.cid });
    refused(() => chain.reveal("bob", 1n, other), "experience/22", /merkle_root/);
    refused(() => chain.reveal("bob", 1n, one), "experience/22", /cid/);
    assert.equal(chain.msg("Slash", { challenger, entryId: 1n, shard: { shard: other.shard } })["fault"], Fault.FAULT_ROOT);
  });
  it("fails against an honest entry, and with other bytes", () => {
    const one = shardOf(testMatrix(1));
    const chain = committed(one);
    assert.match(String(chain.msg("Slash", { challenger, entryId: 1n, shard: { shard: one.shard } })["reason"]), /committed root/);
    const other = shardOf(testMatrix(2));
    assert.match(String(chain.msg("Slash", { challenger, entryId: 1n, shard: { shard: other.shard } })["reason"]), /another CID/);
  });
});

describe("a proof of a duplicate", () => {
  /** bob hands in what ann did in an earlier round, but for some rows. */
  function copied(rows: number, change: object = {}): { chain: ExperienceBench; original: TestShard } {
    const chain = new ExperienceBench({ submitters: SUBMITTERS });
    const original = shardOf(testMatrix(1));
    const matrix = original.matrix.slice();
    for (let c = 0; c < rows * SMALL.cols; c++) matrix[c] = -(matrix[c] as number);
    const copy = shardOf(matrix);
    chain.submit("ann", original);
    const first = chain.round(1n);
    chain.to(first.commitEnd).reveal("ann", 1n, original);
    chain.to(first.challengeEnd);
    chain.submit("ann" in change ? "ann" : "bob", copy, "ann" in change ? { parents: [1n] } : {});
    chain.to(chain.round(2n).commitEnd).reveal("ann" in change ? "ann" : "bob", 2n, copy);
    return { chain, original };
  }

  it("takes an entry with half of an older one's rows, shown with the pruned shard", () => {
    const { chain, original } = copied(8);
    const noShard = chain.msg("Slash", { challenger, entryId: 2n, duplicate: { olderId: 1n } });
    assert.match(String(noShard["reason"]), /pruned/);
    const answer = chain.msg("Slash", { challenger, entryId: 2n, duplicate: { olderId: 1n, shard: original.shard } });
    assert.equal(answer["fault"], Fault.FAULT_DUPLICATE);
    assert.deepEqual(chain.bench.broken(), []);
  });
  it("fails with fewer rows, with other bytes, against the older entry, and against an update of one's own", () => {
    const { chain, original } = copied(9);
    const reasonOf = (message: object): string => String(chain.msg("Slash", { challenger, entryId: 2n, ...message })["reason"]);
    assert.match(reasonOf({ duplicate: { olderId: 1n, shard: original.shard } }), /7 of 16 rows/);
    assert.match(reasonOf({ duplicate: { olderId: 1n, shard: shardOf(testMatrix(2)).shard } }), /not the CID/);
    assert.match(reasonOf({ duplicate: { olderId: 2n, shard: original.shard } }), /not older/);
    const update = copied(1, { ann: true });
    const answer = update.chain.msg("Slash", { challenger, entryId: 2n, duplicate: { olderId: 1n, shard: update.original.shard } });
    assert.match(String(answer["reason"]), /parent/);
    refused(() => chain.msg("Slash", { challenger, entryId: 2n, duplicate: { olderId: 99n } }), "experience/19");
  });
});

describe("a proof that a vote was shown before its time", () => {
  const scores = [{ entryId: 1n, quality: 5 }];
  it("takes the vote and its bond; a false one costs the challenger", () => {
    const chain = revealedRound(shardOf(testMatrix(2)));
    chain.commitVote("val1", 1n, scores);
    const before = chain.balance("challenger");
    const message = { challenger, roundId: 1n, voter: accountOf("val1"), scores, salt: saltOf("val1") };
    assert.equal(chain.msg("SlashVote", { ...message, salt: saltOf("val2") })["upheld"], false);
    assert.equal(chain.balance("challenger"), before - STAKE);
    assert.deepEqual(chain.msg("SlashVote", message), { upheld: true, bounty: "250", reason: "" });
    refused(() => chain.msg("SlashVote", message), "experience/27");
    refused(() => chain.msg("SlashVote", { ...message, challenger: accountOf("val1") }), "experience/27");
    refused(() => chain.msg("SlashVote", { ...message, voter: accountOf("val2") }), "experience/26");
    assert.deepEqual(chain.bench.broken(), []);
    chain.to(chain.round(1n).voteEnd);
    refused(() => chain.revealVote("val1", 1n, scores), "experience/27", /before its time/);
    refused(() => chain.msg("SlashVote", message), "experience/11");
  });
});

function rootOf(matrix: Int16Array): Uint8Array {
  return sharedKernels.sourceRoot(matrix, SMALL);
}
