// The short form of `make determinism`: threads and queries beside the blocks change nothing, and a difference is told down to the key.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { compare, type Run, replay, writeBlocks } from "../../campaign/determinism/compareVariants.ts";
import { recordBlocks } from "../../campaign/determinism/recordBlocks.ts";
import { type Variant, variants } from "../../campaign/determinism/variants.ts";

const BLOCKS = 25;
let folder: string;
let file: string;
let expected: readonly string[];
const runOf = (variant: Variant | undefined): Run => ({ variant: variant ?? assert.fail("a variant"), node: process.execPath });
const right = runOf(variants[0]);

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "hz-variants-"));
  file = join(folder, "blocks");
  await writeBlocks(file, (await recordBlocks(3, BLOCKS)).blocks);
  expected = await replay(file, right);
});
after(() => rm(folder, { recursive: true }));

for (const variant of variants.filter(({ threads, queries, node24 }) => (threads === true || queries !== undefined) && node24 !== true))
  test(`${variant.name}: the same outcome as one thread alone`, async () => {
    assert.equal(expected.length, BLOCKS + 1);
    assert.equal(await compare(file, right, expected, runOf(variant)), undefined);
  });

test("a program that lets wrong signatures pass is found out, with height, transaction, result, store and key", async () => {
  const found = await compare(file, right, expected, runOf({ name: "careless", store: "memory", checked: false, signatures: "careless" }));
  const told =
    /^height (\d+), transaction (\d+): code, data, gas or events differ; tx \2 code \/0; (\d+) lines of state differ, first: (.*)$/.exec(
      found ?? "",
    );
  assert.ok(told, found);
  assert.match(told[4] ?? "", /^(missing: )?store \w+ key [0-9a-f]+ value [0-9a-f]*$/);
});
