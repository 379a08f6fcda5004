import assert from "node:assert/strict";
import { after, it } from "node:test";
import { type Entry, EntryStatus, RoundStage } from "#proto/hanzo/experience/v1/types";
import { ExperienceBench, SMALL, schemaOf, shardOf, sharedKernels, testMatrix } from "../../harness/experienceBench.ts";
import { pastRegistry } from "../../harness/pastRegistry.ts";
import { refused } from "../../harness/refused.ts";

after(() => sharedKernels.close());

it("a block takes so many bytes of shards, and the next one takes the rest", () => {
  const v1 = { rows: 256, cols: 384 };
  const params = { maxBlockBytes: 13_000n, revealBlocks: 200n };
  const chain = new ExperienceBench({ schemas: [schemaOf("v1", v1)], submitters: { ann: 1_000_000n, bob: 1_000_000n }, params });
  const place = { schema: "v1", domain: "default" };
  const shards = [shardOf(testMatrix(1, v1), v1), shardOf(testMatrix(2, v1), v1)] as const;
  chain.submit("ann", shards[0], place);
  chain.submit("bob", shards[1], place);
  chain.to(chain.round(1n).commitEnd).reveal("ann", 1n, shards[0]);
  refused(() => chain.reveal("bob", 2n, shards[1]), "experience/23", /at most 13000 bytes in a block, got 25088/);
  chain.next().reveal("bob", 2n, shards[1]);
  assert.deepEqual(chain.bench.broken(), []);
});

it("refunds and pruning are spread over blocks, and nothing is lost or paid twice", () => {
  const names = ["a", "b", "c", "d", "e"];
  const chain = new ExperienceBench({
    submitters: Object.fromEntries(names.map((name) => [name, 1_000_000n])),
    params: { settlePerBlock: 2 },
  });
  const shards = names.map((_, i) => shardOf(testMatrix(i)));
  const before = names.map((name) => chain.balance(name));
  for (const [i, name] of names.entries()) chain.submit(name, shards[i]!);
  const round = chain.round(1n);
  chain.to(round.commitEnd);
  for (const [i, name] of names.entries()) chain.reveal(name, BigInt(i + 1), shards[i]!);
  chain.to(round.challengeEnd);
  const settled = (): number => chain.query<{ entries: Entry[] }>("Entries", { status: EntryStatus.ENTRY_STATUS_SETTLED }).entries.length;
  for (const [expected, stage] of [
    [2, RoundStage.ROUND_STAGE_SETTLE],
    [4, RoundStage.ROUND_STAGE_SETTLE],
    [5, RoundStage.ROUND_STAGE_CLOSED],
  ]) {
    assert.equal(settled(), expected);
    assert.equal(chain.round(1n).stage, stage);
    assert.deepEqual(chain.bench.broken(), []);
    chain.next();
  }
  assert.deepEqual(
    names.map((name) => chain.balance(name)),
    before,
  );
});

it("rounds of other domains run beside each other, at most as many as the parameters allow", () => {
  const schemas = ["one", "three", "two"].map((id) => schemaOf(id, SMALL));
  const chain = new ExperienceBench({ schemas, submitters: { ann: 1_000_000n }, params: { maxOpenRounds: 2 } });
  const submit = (schema: string, seed: number): bigint => chain.submit("ann", shardOf(testMatrix(seed)), { schema });
  submit("one", 1);
  submit("two", 2);
  refused(() => submit("three", 3), "experience/13");
  chain.to(chain.round(1n).revealEnd).next();
  submit("three", 3);
  assert.deepEqual(chain.bench.broken(), []);
});

it("entries of the past cost a block nothing", () => {
  const chain = new ExperienceBench();
  chain.bench.init("experience", pastRegistry(300));
  assert.deepEqual(chain.bench.broken(), []);
  const reads = countReads(chain);
  chain.next(10);
  assert.ok(reads() < 50, `${reads()} reads in ten blocks`);
});

/** Counts reads of the registry's store from here on. */
function countReads(chain: ExperienceBench): () => number {
  const store = chain.bench.store("experience");
  let reads = 0;
  const { get, iterate } = store;
  Object.assign(store, {
    get: (key: Uint8Array) => {
      reads++;
      return get.call(store, key);
    },
    *iterate(range: Parameters<typeof iterate>[0]) {
      for (const entry of iterate.call(store, range)) {
        reads++;
        yield entry;
      }
    },
  });
  return () => reads;
}
