import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { homeLayout } from "../../../cmd/hanzod/node/home.ts";
import { mendEntries, mendWal, walHead } from "../../../cmd/hanzod/node/mendWal.ts";

/** Written by CometBFT v0.38.25 that died at its fail point 3 at height 1, and at 6 at height 2. */
const golden = await readFile(fileURLToPath(new URL("../../../../test/golden/comet/wal-without-end", import.meta.url)));
/** The entry that says that height 0 is over: the first of the file. */
const FIRST_BYTES = 8 + golden.readUInt32BE(4);

test("CometBFT killed at fail points 3 and 6 in a row: the end of height 1 is added where height 2 begins, and nothing else changes", () => {
  const { wal, heights } = mendEntries(golden) ?? assert.fail("an end is missing");
  assert.deepEqual(heights, [1n]);
  const added = wal.length - golden.length;
  const at = golden.findIndex((byte, index) => byte !== wal[index]);
  const rest = Buffer.from(wal);
  // Both entries may begin with the same bytes.
  const from = [...Array(9).keys()].map((back) => at - back).find((start) => rest.readUInt32BE(start + 4) === added - 8) ?? assert.fail();
  assert.deepEqual(Buffer.concat([rest.subarray(0, from), rest.subarray(from + added)]), golden);
  assert.match(rest.subarray(from + added).toString("latin1"), /RoundStepPropose/, "height 2 lies behind it");
  // WALMessage{end_height: {height: 1}} behind the time.
  assert.equal(rest.subarray(from + added - 6, from + added).toString("hex"), "120422020801");
  assert.equal(mendEntries(wal), undefined, "nothing is missing any more");
});

test("a file that begins within a height, and what follows a damaged entry, are left alone", () => {
  assert.equal(mendEntries(new Uint8Array(0)), undefined);
  const { heights } = mendEntries(golden.subarray(FIRST_BYTES)) ?? assert.fail("an end is missing");
  assert.deepEqual(heights, [1n], "height 1 is under way at the beginning, and was not ended");
  const damaged = Buffer.from(golden);
  damaged.writeUInt8(damaged.readUInt8(20) ^ 1, 20);
  assert.equal(mendEntries(damaged), undefined);
});

test("an unfinished entry at the end is cut off wherever it ends, and what stands before it stays", () => {
  const starts = [0];
  for (let at = 0; at < golden.length; at = starts.at(-1) ?? 0) starts.push(at + 8 + golden.readUInt32BE(at + 4));
  assert.equal(starts.at(-1), golden.length);
  for (let length = 0; length < golden.length; length += 1) {
    const whole = starts.findLast((start) => start <= length) ?? 0;
    const mended = mendEntries(golden.subarray(0, length));
    assert.equal(mended?.tornBytes ?? 0, length - whole);
    if (mended?.heights.length === 0) assert.deepEqual(mended.wal, golden.subarray(0, whole));
  }
});

test("the log of a home is mended once, and a home without one is none of its business", async () => {
  const home = homeLayout(await mkdtemp(join(tmpdir(), "hz-wal-")));
  try {
    assert.deepEqual(mendWal(home), []);
    await mkdir(dirname(walHead(home)), { recursive: true });
    await writeFile(walHead(home), golden);
    assert.match(mendWal(home).join(), /between storing block 1 and noting so/);
    assert.deepEqual(mendWal(home), []);
    assert.ok((await readFile(walHead(home))).length > golden.length);
  } finally {
    await rm(home.root, { recursive: true });
  }
});
