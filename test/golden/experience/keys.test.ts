import assert from "node:assert/strict";
import { after, it } from "node:test";
import { createAddressCodec } from "#sdk";
import { ExperienceBench, shardOf, sharedKernels, testMatrix } from "../../harness/experienceBench.ts";
import { TEST_CHAIN } from "../../harness/moduleBench.ts";
import { accountOf } from "../../harness/stakingBench.ts";

after(() => sharedKernels.close());

const codec = createAddressCodec(TEST_CHAIN.bech32Prefix);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const address = (name: string): string => hex(codec.parse(accountOf(name)));
const text = (words: string): string => hex(new TextEncoder().encode(words));
const n = (value: bigint | number): string => value.toString(16).padStart(16, "0");
/** A text in front of another part ends with a zero byte. */
const first = (words: string): string => `${text(words)}00`;

it("keys of x/experience are these bytes", () => {
  const chain = new ExperienceBench({ submitters: { ann: 1_000_000n } });
  const [one, two] = [shardOf(testMatrix(1)), shardOf(testMatrix(2))];
  chain.submit("ann", one);
  chain.submit("ann", two, { parents: [1n] });
  const { commitEnd, revealEnd } = chain.round(1n);
  chain.to(commitEnd).reveal("ann", 1n, one);
  const { bench } = chain;
  const roots = [one, two].flatMap(({ cid, merkleRoot, sourceRoot }) => [hex(cid.subarray(4)), hex(merkleRoot), hex(sourceRoot)]);
  const place = `${first("small")}${text("default")}`;
  const expected = [
    "00",
    `01${text("small")}`,
    `02${place}`,
    `03${n(1)}`,
    `03${n(2)}`,
    `0414${address("ann")}${n(1)}`,
    `0414${address("ann")}${n(2)}`,
    `05${n(1)}${n(1)}`,
    `05${n(1)}${n(2)}`,
    `06${n(1)}${n(2)}`,
    `06${n(2)}${n(1)}`,
    `07${place}00${n(1)}`,
    `07${place}00${n(2)}`,
    "08",
    ...roots.map((root) => `09${root}`).sort(),
    `0a${n(1)}${n(2)}`,
    `0b${n(1)}`,
    `0c${place}00${n(1)}`,
    "0d",
    `0e${n(revealEnd)}${n(1)}`,
    "0f",
    `10${n(1)}${address("ann")}`,
    `11${n(1)}${n(1)}`,
    "19",
    "1a",
  ];
  const keys = bench
    .store("experience")
    .dump()
    .map(([key]) => key);
  assert.deepEqual(keys, expected);
});

it("keys of votes, aggregates, priors and holdout sets are these bytes", () => {
  const chain = new ExperienceBench({ submitters: { ann: 1_000_000n, bob: 1_000_000n } });
  const shards = { ann: shardOf(testMatrix(1)), bob: shardOf(testMatrix(2)) };
  chain.submit("ann", shards.ann);
  chain.submit("bob", shards.bob);
  const { commitEnd, revealEnd, applyHeight } = chain.round(1n);
  chain.to(commitEnd);
  chain.reveal("ann", 1n, shards.ann);
  chain.reveal("bob", 2n, shards.bob);
  chain.to(revealEnd).commitVote("val1", 1n, [{ entryId: 1n, quality: 5 }]);
  chain.to(applyHeight);
  const place = `${first("small")}${text("default")}`;
  const keys = new Set(
    chain.bench
      .store("experience")
      .dump()
      .map(([key]) => key),
  );
  for (const key of [`12${n(1)}${address("val1")}`, `13${n(1)}`, `14${place}`]) assert.ok(keys.has(key), key);
});
