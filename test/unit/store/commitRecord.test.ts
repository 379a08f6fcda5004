import assert from "node:assert/strict";
import { test } from "node:test";
import { ByteReader, ByteWriter } from "../../../app/store/byteStream.ts";
import { type CommitRecord, decodeCommitRecord, encodeCommitRecord } from "../../../app/store/commitRecord.ts";
import { crc32c } from "../../../app/store/crc32c.ts";

const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "ascii"));
const record: CommitRecord = {
  version: 300n,
  appHash: new Uint8Array(32).fill(9),
  roots: new Map([
    ["acc", new Uint8Array(32).fill(1)],
    ["bank", new Uint8Array(32).fill(2)],
  ]),
  changes: new Map([
    [
      "bank",
      [
        [ascii("a"), ascii("1")],
        [ascii("b"), undefined],
        [ascii("c"), new Uint8Array(70_000).fill(3)],
      ],
    ],
  ]),
};

test("CRC-32C gives the published check values, in one piece and in many", () => {
  // RFC 3720 appendix B.4 and the catalogue's check value.
  const vectors: readonly (readonly [Uint8Array, number])[] = [
    [ascii("123456789"), 0xe3069283],
    [new Uint8Array(32), 0x8a9136aa],
    [new Uint8Array(32).fill(255), 0x62a8ab43],
    [Uint8Array.from({ length: 32 }, (_, index) => index), 0x46dd794e],
    [Uint8Array.from({ length: 32 }, (_, index) => 31 - index), 0x113fdb5c],
    [new Uint8Array(0), 0],
  ];
  for (const [bytes, expected] of vectors) {
    assert.equal(crc32c(bytes), expected);
    for (let cut = 0; cut <= bytes.length; cut += 1) assert.equal(crc32c(bytes.subarray(cut), crc32c(bytes.subarray(0, cut))), expected);
  }
});

test("A commit record comes back as it was written", () => {
  const decoded = decodeCommitRecord(encodeCommitRecord(record), 300n);
  assert.deepEqual(decoded, record);
});

test("The bytes of a commit record are fixed", () => {
  const small = {
    version: 258n,
    appHash: ascii("hash"),
    roots: new Map([["acc", ascii("r")]]),
    changes: new Map([
      [
        "acc",
        [
          [ascii("k"), ascii("v")],
          [ascii("x"), undefined],
        ] as const,
      ],
    ]),
  };
  assert.equal(
    encodeCommitRecord(small).toString("hex"),
    "0100000000000001020468617368010361636301720201" + "6b0176" + "017800" + "9f8a938e",
  );
});

test("Every flipped bit of a small record is found, and so is a record of another height", () => {
  const bytes = encodeCommitRecord({ ...record, changes: new Map() });
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const flipped = Buffer.from(bytes);
    flipped[bit >>> 3] = (flipped[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
    assert.throws(() => decodeCommitRecord(flipped, 300n), { codespace: "store", code: 13 });
  }
  assert.throws(() => decodeCommitRecord(bytes, 301n), { codespace: "store", code: 13 });
  for (let length = 0; length < bytes.length; length += 1) {
    assert.throws(() => decodeCommitRecord(bytes.subarray(0, length), 300n), { codespace: "store", code: 13 });
  }
});

test("Lengths up to 2^53−1 come back, and a field that runs over the end is refused", () => {
  for (const value of [0, 1, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
    const out = new ByteWriter(1);
    out.uvarint(value);
    const input = new ByteReader(out.finish(), "test");
    assert.equal(input.uvarint(), value);
    input.end();
  }
  const refused = { codespace: "store", code: 13 };
  assert.throws(() => new ByteReader(ascii("\x05ab"), "test").bytes(), refused);
  assert.throws(() => new ByteReader(new Uint8Array(9).fill(255), "test").uvarint(), refused);
  assert.throws(() => new ByteReader(new Uint8Array(0), "test").byte(), refused);
  assert.throws(() => new ByteReader(new Uint8Array(1), "test").end(), refused);
});
