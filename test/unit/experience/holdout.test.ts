import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { sha256 } from "@noble/hashes/sha2.js";
import type { Aggregate, Holdout } from "#proto/hanzo/experience/v1/types";
import { HoldoutStatus } from "#proto/hanzo/experience/v1/types";
import { openHoldout } from "../../../app/experience/scoreHoldout.ts";
import { encodeHoldout, type HoldoutSet, parseHoldout } from "../../../modules/experience/holdout/format.ts";
import { BOND, ExperienceBench, schemaOf, shardOf, sharedKernels, testMatrix } from "../../harness/experienceBench.ts";
import { refused } from "../../harness/refused.ts";
import { accountOf } from "../../harness/stakingBench.ts";

after(() => sharedKernels.close());

const V1 = { rows: 256, cols: 384 };
const place = { schema: "v1", domain: "default" };
const encoder = new TextEncoder();
const statusOf = (chain: ExperienceBench, holdoutId: bigint): HoldoutStatus =>
  chain.query<{ holdout: Holdout }>("Holdout", { holdoutId }).holdout.status;

/** Cases that every prior with the common signs decodes: the target is what that prior lifts most. */
function casesFor(matrix: Int16Array, count: number): HoldoutSet {
  return {
    alphaQ8: 65_535,
    mask: 1000,
    cases: Array.from({ length: count }, (_, i) => {
      const context = encoder.encode(`word${i} `);
      const candidates = Uint8Array.of(10, 20, 30);
      const step = { context, candidates, scores: new Int32Array(3), target: 10 };
      const solved = candidates.find((target) => solves(matrix, { ...step, target }));
      return [{ ...step, target: solved ?? 10 }];
    }),
  };
}

function solves(matrix: Int16Array, step: HoldoutSet["cases"][number][number]): boolean {
  return openHoldout({ alphaQ8: 65_535, mask: 1000, cases: [[step]] }).score(matrix) === 1;
}

function chainOfV1(params = {}): ExperienceBench {
  const submitters = { ann: 1_000_000n, bob: 1_000_000n, cyd: 1_000_000n };
  return new ExperienceBench({ schemas: [schemaOf("v1", V1)], submitters, params });
}

const register = (chain: ExperienceBench, provider: string, data: Uint8Array): bigint =>
  chain.msg("RegisterHoldout", { provider: accountOf(provider), ...place, digest: sha256(data) })["holdoutId"] as bigint;

/** Two that agree and one that is against them, at the votes. */
function revealed(chain: ExperienceBench): ExperienceBench {
  const matrices = [testMatrix(1, V1), testMatrix(2, V1), testMatrix(3, V1, { sign: -1 })];
  const names = ["ann", "bob", "cyd"];
  for (const [i, name] of names.entries()) chain.submit(name, shardOf(matrices[i] as Int16Array, V1), place);
  const round = chain.round(chain.query<{ domain: { openRound: bigint } }>("Domain", place).domain.openRound);
  chain.to(round.commitEnd);
  for (const [i, name] of names.entries()) chain.reveal(name, BigInt(i + 1), shardOf(matrices[i] as Int16Array, V1));
  return chain.to(round.revealEnd);
}

describe("a holdout set", () => {
  const data = encodeHoldout(casesFor(testMatrix(0, V1, { noise: 0 }), 50));

  it("is committed, drawn, revealed and used, measures every entry, and scales the refunds", () => {
    const chain = chainOfV1({ utilityTargetPpm: 1_000_000 });
    const before = chain.balance("val1");
    const id = register(chain, "val1", data);
    assert.equal(chain.balance("val1"), before - 7000n);
    chain.next();
    revealed(chain);
    assert.equal(statusOf(chain, id), HoldoutStatus.HOLDOUT_STATUS_DRAWN);
    assert.equal(chain.round(1n).holdoutId, id);
    assert.deepEqual(chain.msg("RevealHoldout", { sender: accountOf("bob"), holdoutId: id, data }), { cases: 50 });
    assert.equal(chain.balance("val1"), before);
    assert.deepEqual(chain.query<{ data: Uint8Array }>("HoldoutData", { holdoutId: id }).data, data);
    refused(() => chain.msg("RevealHoldout", { sender: accountOf("bob"), holdoutId: id, data }), "experience/30");
    chain.to(chain.round(1n).applyHeight);
    const { aggregate } = chain.query<{ aggregate: Aggregate }>("Aggregate", { roundId: 1n });
    assert.equal(aggregate.measured, true);
    assert.ok(aggregate.score > 25, `${aggregate.score} of 50`);
    assert.equal(statusOf(chain, id), HoldoutStatus.HOLDOUT_STATUS_USED);
    assert.throws(() => chain.query("HoldoutData", { holdoutId: id }), /used/);
    chain.to(chain.round(1n).challengeEnd);
    const utilities = [1n, 2n, 3n].map((entryId) => chain.entry(entryId).utility);
    assert.ok(
      utilities.some((utility) => utility > 0),
      `${utilities}`,
    );
    for (const entryId of [1n, 2n, 3n]) {
      const { utility, refund } = chain.entry(entryId);
      const expected = utility <= 0 ? 0n : (BOND * BigInt(utility)) / 50n;
      assert.equal(refund, expected.toString(), `entry ${entryId} with utility ${utility}`);
    }
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("that was drawn and not shown costs its provider the bond, and the round stays unmeasured", () => {
    const chain = chainOfV1();
    const id = register(chain, "val1", data);
    chain.next();
    revealed(chain);
    const supply = chain.supply();
    chain.to(chain.round(1n).applyHeight);
    assert.equal(statusOf(chain, id), HoldoutStatus.HOLDOUT_STATUS_FORFEITED);
    assert.equal(chain.supply(), supply - 3500n);
    assert.equal(chain.query<{ aggregate: Aggregate }>("Aggregate", { roundId: 1n }).aggregate.measured, false);
    chain.to(chain.round(1n).challengeEnd);
    assert.equal(chain.entry(3n).refund, BOND.toString());
    assert.deepEqual(chain.bench.broken(), []);
  });

  it("is drawn only for rounds that begin after its block, and withdrawn only between rounds", () => {
    const chain = chainOfV1();
    const shard = shardOf(testMatrix(1, V1), V1);
    const early = register(chain, "val1", data);
    chain.msg("WithdrawHoldout", { provider: accountOf("val1"), holdoutId: early });
    chain.submit("ann", shard, place);
    const late = register(chain, "val1", data);
    refused(() => chain.msg("WithdrawHoldout", { provider: accountOf("val1"), holdoutId: late }), "experience/11");
    refused(() => chain.msg("WithdrawHoldout", { provider: accountOf("val2"), holdoutId: late }), "experience/30");
    refused(() => chain.msg("RevealHoldout", { sender: accountOf("val1"), holdoutId: late, data }), "experience/30");
    chain.to(chain.round(1n).commitEnd).reveal("ann", 1n, shard);
    chain.to(chain.round(1n).revealEnd);
    assert.equal(chain.round(1n).holdoutId, 0n);
    assert.equal(statusOf(chain, late), HoldoutStatus.HOLDOUT_STATUS_WAITING);
  });

  it("is one of those that wait, and the draw changes with the root of the state", () => {
    const drawn = new Set<bigint>();
    for (let blocks = 1; blocks < 12 && drawn.size < 3; blocks++) {
      const chain = chainOfV1();
      for (const name of ["val1", "val2", "val3"]) register(chain, name, data);
      chain.next(blocks);
      revealed(chain);
      drawn.add(chain.round(1n).holdoutId);
    }
    assert.equal(drawn.size, 3);
  });

  it("is refused from strangers, twice from one, with other bytes, too long, and of a schema whose rows are not bytes", () => {
    const chain = new ExperienceBench({
      schemas: [schemaOf("small", { rows: 16, cols: 64 }), schemaOf("v1", V1)],
      submitters: { ann: 1_000_000n, bob: 1_000_000n, cyd: 1_000_000n },
      params: { maxHoldoutBytes: 2000n, maxHoldouts: 1 },
    });
    refused(() => register(chain, "ann", data), "experience/24");
    const small = { provider: accountOf("val1"), schema: "small", domain: "default", digest: sha256(data) };
    refused(() => chain.msg("RegisterHoldout", small), "experience/30", /256 × 384/);
    refused(() => chain.msg("RegisterHoldout", { ...small, schema: "v1", domain: "none" }), "experience/7");
    refused(() => chain.msg("RegisterHoldout", { ...small, digest: new Uint8Array(31) }), "experience/30", /32 bytes/);
    register(chain, "val1", data);
    refused(() => register(chain, "val1", data), "experience/31");
    refused(() => register(chain, "val2", data), "experience/31", /fewer than 1/);
    chain.next();
    revealed(chain);
    const message = { sender: accountOf("val1"), holdoutId: 1n };
    refused(() => chain.msg("RevealHoldout", { ...message, data: data.subarray(1) }), "experience/30", /committed digest/);
    refused(() => chain.msg("RevealHoldout", { ...message, data: new Uint8Array(2001) }), "experience/30", /at most 2000/);
    refused(() => chain.msg("RevealHoldout", { ...message, holdoutId: 5n, data }), "experience/29");
    assert.deepEqual(chain.bench.broken(), []);
  });
});

describe("the bytes of a holdout set", () => {
  const step = { context: encoder.encode("a "), candidates: Uint8Array.of(1, 2), scores: Int32Array.of(-5, 7), target: 2 };
  const set: HoldoutSet = { alphaQ8: 256, mask: 12, cases: [[step, step], [step]] };
  const bytes = encodeHoldout(set);

  it("come back as they were", () => assert.deepEqual(parseHoldout(bytes, 256), set));
  it("are refused at every length but their own", () => {
    for (let length = 0; length < bytes.length; length++) refused(() => parseHoldout(bytes.subarray(0, length), 256), "experience/30");
    refused(() => parseHoldout(Uint8Array.of(...bytes, 0), 256), "experience/30", /after the last case/);
  });
  for (const [name, change, text] of [
    ["without a case", { cases: [] }, /at least one case/],
    ["without a step", { cases: [[]] }, /at least one step/],
    ["with a mask beyond 2^30", { mask: 2 ** 30 + 1 }, /mask/],
    ["with a candidate twice", { cases: [[{ ...step, candidates: Uint8Array.of(2, 2) }]] }, /rising candidates/],
    ["with falling candidates", { cases: [[{ ...step, candidates: Uint8Array.of(3, 2) }]] }, /rising candidates/],
    ["with a candidate that is no row", { cases: [[{ ...step, candidates: Uint8Array.of(2, 16) }]] }, /below 16/],
    ["with a candidate below the mask", { mask: 11 }, /at least -4, got -5/],
    ["with a score beyond 2^30", { mask: 0, cases: [[{ ...step, scores: Int32Array.of(2 ** 30 + 1, 0) }]] }, /within/],
    ["whose unnamed bytes would be candidates", { mask: 2 ** 30, cases: [[{ ...step, scores: Int32Array.of(0, 0) }]] }, /best base score/],
    ["with a target that is no candidate", { cases: [[{ ...step, target: 3 }]] }, /as target, got 3/],
    ["with a long context", { cases: [[{ ...step, context: new Uint8Array(65) }]] }, /at most 64/],
  ] as const)
    it(`are refused ${name}`, () => refused(() => parseHoldout(encodeHoldout({ ...set, ...change }), 16), "experience/30", text));
});
