// Snapshots of strangers: each bad one is refused with its reason, within bounds of memory.
import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { concatBytes, encodeUtf8 } from "../../../app/encoding/bytes.ts";
import { encodeUvarint } from "../../../app/encoding/varint.ts";
import { parseAbciSnapshot, toAbciSnapshot } from "../../../app/statesync/snapshotInfo.ts";
import { snapshotItems } from "../../../app/store/snapshotFormat.ts";
import { SnapshotItemReader } from "../../../app/store/snapshotItems.ts";
import { StoreError } from "../../../app/store/storeError.ts";
import { createTree } from "../../../app/store/tree.ts";
import type { ExportedNode } from "../../../app/store/treeExport.ts";
import { describeChunks, readMemory, snapshotOf, snapshotOfItems } from "../../harness/snapshotParts.ts";

const stores = ["a", "b"];
const refuses = (code: number, detail: RegExp) => (error: unknown) => {
  assert.ok(error instanceof StoreError, String(error));
  assert.match(error.detail, detail);
  assert.equal(error.code, code);
  return true;
};

const key = (text: string): Uint8Array => encodeUtf8(text);
const leaf = (text: string, over: Partial<ExportedNode> = {}): ExportedNode => ({
  height: 0,
  version: 1n,
  key: key(text),
  value: key("v"),
  ...over,
});
const items = (name: string, nodes: readonly ExportedNode[]): Uint8Array[] => [...snapshotItems(new Map([[name, nodes]]))];
const field = (number: number, bytes: Uint8Array): Uint8Array =>
  concatBytes(Uint8Array.of(number * 8 + 2), encodeUvarint(BigInt(bytes.length)), bytes);

function goodTree() {
  const tree = createTree();
  tree.apply(
    1n,
    Array.from({ length: 50 }, (_, i) => [key(`key${String(i).padStart(3, "0")}`), key(`value ${i}`)] as const),
  );
  tree.commit();
  return tree;
}
const good = () => snapshotOf(1n, new Map([["a", goodTree().exportNodes(1n)]]));

const BAD: readonly [what: string, items: readonly Uint8Array[], code: number, detail: RegExp][] = [
  ["nothing", [], 21, /at least one store/],
  ["a node before any store", items("a", [leaf("k")]).slice(1), 21, /name of a store before a node/],
  ["a store that the chain does not have", items("zzz", []), 6, /got "zzz"/],
  ["the same store twice", [...items("a", []), ...items("a", [])], 21, /comes behind a, got a/],
  ["stores in another order", [...items("b", []), ...items("a", [])], 21, /comes behind b, got a/],
  ["a store without a name", [field(1, new Uint8Array(0))], 21, /name of a store|expected a field/],
  ["a store with a long name", [field(1, field(1, new Uint8Array(200)))], 21, /1 to 128 bytes/],
  ["a store whose name is no text", [field(1, field(1, Uint8Array.of(0xff)))], 21, /UTF-8/],
  ["an extension", [...items("a", []), field(3, field(1, key("wasm")))], 21, /no extensions/],
  ["an unknown kind of item", [field(9, key("x"))], 21, /kind 9/],
  ["two contents in one item", [concatBytes(...items("a", []), ...items("b", []))], 21, /one content/],
  ["a node without a key", [...items("a", []), field(2, field(2, key("v")))], 21, /key of 1 to 65535/],
  ["a huge key", items("a", [leaf("k", { key: new Uint8Array(70_000) })]), 21, /got 70000/],
  ["a leaf without a value", [...items("a", []), field(2, field(1, key("k")))], 21, /a value at a leaf/],
  ["fields out of order", [...items("a", []), field(2, concatBytes(field(2, key("v")), field(1, key("k"))))], 21, /once and in order/],
  ["a field twice", [...items("a", []), field(2, concatBytes(field(1, key("k")), field(1, key("k"))))], 21, /once and in order/],
  ["a length beyond the item", [...items("a", []), field(2, Uint8Array.of(10, 50, 1))], 21, /expected 50 bytes/],
  [
    "a negative version",
    [
      ...items("a", []),
      field(2, concatBytes(field(1, key("k")), field(2, key("v")), Uint8Array.of(24, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1))),
    ],
    21,
    /below 2\^63/,
  ],
  ["a version of the future", items("a", [leaf("k", { version: 2n })]), 15, /version of 0 to 1, got 2/],
  ["a height above 127", items("a", [leaf("k", { height: 128, value: undefined as never })]), 21, /height of 0 to 127/],
  ["keys that fall", items("a", [leaf("b"), leaf("a")]), 15, /above the one before/],
  ["a key twice", items("a", [leaf("b"), leaf("b")]), 15, /above the one before/],
  ["an inner node without children", items("a", [leaf("a", { height: 1, value: undefined as never })]), 15, /two subtrees/],
  ["two roots", items("a", [leaf("a"), leaf("b")]), 15, /one root/],
  [
    "an inner node of another height",
    items("a", [leaf("a"), leaf("b"), leaf("b", { height: 2, value: undefined as never })]),
    15,
    /expected height 1/,
  ],
  [
    "an inner node of another key",
    items("a", [leaf("a"), leaf("b"), leaf("c", { height: 1, value: undefined as never })]),
    15,
    /smallest key/,
  ],
];
for (const [what, list, code, detail] of BAD)
  test(`a snapshot with ${what} is refused`, async () => {
    await assert.rejects(readMemory(snapshotOfItems(1n, list), { stores }), refuses(code, detail));
  });

test("a good one is taken, and with another app hash it is not", async () => {
  const { at } = await readMemory(good(), { stores });
  await readMemory(good(), { stores, appHash: at.appHash });
  await assert.rejects(readMemory(good(), { stores, appHash: new Uint8Array(32) }), refuses(14, /expected app hash 000000/));
});

test("a changed value gives another app hash", async () => {
  const { at } = await readMemory(good(), { stores });
  const nodes = [...goodTree().exportNodes(1n)];
  const first = nodes.findIndex(({ height }) => height === 0);
  nodes[first] = { ...(nodes[first] as ExportedNode), value: key("more") };
  await assert.rejects(readMemory(snapshotOf(1n, new Map([["a", nodes]])), { stores, appHash: at.appHash }), refuses(14, /app hash/));
});

test("chunks that are no zlib stream, end early, go on behind the end or have another hash are refused", async () => {
  const [chunk = new Uint8Array(0)] = good().chunks;
  const read = (...chunks: readonly Uint8Array[]) => readMemory(describeChunks(1n, chunks), { stores });
  await assert.rejects(read(key("no zlib at all")), refuses(21, /zlib/));
  for (const length of [1, 2, 100, chunk.length - 5, chunk.length - 1])
    await assert.rejects(read(chunk.subarray(0, length)), refuses(21, /zlib|ends after/), `${length} bytes`);
  await assert.rejects(read(chunk, key("more")), refuses(21, /end with the last chunk/));
  const turned = new Uint8Array(chunk);
  turned[chunk.length - 1] = (turned.at(-1) ?? 0) ^ 1;
  await assert.rejects(read(turned), refuses(21, /zlib/));
  await assert.rejects(
    readMemory({ ...good(), info: { ...good().info, hash: new Uint8Array(32) } }, { stores }),
    refuses(21, /snapshot's hash/),
  );
  const cut = [...good().chunks].flatMap((bytes) => [bytes.subarray(0, 7), bytes.subarray(7, 8), bytes.subarray(8)]);
  await read(...cut);
});

test("a stream that ends within an item is refused", async () => {
  const stream = concatBytes(...items("a", []).flatMap((item) => [encodeUvarint(BigInt(item.length)), item]), Uint8Array.of(100, 1, 2));
  await assert.rejects(readMemory(describeChunks(1n, [deflateSync(stream)]), { stores }), refuses(21, /ends after 3/));
});

test("a bomb is given up long before its end", async () => {
  const bomb = deflateSync(Buffer.alloc(200_000_000, 1));
  assert.ok(bomb.length < 300_000);
  const before = process.memoryUsage.rss();
  // Items of one byte each are refused at once; here the bomb hides behind the length of a long item.
  const hidden = deflateSync(
    concatBytes(
      ...items("a", []).flatMap((item) => [encodeUvarint(BigInt(item.length)), item]),
      encodeUvarint(60_000_000n),
      new Uint8Array(59_000_000),
    ),
  );
  await assert.rejects(readMemory(describeChunks(1n, [bomb]), { stores }), refuses(21, /expected/));
  await assert.rejects(readMemory(describeChunks(1n, [hidden]), { stores }), refuses(21, /64 bytes of state for one/));
  await assert.rejects(readMemory(good(), { stores, maxStateBytes: 1000 }), refuses(21, /at most 1000 bytes/));
  assert.ok(process.memoryUsage.rss() - before < 150_000_000);
});

test("the length of an item is judged before its bytes come", () => {
  for (const length of [0n, 64_000_001n, 1n << 40n])
    assert.throws(() => [...new SnapshotItemReader().push(encodeUvarint(length))], refuses(21, /64000000 bytes/), `${length}`);
  const reader = new SnapshotItemReader();
  assert.deepEqual([...reader.push(encodeUvarint(64_000_000n))], []);
});

test("an offer is judged by its numbers before a chunk is fetched", () => {
  const offer = toAbciSnapshot(good().info);
  assert.deepEqual(toAbciSnapshot(parseAbciSnapshot(offer)), offer);
  const cases: readonly [Partial<typeof offer>, RegExp][] = [
    [{ height: 0n }, /height of 1/],
    [{ height: 1n << 63n }, /height of 1/],
    [{ chunks: 0 }, /1 to 4096 chunks/],
    [{ chunks: 4097 }, /1 to 4096 chunks/],
    [{ chunks: 2 }, /68 bytes of metadata/],
    [{ hash: new Uint8Array(31) }, /hash of 32 bytes/],
    [{ metadata: new Uint8Array(0) }, /34 bytes of metadata/],
    [{ metadata: new Uint8Array(34) }, /hash of chunk 0/],
    [{ metadata: concatBytes(offer.metadata, Uint8Array.of(16)) }, /34 bytes of metadata/],
  ];
  for (const [over, detail] of cases) assert.throws(() => parseAbciSnapshot({ ...offer, ...over }), refuses(21, detail));
});
