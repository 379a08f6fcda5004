// Files of `hanzod experience`: matrices in three forms, kept shards and votes, scores.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { compressSync, parseShard, type Shape } from "#kernels";
import { compareShards, percent } from "../../../cmd/hanzod/experience/diffCommand.ts";
import { dropKept, keepEntry, keepShard, keepVote, loadEntry, loadVote } from "../../../cmd/hanzod/experience/kept.ts";
import { readMatrix } from "../../../cmd/hanzod/experience/matrixFile.ts";
import { parseScores } from "../../../cmd/hanzod/experience/voteCommand.ts";
import { progressLine } from "../../../cmd/shared/progress.ts";

const folder = mkdtempSync(join(tmpdir(), "hz-experience-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const SHAPE: Shape = { rows: 2, cols: 8 };
const NUMBERS = [1, -2, 0.5, 0, 3, 4, -5, 6, 7, 8, -9, 10, 11, 12, 13, -14];
let nth = 0;
function file(ending: string, content: string | Uint8Array): string {
  const path = join(folder, `${++nth}${ending}`);
  writeFileSync(path, content);
  return path;
}
function npy(descr: string, shape: string, body: Uint8Array, order = "False", version = 1): Uint8Array {
  const header = Buffer.from(`{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }\n`, "latin1");
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  if (version === 1) length.writeUInt16LE(header.length);
  else length.writeUInt32LE(header.length);
  return Buffer.concat([Buffer.from("\u0093NUMPY", "latin1"), Uint8Array.of(version, 0), length, header, body]);
}
const bytesOf = (numbers: Float32Array | Float64Array | Int16Array): Uint8Array => new Uint8Array(numbers.buffer);
const floats = bytesOf(Float32Array.from(NUMBERS));

describe("matrices of files", () => {
  const WHOLE = NUMBERS.map(Math.trunc);
  const TAKEN: readonly (readonly [name: string, path: string, numbers: readonly number[], dtype?: "int16"])[] = [
    ["JSON rows", file(".json", JSON.stringify([NUMBERS.slice(0, 8), NUMBERS.slice(8)])), NUMBERS],
    ["JSON numbers", file(".json", JSON.stringify(NUMBERS)), NUMBERS],
    ["bare float32", file(".bin", floats), NUMBERS],
    ["bare int16", file(".bin", bytesOf(Int16Array.from(WHOLE))), WHOLE, "int16"],
    ["NumPy float32", file(".npy", npy("<f4", "(2, 8)", floats)), NUMBERS],
    ["NumPy float64, version 2", file(".npy", npy("<f8", "(2, 8)", bytesOf(Float64Array.from(NUMBERS)), "False", 2)), NUMBERS],
    ["NumPy int16", file(".npy", npy("<i2", "(2, 8)", bytesOf(Int16Array.from(WHOLE)))), WHOLE],
  ];
  for (const [name, path, numbers, dtype] of TAKEN)
    it(`are read from ${name}`, () => {
      const { matrix } = readMatrix(path, { shape: SHAPE, ...(dtype === undefined ? {} : { dtype }) });
      assert.deepEqual(Array.from(matrix), numbers);
    });

  const REFUSED: readonly (readonly [name: string, path: string, why: RegExp])[] = [
    ["another ending", file(".txt", "1 2 3"), /\.json, \.npy or \.bin/],
    ["no JSON", file(".json", "[1, 2"), /./],
    ["JSON that is no list", file(".json", "{}"), /a list/],
    ["too few rows", file(".json", "[[1,2,3,4,5,6,7,8]]"), /expected 2 rows, got 1/],
    ["a short row", file(".json", "[[1,2,3,4,5,6,7,8],[1]]"), /row 1: expected 8 numbers, got 1/],
    ["a text among numbers", file(".json", JSON.stringify([...NUMBERS.slice(1), "x"])), /number 15: expected a number, got "x"/],
    ["nested too deep", file(".json", "[[[1],2,3,4,5,6,7,8],[1,2,3,4,5,6,7,8]]"), /number 0: expected a number/],
    ["half a float", file(".bin", floats.subarray(1)), /multiple of 4 bytes/],
    ["no NumPy", file(".npy", "nothing of the kind"), /NumPy/],
    ["columns first", file(".npy", npy("<f4", "(2, 8)", floats, "True")), /C order/],
    ["big-endian numbers", file(".npy", npy(">f4", "(2, 8)", floats)), /got '>f4'/],
    ["objects", file(".npy", npy("|O", "(2, 8)", floats)), /got '\|O'/],
    ["another shape", file(".npy", npy("<f4", "(8, 2)", floats)), /got \(8, 2\)/],
    ["one dimension", file(".npy", npy("<f4", "(16,)", floats)), /got \(16,\)/],
    ["an unknown version", file(".npy", npy("<f4", "(2, 8)", floats, "False", 1).with(6, 9)), /format 1 to 3/],
    ["an end in its header", file(".npy", npy("<f4", "(2, 8)", floats).subarray(0, 9)), /format|C order/],
  ];
  for (const [name, path, why] of REFUSED)
    it(`are refused: ${name}`, () =>
      assert.throws(
        () => readMatrix(path, { shape: SHAPE }),
        (error: { why: string; next: string }) => why.test(error.why) && error.next.includes("--help"),
      ));

  it("that are missing are told by name", () => assert.throws(() => readMatrix(join(folder, "none.npy")), /cannot read .*none\.npy/));
});

describe("what a home keeps until it is revealed", () => {
  const home = join(folder, "home");
  const cid = "bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq";
  const entry = { chainId: "a/b c", submitter: "hanzo1abc", cid, shard: Uint8Array.of(1, 2, 254, 255) };

  it("is readable by its owner alone, has the entry's number once there is one, and is found before", () => {
    const pending = keepShard(home, entry);
    assert.equal(statSync(pending).mode & 0o077, 0);
    assert.deepEqual(loadEntry(home, entry.chainId, 5n, cid), { ...entry, entryId: 0n, roundId: 0n });
    const path = keepEntry(home, pending, { ...entry, entryId: 5n, roundId: 2n });
    assert.deepEqual(loadEntry(home, entry.chainId, 5n, "b"), { ...entry, entryId: 5n, roundId: 2n });
    assert.deepEqual(readdirSync(join(home, "experience")), ["entry-a%2Fb%20c-5.json"]);
    dropKept(path);
    assert.throws(() => loadEntry(home, entry.chainId, 5n, cid), /cannot be used/);
  });

  it("keeps a vote with its salt", () => {
    const vote = { chainId: "c", voter: "hanzo1v", roundId: 3n, scores: [{ entryId: 4n, quality: 9 }], salt: new Uint8Array(32).fill(3) };
    const path = keepVote(home, vote);
    assert.deepEqual(loadVote(home, vote), vote);
    writeFileSync(path, readFileSync(path, "utf8").replace("vote/v1", "vote/v2"));
    assert.throws(() => loadVote(home, vote), /cannot be used/);
  });

  it("is refused where the home cannot be written", () =>
    assert.throws(() => keepShard(file(".txt", "no folder"), entry), /cannot be written/));
});

describe("scores", () => {
  it("are read from words and from a file", () => {
    assert.deepEqual(parseScores("1=60000, 2=0"), [
      { entryId: 1n, quality: 60_000 },
      { entryId: 2n, quality: 0 },
    ]);
    assert.deepEqual(parseScores(file(".json", '{"7": 12}')), [{ entryId: 7n, quality: 12 }]);
  });
  for (const text of ["1", "1=", "0=5", "=", "1=123456", "1=2,", file(".json", "[1]"), file(".json", '{"1": "x"}'), join(folder, "none")])
    it(`are not "${text.slice(0, 12)}"`, () => assert.throws(() => parseScores(text), { name: "CliError" }));
});

describe("comparing shards", () => {
  const shardOf = (numbers: readonly number[]) => ({
    shape: SHAPE,
    shard: parseShard(compressSync(Int16Array.from(numbers), SHAPE).bytes, SHAPE),
  });
  const a = shardOf([9, -9, 9, -9, 9, -9, 9, -9, 0, 0, 0, 0, 0, 0, 0, 0]);

  it("finds a shard equal to itself and opposite to its opposite", () => {
    const same = compareShards(a, a);
    assert.deepEqual([same.both, same.neither, same.agreementPpm, same.cosinePpm, same.sameScales], [1, 1, 1_000_000n, 1_000_000n, 1]);
    const opposite = compareShards(a, shardOf([-9, 9, -9, 9, -9, 9, -9, 9, 0, 0, 0, 0, 0, 0, 0, 0]));
    assert.deepEqual([opposite.agreementPpm, opposite.cosinePpm], [0n, -1_000_000n]);
  });

  it("counts rows that only one has, and scales into the angle", () => {
    const b = shardOf([9, -9, 9, -9, 9, -9, 9, 9, 5, 5, 5, 5, 5, 5, 5, 5]);
    const found = compareShards(a, b);
    assert.deepEqual([found.both, found.onlyA, found.onlyB, found.agreementPpm], [1, 0, 1, 875_000n]);
    // Over both rows of b: 6·T² against √(8·T²·8·(T² + U²)).
    assert.ok((found.cosinePpm ?? 0n) > 600_000n && (found.cosinePpm ?? 0n) < 700_000n, String(found.cosinePpm));
    assert.equal(compareShards(a, shardOf(new Array(16).fill(0))).cosinePpm, undefined);
    assert.deepEqual(found.rows, [{ row: 0, distance: 1, codes: [found.rows[0]?.codes[0] ?? 0, found.rows[0]?.codes[1] ?? 0] }]);
  });

  it("shows millionths as per cent", () =>
    assert.deepEqual([0n, 999_999n, -5_000n, -123_456n].map(percent), ["0.00", "99.99", "-0.50", "-12.34"]));
});

describe("the progress bar", () => {
  it("fills from the left", () =>
    assert.deepEqual(
      [0, 3, 6, 9].map((done) => progressLine("shards", done, 6)),
      [
        `[${"-".repeat(24)}] 0 of 6 shards`,
        `[${"#".repeat(12)}${"-".repeat(12)}] 3 of 6 shards`,
        `[${"#".repeat(24)}] 6 of 6 shards`,
        `[${"#".repeat(24)}] 9 of 6 shards`,
      ],
    ));
});
