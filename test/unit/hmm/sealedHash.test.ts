import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { Side } from "#proto/hanzo/hmm/v1/types";
import { type SealedTerms, sealedOrderHash } from "../../../modules/hmm/sealed/hash.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const unhex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));

/** A buy of 10^12 base units at 5·10^18. The layout is written out by hand: no code of the chain is used for it. */
const BUY: SealedTerms = {
  chainId: "hanzo-1",
  round: 258n,
  poolId: "gpu",
  sender: unhex("000102030405060708090a0b0c0d0e0f10111213"),
  side: Side.SIDE_BUY,
  resource: 1_000_000_000_000n,
  limitE18: 5_000_000_000_000_000_000n,
  salt: unhex("a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf"),
};
const BUY_BYTES = [
  Buffer.from("hanzo/hmm/commit/v1", "ascii").toString("hex"),
  "00000007",
  "68616e7a6f2d31",
  "0000000000000102",
  "00000003",
  "677075",
  "00000014",
  "000102030405060708090a0b0c0d0e0f10111213",
  "01",
  "0000000000000000000000e8d4a51000",
  "00000000000000000000000000000000" + "4563918244f40000",
  "a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf",
].join("");

/** A sale with the widest numbers, a 32-byte sender and characters of two bytes in the chain's name. */
const SALE: SealedTerms = {
  chainId: "größe",
  round: 2n ** 64n - 1n,
  poolId: "a-1",
  sender: new Uint8Array(32).fill(255),
  side: Side.SIDE_SELL,
  resource: 2n ** 128n - 1n,
  limitE18: 2n ** 192n - 1n,
  salt: new Uint8Array(32),
};
const SALE_BYTES = [
  Buffer.from("hanzo/hmm/commit/v1", "ascii").toString("hex"),
  "00000007",
  "6772c3b6c39f65",
  "ff".repeat(8),
  "00000003",
  "612d31",
  "00000020",
  "ff".repeat(32),
  "02",
  "ff".repeat(16),
  "ff".repeat(24),
  "00".repeat(32),
].join("");

const cases = [
  { name: "a buy", terms: BUY, bytes: BUY_BYTES, golden: "dfd7a92876dcafaf370ce98026d62e74fd0953cb99410bfc726d69602b27bff5" },
  {
    name: "a sale with the widest numbers",
    terms: SALE,
    bytes: SALE_BYTES,
    golden: "c9ef12dff52a03db0459d7546faad46a024b767256aa4af9e08eade1a0086fbb",
  },
] as const;

for (const { name, terms, bytes, golden } of cases) {
  test(`the hash of ${name} is SHA-256 of the documented bytes`, () => {
    assert.equal(createHash("sha256").update(bytes, "hex").digest("hex"), golden);
    assert.equal(hex(sealedOrderHash(terms)), golden);
  });
}

test("every field changes the hash", () => {
  const changes: readonly Partial<SealedTerms>[] = [
    { chainId: "hanzo-2" },
    { round: 259n },
    { poolId: "gpv" },
    { sender: unhex("010102030405060708090a0b0c0d0e0f10111213") },
    { side: Side.SIDE_SELL },
    { resource: BUY.resource + 1n },
    { limitE18: BUY.limitE18 + 1n },
    { salt: new Uint8Array(32) },
    // Text that moves from one field to the next.
    { chainId: "hanzo-", poolId: "1gpu" },
  ];
  const hashes = [BUY, ...changes.map((change) => ({ ...BUY, ...change }))].map((terms) => hex(sealedOrderHash(terms)));
  assert.equal(new Set(hashes).size, hashes.length);
});

test("numbers that are too wide for their field are refused", () => {
  const wide: readonly Partial<SealedTerms>[] = [
    { round: 2n ** 64n },
    { resource: 2n ** 128n },
    { limitE18: 2n ** 192n },
    { resource: -1n },
  ];
  for (const change of wide) assert.throws(() => sealedOrderHash({ ...BUY, ...change }), { codespace: "math", code: 2 });
});
