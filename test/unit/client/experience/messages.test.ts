// Messages of the experience registry, as wallets make them.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { revealMessage, slashMessage, submitMessage } from "../../../../app/client/experience/messages.ts";
import { verifySourceRow } from "../../../../app/client/experience/openRow.ts";
import { packShard } from "../../../../app/client/experience/packShard.ts";
import { createVote, type VoteOptions } from "../../../../app/client/experience/vote.ts";
import { createAddressCodec } from "../../../../app/sdk/index.ts";
import { voteHash } from "../../../../modules/experience/index.ts";
import { pinnedMatrix } from "./pinnedMatrix.ts";

const codec = createAddressCodec("hanzo");
const voter = codec.format(new Uint8Array(20).fill(7));
const salt = new Uint8Array(32).fill(9);
const vote = (change: Partial<VoteOptions> = {}): VoteOptions => ({
  chainId: "hanzo-local-1",
  roundId: 3n,
  voter,
  scores: [
    { entryId: 12n, quality: 65_535 },
    { entryId: 2n, quality: 0 },
  ],
  salt,
  ...change,
});

describe("a vote", () => {
  it("has the hash that the registry computes, with scores by rising entry", () => {
    for (const change of [
      {},
      { chainId: "x" },
      { chainId: "chain with ümlaut" },
      { roundId: 2n ** 64n - 1n },
      { scores: [{ entryId: 1n, quality: 1 }] },
    ]) {
      const plan = createVote(vote(change));
      const { chainId, roundId } = vote(change);
      const { scores } = plan.reveal;
      assert.deepEqual(plan.hash, voteHash({ chainId, roundId, voter: codec.parse(voter), scores, salt }));
      assert.deepEqual(plan.commit, { voter, roundId, hash: plan.hash });
      assert.deepEqual(
        scores.map(({ entryId }) => entryId),
        scores.map(({ entryId }) => entryId).toSorted((a, b) => Number(a - b)),
      );
    }
  });

  it("has fresh randomness unless it is given some", () => {
    const { salt: _given, ...rest } = vote();
    assert.notDeepEqual(createVote(rest).salt, createVote(rest).salt);
  });

  const REFUSED: readonly (readonly [name: string, change: Partial<VoteOptions>, says: RegExp])[] = [
    ["no scores", { scores: [] }, /1 to 256, got 0/],
    ["too many scores", { scores: Array.from({ length: 257 }, (_, i) => ({ entryId: BigInt(i), quality: 1 })) }, /got 257/],
    [
      "an entry twice",
      {
        scores: [
          { entryId: 1n, quality: 1 },
          { entryId: 1n, quality: 2 },
        ],
      },
      /entry 1 is there twice/,
    ],
    ["too good an entry", { scores: [{ entryId: 1n, quality: 65_536 }] }, /entry 1: expected 0 to 65535, got 65536/],
    ["half a point", { scores: [{ entryId: 1n, quality: 0.5 }] }, /got 0.5/],
    ["a short salt", { salt: new Uint8Array(31) }, /salt: expected 32 bytes, got 31/],
    ["a negative round", { roundId: -1n }, /round: expected/],
  ];
  for (const [name, change, says] of REFUSED)
    it(`with ${name} is refused`, () => assert.throws(() => createVote(vote(change)), { codespace: "client", code: 1, message: says }));
});

describe("messages of an entry", () => {
  const packed = packShard(pinnedMatrix());

  it("commit first and show later", () => {
    const submit = submitMessage(packed, { submitter: voter, domain: "code", parents: [9n, 3n, 9n] });
    assert.deepEqual(
      { ...submit, cid: undefined },
      {
        submitter: voter,
        schema: "v1",
        domain: "code",
        cid: undefined,
        merkleRoot: packed.merkleRoot,
        sourceRoot: packed.sourceRoot,
        parents: [3n, 9n],
        maxBond: "",
      },
    );
    assert.deepEqual(revealMessage(packed.shard, 4n, voter), { submitter: voter, entryId: 4n, shard: packed.shard });
  });

  it("prove a fault with the one row that shows it, and nothing where there is none", () => {
    const codes = packed.shard.length - packed.shape.rows;
    const lied = packed.shard.with(codes + 30, (packed.shard[codes + 30] ?? 0) + 1);
    const { message, fault } = slashMessage(voter, 5n, { kind: "source", shard: lied, source: packed.source, shape: packed.shape });
    assert.deepEqual(fault, { row: 30, fault: "scale" });
    assert.equal(message.sourceRow?.row, 30);
    assert.ok(message.sourceRow !== undefined && verifySourceRow(packed.sourceRoot, packed.shape, message.sourceRow));
    assert.throws(() => slashMessage(voter, 5n, { kind: "source", shard: packed.shard, source: packed.source, shape: packed.shape }), {
      codespace: "client",
      code: 1,
      message: /every row of entry 5/,
    });
  });

  it("prove duplicates by an older entry only, and bytes that are no shard by themselves", () => {
    assert.deepEqual(slashMessage(voter, 5n, { kind: "duplicate", olderId: 4n }).message.duplicate, {
      olderId: 4n,
      shard: new Uint8Array(0),
    });
    assert.throws(() => slashMessage(voter, 5n, { kind: "duplicate", olderId: 5n }), /one below 5/);
    assert.deepEqual(slashMessage(voter, 5n, { kind: "shard", shard: Uint8Array.of(1) }).message.shard, { shard: Uint8Array.of(1) });
  });
});
