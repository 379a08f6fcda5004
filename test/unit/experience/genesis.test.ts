import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, describe, it } from "node:test";
import { sha256 } from "@noble/hashes/sha2.js";
import type { GenesisState } from "#proto/hanzo/experience/v1/genesis";
import { RoundStage } from "#proto/hanzo/experience/v1/types";
import { localExperienceGenesis, SCHEMA_V1 } from "../../../modules/experience/index.ts";
import { DEFAULT_PARAMS, validateParams } from "../../../modules/experience/params.ts";
import { BOND, ExperienceBench, shardOf, sharedKernels, testMatrix } from "../../harness/experienceBench.ts";
import { refused } from "../../harness/refused.ts";

after(() => sharedKernels.close());

/** A chain in the stage of the votes. */
function atVotes(): ExperienceBench {
  const chain = new ExperienceBench({ submitters: { ann: 1_000_000n, bob: 1_000_000n } });
  const shards = [shardOf(testMatrix(1)), shardOf(testMatrix(2))] as const;
  chain.submit("ann", shards[0]);
  chain.submit("bob", shards[1], { parents: [1n] });
  const { commitEnd, revealEnd } = chain.round(1n);
  chain.to(commitEnd);
  chain.reveal("ann", 1n, shards[0]);
  chain.reveal("bob", 2n, shards[1]);
  return chain.to(revealEnd);
}

/** The same registry on a fresh chain, whose bank holds its bonds. */
function imported(chain: ExperienceBench, change: (genesis: GenesisState) => GenesisState = (genesis) => genesis): ExperienceBench {
  const genesis = change(chain.bench.exportGenesis("experience") as GenesisState);
  const fresh = new ExperienceBench({ submitters: { ann: 1_000_000n, bob: 1_000_000n } });
  const store = fresh.bench.store("experience");
  for (const [key] of store.dump()) store.delete(Buffer.from(key, "hex"));
  const { held = "0" } = genesis.totals ?? {};
  fresh.fund(BigInt(held));
  fresh.bench.init("experience", genesis);
  return fresh;
}

describe("a genesis", () => {
  it("comes back to the same state, byte for byte", () => {
    const chain = atVotes();
    const copy = imported(chain);
    assert.deepEqual(copy.bench.store("experience").dump(), chain.bench.store("experience").dump());
    assert.deepEqual(copy.bench.broken(), []);
  });

  for (const [name, change, text] of [
    ["without parameters", (g: GenesisState) => ({ ...g, params: undefined }), /params: expected parameters/],
    ["with a schema twice", (g: GenesisState) => ({ ...g, schemas: [...g.schemas, ...g.schemas] }), /schemas: expected rising/],
    ["with a domain of no schema", (g: GenesisState) => ({ ...g, schemas: [] }), /expected a schema of the list/],
    ["with an entry of no round", (g: GenesisState) => ({ ...g, rounds: [] }), /entries.1: expected a round of the list/],
    ["with a lost entry", (g: GenesisState) => ({ ...g, entries: g.entries.slice(0, 1) }), /expected|got/],
    ["with entries in another order", (g: GenesisState) => ({ ...g, entries: [...g.entries].reverse() }), /entries: expected rising/],
    [
      "with one root twice",
      (g: GenesisState) => ({ ...g, entries: g.entries.map((e) => ({ ...e, cid: g.entries[0]!.cid })) }),
      /new roots/,
    ],
    [
      "with a CID of another form",
      (g: GenesisState) => ({ ...g, entries: g.entries.map((e) => ({ ...e, cid: e.merkleRoot })) }),
      /cid: expected/,
    ],
    ["with bonds that nobody holds", (g: GenesisState) => ({ ...g, totals: undefined }), /held for open bonds/],
    ["with a shard less", (g: GenesisState) => ({ ...g, shards: g.shards.slice(1) }), /shard in state/],
    [
      "with a shard of no entry",
      (g: GenesisState) => ({ ...g, shards: [{ entryId: 9n, shard: new Uint8Array(1) }] }),
      /of the list, got 9/,
    ],
    ["with identifiers beyond the last", (g: GenesisState) => ({ ...g, lastEntryId: 1n }), /at most 1/],
    [
      "with a parent that is younger",
      (g: GenesisState) => ({ ...g, entries: g.entries.map((e) => ({ ...e, parents: [2n] })) }),
      /older parents/,
    ],
    [
      "with a prior of no aggregate",
      (g: GenesisState) => ({ ...g, domains: g.domains.map((d) => ({ ...d, activeRound: 1n })) }),
      /expected the prior/,
    ],
  ] as const)
    it(`${name} is refused`, () => refused(() => imported(atVotes(), change as never), "experience/3", text));

  it("of a chain that begins anew counts the blocks that are left, and the round goes on to its end", () => {
    const chain = atVotes();
    chain.bench.module("experience").genesis?.handlers.prepareZeroHeight?.(chain.bench.ctx);
    const copy = imported(chain);
    copy.bench = copy.bench.at(1n);
    const round = copy.round(1n);
    assert.deepEqual([round.stage, round.voteEnd, round.voteRevealEnd], [RoundStage.ROUND_STAGE_VOTE, 2n, 4n]);
    assert.deepEqual([round.applyHeight, round.challengeEnd], [6n, 9n]);
    copy.to(round.challengeEnd);
    assert.equal(copy.round(1n).stage, RoundStage.ROUND_STAGE_CLOSED);
    assert.equal(copy.entry(1n).refund, BOND.toString());
    assert.deepEqual(copy.bench.broken(), []);
  });

  it("of a local chain has schema v1, which names its specification by its hash", () => {
    const { schemas, domains } = localExperienceGenesis();
    assert.deepEqual(schemas, [SCHEMA_V1]);
    assert.deepEqual(
      domains.map(({ schema, name, open }) => [schema, name, open]),
      [["v1", "default", true]],
    );
    const document = readFileSync(new URL("../../../../modules/experience/schemas/v1.md", import.meta.url));
    assert.deepEqual(SCHEMA_V1.specHash, sha256(document));
  });
});

describe("parameters", () => {
  for (const [name, change, text] of [
    ["without a bond", { bond: "0" }, /bond: expected at least 1/],
    ["with a bond that is no number", { bond: "1.5" }, /bond/],
    ["with too many entries", { maxShards: 257 }, /max_shards: expected 1 to 256, got 257/],
    ["without a window", { revealBlocks: 0n }, /reveal_blocks/],
    ["whose reveals cannot hold a full round twice", { revealBlocks: 3n, maxBlockBytes: 200_000n }, /twice a full round/],
    ["with a cap below a half", { capNum: 49, capDen: 100 }, /1\/2 to 2\/3/],
    ["with a cap above two thirds", { capNum: 67, capDen: 100 }, /1\/2 to 2\/3/],
    ["with bounds in the wrong order", { agreementLo: 3072 }, /agreement_lo/],
    ["without a treasury", { treasuryModule: "" }, /treasury_module/],
    ["that share out more than there is", { burnBps: 10_001 }, /burn_bps/],
  ] as const)
    it(`${name} are refused`, () => refused(() => validateParams({ ...DEFAULT_PARAMS, ...change }), "experience/2", text));
});
