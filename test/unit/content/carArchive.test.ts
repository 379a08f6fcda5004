// Content archives: the format that IPFS tools write and read, and what a hostile one must not do.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { CarReader } from "@ipld/car";
import { encode } from "@ipld/dag-cbor";
import { exportCar, importCar } from "../../../app/content/carArchive.ts";
import { contentIdOf, parseContentId } from "../../../app/content/contentId.ts";
import { ContentStore } from "../../../app/content/contentStore.ts";

const block = (n: number, length = 300): Uint8Array => Uint8Array.from({ length }, (_, at) => (at * n) & 255);
const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(Math.floor(value / 128))]);
const join8 = (...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => Uint8Array.from(part)));
const header = (roots: readonly string[] = [], extra: object = {}): Uint8Array => {
  const bytes = encode({ version: 1, roots: roots.map(parseContentId), ...extra });
  return join8(varint(bytes.length), bytes);
};
const section = (cid: Uint8Array, bytes: Uint8Array, length = cid.length + bytes.length): Uint8Array => join8(varint(length), cid, bytes);
const good = (n: number): Uint8Array => section(parseContentId(contentIdOf(block(n))).bytes, block(n));

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function bytesOf(parts: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const part of parts) all.push(part);
  return Buffer.concat(all);
}

describe("content archives", () => {
  let root: string;
  let nth = 0;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "hz-car-"));
  });
  after(() => rm(root, { recursive: true, force: true }));
  const open = (): Promise<ContentStore> => ContentStore.open({ path: join(root, String(++nth)), maxBytes: 100_000, maxBlockBytes: 2000 });

  it("carry blocks from one store to another, in pieces of any size", async () => {
    const from = await open();
    const cids: string[] = [];
    for (let n = 0; n < 20; n++) cids.push((await from.put(block(n))).cid);
    const archive = await bytesOf(exportCar(from, cids));
    assert.deepEqual((await (await CarReader.fromBytes(archive)).getRoots()).map(String), cids);
    for (const size of [1, 7, 64, 100_000]) {
      const to = await open();
      const seen: number[] = [];
      const found = await importCar(to, pieces(archive, size), (blocks) => seen.push(blocks));
      assert.deepEqual({ ...found, roots: found.roots.length }, { blocks: 20, added: 20, bytes: 6000, roots: 20 });
      assert.equal(seen.at(-1), 20);
      for (const [n, cid] of cids.entries()) assert.deepEqual(Buffer.from((await to.get(cid)) ?? []), Buffer.from(block(n)));
      assert.equal((await importCar(to, pieces(archive, size))).added, 0);
    }
  });

  it("are byte for byte CARv1: header, then length, identifier and bytes of each block", async () => {
    const store = await open();
    const { cid } = await store.put(block(3));
    assert.deepEqual(Buffer.from(await bytesOf(exportCar(store, [cid]))), Buffer.from(join8(header([cid]), good(3))));
    assert.deepEqual(Buffer.from(await bytesOf(exportCar(store, []))), Buffer.from(header()));
  });

  it("end with an error where a block is not kept any more", async () => {
    const store = await open();
    const { cid } = await store.put(block(3));
    await assert.rejects(bytesOf(exportCar(store, [cid, contentIdOf(block(4))])), { codespace: "content", code: 4 });
  });

  const hello = parseContentId(contentIdOf(block(9)));
  const HOSTILE: readonly (readonly [name: string, archive: Uint8Array, says: RegExp, kept: number])[] = [
    ["nothing", new Uint8Array(0), /its beginning/, 0],
    ["no archive", new TextEncoder().encode('{"json": true}'.repeat(20)), /its beginning/, 0],
    ["a header of 2^40 bytes", join8(varint(2 ** 40), [1, 2, 3]), /0 to \d+ bytes expected, got 1099511627776/, 0],
    ["a header that is no map", join8([3], [0x82, 1, 2]), /its beginning/, 0],
    ["a block of 2^50 bytes", join8(header(), good(1), section(hello.bytes, block(9), 2 ** 50)), /block 1: .*expected, got/, 1],
    ["a block of more bytes than blocks have", join8(header(), section(hello.bytes, block(9, 50_000))), /got 50000/, 0],
    [
      "a block shorter than its identifier, which would go back for ever",
      join8(header(), good(1), section(hello.bytes, block(9), 5)),
      /got -31/,
      1,
    ],
    ["a length of zero", join8(header(), good(1), [0]), /zero length/, 1],
    ["another block's bytes", join8(header(), good(1), section(hello.bytes, block(8)), good(2)), /block 2: .*expected/, 1],
    ["an identifier of another codec", join8(header(), section(join8([1, 0x71], hello.multihash.bytes), block(9))), /SHA-256 expected/, 0],
    [
      "an identifier without a hash (identity)",
      join8(header(), section(join8([1, 0x55, 0, 3], [1, 2, 3]), new Uint8Array(0))),
      /SHA-256 expected/,
      0,
    ],
    ["an old identifier", join8(header(), section(hello.multihash.bytes, block(9))), /SHA-256 expected/, 0],
    ["a lost end", join8(header(), good(1), good(2)).subarray(0, -1), /end of data/, 1],
  ];
  for (const [name, archive, says, kept] of HOSTILE)
    it(`with ${name} are refused with the place, and what was good before it stays`, async () => {
      const store = await open();
      await assert.rejects(importCar(store, pieces(archive, 97)), (error: { codespace: string; code: number; detail: string }) => {
        assert.deepEqual([error.codespace, error.code], ["content", 6]);
        assert.match(error.detail, says);
        return true;
      });
      assert.equal(store.blocks, kept);
    });
});
