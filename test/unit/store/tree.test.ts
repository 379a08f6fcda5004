import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex, toHex } from "../../../app/encoding/bytes.ts";
import { iavlSpec, verifyMembership, verifyNonMembership } from "../../../app/proof/ics23Verify.ts";
import { cryptoHashKernel, type HashKernel } from "../../../app/store/hash.ts";
import type { Change } from "../../../app/store/kv.ts";
import { createTree, importTree, type Tree } from "../../../app/store/tree.ts";
import type { ExportedNode } from "../../../app/store/treeExport.ts";

const emptyRoot = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

function set(key: string, value: string): Change {
  return [fromHex(key), fromHex(value)];
}

function del(key: string): Change {
  return [fromHex(key), undefined];
}

function commit(tree: Tree, changes: readonly Change[], version = tree.version + 1n): void {
  tree.apply(version, changes);
  tree.commit();
}

/** Key i of a family of keys that the first bytes scatter over the tree. */
function scattered(i: number): Uint8Array {
  const word = Math.imul(i, 0x9e3779b1) >>> 0;
  return Uint8Array.of(word >>> 24, word >>> 16, word >>> 8, word, i >>> 8, i);
}

function sortedSets(count: number, value: (i: number) => Uint8Array): readonly Change[] {
  const changes = Array.from({ length: count }, (_, i): Change => [scattered(i), value(i)]);
  return changes.sort(([a], [b]) => Buffer.compare(a, b));
}

test("a tree without keys has the root of nothing at every version", () => {
  const tree = createTree();
  assert.deepEqual([tree.version, toHex(tree.root)], [0n, emptyRoot]);
  assert.equal(toHex(tree.apply(1n, [])), emptyRoot);
  tree.commit();
  assert.deepEqual([tree.version, toHex(tree.root)], [1n, emptyRoot]);
  assert.deepEqual([...tree.reader(0n).iterate()], []);
  assert.deepEqual([...tree.reader(1n).iterate({ reverse: true })], []);
  assert.equal(tree.reader(1n).get(Uint8Array.of(1)), undefined);
});

test("a version without changes keeps the root, and a write of an equal value does not", () => {
  const tree = createTree();
  commit(tree, [set("01", "aa"), set("02", "bb")]);
  const { root } = tree;
  commit(tree, []);
  assert.equal(toHex(tree.root), toHex(root));
  commit(tree, [del("03")]);
  assert.equal(toHex(tree.root), toHex(root), "a delete of an absent key stamps nothing");
  commit(tree, [set("01", "aa")]);
  assert.notEqual(toHex(tree.root), toHex(root));
});

test("versions must follow one another from the initial version on", () => {
  const tree = createTree({ initialVersion: 100n });
  for (const version of [0n, 1n, 99n, 101n])
    assert.throws(() => tree.apply(version, []), { codespace: "store", code: 9 }, `version ${version}`);
  commit(tree, [set("01", "aa")], 100n);
  assert.deepEqual([...tree.exportNodes(100n)], [{ height: 0, version: 100n, key: fromHex("01"), value: fromHex("aa") }]);
  assert.throws(() => tree.apply(100n, []), { code: 9, detail: "tree: expected version 101, got 100" });
  for (const version of [0n, -1n, 1n << 63n])
    assert.throws(() => createTree({ initialVersion: version }), { code: 9 }, `initial version ${version}`);
});

test("a change set that is not sorted or repeats a key is refused and leaves no working version", () => {
  const tree = createTree();
  commit(tree, [set("01", "aa")]);
  tree.apply(2n, [set("02", "bb")]);
  for (const changes of [
    [set("02", "aa"), set("01", "aa")],
    [set("01", "aa"), del("01")],
    [set("0100", "aa"), set("01", "aa")],
  ]) {
    assert.throws(() => tree.apply(2n, changes), { codespace: "store", code: 11 });
    assert.throws(() => tree.commit(), { codespace: "store", code: 10 });
  }
  assert.equal(tree.size().nodes, 1);
});

test("a kernel that fails leaves the committed version and the memory as they were", () => {
  let fails = false;
  const kernel: HashKernel = {
    hashBatch(...args) {
      if (fails) throw new RangeError("no hash today");
      cryptoHashKernel.hashBatch(...args);
    },
  };
  const tree = createTree({ kernel });
  commit(
    tree,
    sortedSets(50, (i) => Uint8Array.of(i)),
  );
  const { root } = tree;
  fails = true;
  assert.throws(() => tree.apply(2n, [set("01", "aa")]), /no hash today/);
  fails = false;
  assert.throws(() => tree.commit(), { code: 10 });
  assert.deepEqual([toHex(tree.root), tree.size().nodes], [toHex(root), 99]);
  assert.equal(tree.reader(1n).has(fromHex("01")), false);
});

test("the hash kernel gets whole levels in batches, leaves first", () => {
  const batches: number[] = [];
  const kernel: HashKernel = {
    hashBatch(input, ends, count, output) {
      batches.push(count);
      cryptoHashKernel.hashBatch(input, ends, count, output);
    },
  };
  const tree = createTree({ kernel });
  tree.apply(
    1n,
    sortedSets(256, (i) => Uint8Array.of(i)),
  );
  assert.deepEqual(batches.slice(0, 2), [256, 256], "values, then leaves");
  assert.equal(
    batches.slice(2).reduce((sum, count) => sum + count, 0),
    255,
    "inner nodes",
  );
  tree.commit();
  assert.equal(batches.length, 2 + tree.size().height, "one batch per level");
});

test("pruned versions are refused, the last committed one always stays", () => {
  const tree = createTree();
  for (let i = 1; i <= 5; i++) commit(tree, [set("01", `0${i}`)]);
  const third = tree.reader(3n);
  const iterator = tree.reader(3n).iterate();
  const nodes = tree.exportNodes(3n);
  tree.prune(3n);
  assert.deepEqual(third.get(fromHex("01")), fromHex("03"));
  for (const read of [
    () => tree.reader(2n),
    () => tree.prove(2n, fromHex("01")),
    () => tree.exportNodes(2n),
    () => tree.hold(2n),
    () => tree.share(2n),
  ]) {
    assert.throws(read, { codespace: "store", code: 7 });
  }
  assert.throws(() => tree.reader(6n), { code: 7, detail: "tree: expected a version of 3 to 5, got 6" });
  tree.prune(99n);
  assert.deepEqual(tree.reader(5n).get(fromHex("01")), fromHex("05"));
  for (const read of [() => third.get(fromHex("01")), () => third.has(fromHex("01")), () => iterator.next(), () => nodes.next()]) {
    assert.throws(read, { codespace: "store", code: 7 }, "a reader made before");
  }
  assert.equal(tree.size().nodes, 1);
  tree.prune(1n);
  assert.equal(tree.reader(5n).has(fromHex("01")), true, "pruning further back changes nothing");
});

test("pruning frees nothing under a held version until it is released", () => {
  const tree = createTree();
  commit(
    tree,
    sortedSets(200, (i) => Uint8Array.of(1, i)),
  );
  const held = tree.hold(1n);
  for (let version = 2; version <= 40; version++) {
    commit(
      tree,
      sortedSets(200, (i) => Uint8Array.of(version, i)),
    );
    tree.prune(tree.version);
  }
  for (let i = 0; i < 200; i++) assert.deepEqual(held.reader.get(scattered(i)), Uint8Array.of(1, i));
  assert.throws(() => tree.reader(1n), { code: 7 }, "held for one reader, gone for others");
  held.release();
  held.release();
  tree.prune(tree.version);
  assert.equal(tree.size().nodes, 399);
  assert.throws(() => held.reader.has(scattered(0)), { code: 7 });
});

test("at most 256 versions are held at once", () => {
  const tree = createTree();
  const held = Array.from({ length: 256 }, () => tree.hold(0n));
  assert.throws(() => tree.hold(0n), { codespace: "store", code: 18 });
  held[7]?.release();
  tree.hold(0n).release();
});

test("memory stays flat over 2,000 versions of updates, inserts and deletes with 16 kept", () => {
  const tree = createTree();
  commit(
    tree,
    sortedSets(1000, (i) => new Uint8Array(20 + (i % 50))),
  );
  const bytesAt: number[] = [];
  for (let version = 2; version <= 2000; version++) {
    const changes = Array.from({ length: 20 }, (_, i): Change => {
      const key = scattered((version * 7 + i * 53) % 1300);
      return (version + i) % 4 === 0 ? [key, undefined] : [key, new Uint8Array(20 + ((version * 31 + i * 17) % 50))];
    });
    changes.sort(([a], [b]) => Buffer.compare(a, b));
    commit(tree, changes);
    tree.prune(tree.version - 15n);
    if (version % 100 === 0) bytesAt.push(tree.size().reservedBytes);
  }
  assert.equal(bytesAt.at(-1), bytesAt[4], `bytes after every hundred versions: ${bytesAt.join(" ")}`);
});

test("values larger than a segment come back and their memory is given back", () => {
  const tree = createTree();
  const large = Uint8Array.from({ length: 300_000 }, (_, i) => i & 255);
  commit(tree, [[fromHex("01"), large], set("02", "bb")]);
  assert.deepEqual(tree.reader(1n).get(fromHex("01")), large);
  const { reservedBytes } = tree.size();
  for (let i = 0; i < 20; i++) {
    commit(tree, [[fromHex("01"), large.subarray(i)]]);
    tree.prune(tree.version);
  }
  assert.equal(tree.size().reservedBytes, reservedBytes - 16, "the last value is 19 bytes shorter, slots are multiples of 8");
  assert.deepEqual(tree.reader(tree.version).get(fromHex("01")), large.subarray(19));
});

test("bytes handed in and handed out are copies", () => {
  const tree = createTree();
  const value = Uint8Array.of(1, 2, 3);
  commit(tree, [[Uint8Array.of(9), value]]);
  value[0] = 77;
  const read = tree.reader(1n).get(Uint8Array.of(9));
  assert.deepEqual(read, Uint8Array.of(1, 2, 3));
  assert.ok(read?.buffer instanceof ArrayBuffer, "not a view of shared memory");
});

test("a renamed store takes the pairs over before the block's own changes", () => {
  const old = createTree();
  commit(old, [set("01", "aa"), set("02", "bb"), set("03", "cc")]);
  const renamed = createTree({ initialVersion: 5n, inherits: old.reader(1n) });
  for (let i = 0; i < 2; i++) renamed.apply(5n, [set("02", "ee"), del("03")]);
  renamed.commit();
  assert.deepEqual(
    Array.from(renamed.reader(5n).iterate(), ([key, value]) => toHex(key) + toHex(value)),
    ["01aa", "02ee"],
  );
  assert.deepEqual(
    Array.from(renamed.exportNodes(5n), (node) => node.version),
    [5n, 5n, 5n],
  );
  commit(renamed, []);
  renamed.prune(6n);
  assert.deepEqual([renamed.size().nodes, renamed.size().keys], [3, 2], "what was made and dropped in one version is freed");
});

test("presence and absence are proven at every kept version", () => {
  const tree = createTree();
  commit(tree, [set("02", "aa"), set("04", "bb")]);
  const oldRoot = tree.root;
  commit(tree, [del("02"), set("06", "cc")]);
  assert.ok(verifyMembership(iavlSpec, oldRoot, tree.prove(1n, fromHex("02")), fromHex("02"), fromHex("aa")));
  assert.ok(verifyNonMembership(iavlSpec, tree.root, tree.prove(2n, fromHex("02")), fromHex("02")));
  assert.ok(!verifyNonMembership(iavlSpec, oldRoot, tree.prove(2n, fromHex("02")), fromHex("02")));
});

test("an export that is no tree is refused with what was expected", () => {
  const leaf = (key: string, value: string | undefined = "aa", version = 1n): ExportedNode => {
    return { height: 0, version, key: fromHex(key), value: value === undefined ? undefined : fromHex(value) };
  };
  const inner = (height: number, key: string, value?: string): ExportedNode => {
    return { height, version: 1n, key: fromHex(key), value: value === undefined ? undefined : fromHex(value) };
  };
  const cases: readonly (readonly [label: string, nodes: readonly ExportedNode[], detail: RegExp])[] = [
    ["two roots", [leaf("01"), leaf("02")], /one root at the end, got 2/],
    ["an inner node with one child", [leaf("01"), inner(1, "01")], /two subtrees/],
    ["leaves out of order", [leaf("02"), leaf("01"), inner(1, "01")], /a key above the one before/],
    ["a wrong inner key", [leaf("01"), leaf("02"), inner(1, "01")], /smallest key to the right/],
    ["a wrong height", [leaf("01"), leaf("02"), inner(2, "02")], /height 1/],
    ["a leaf without value", [{ height: 0, version: 1n, key: fromHex("01"), value: undefined }], /a value at height 0/],
    ["an inner node with a value", [leaf("01"), leaf("02"), inner(1, "02", "aa")], /no value at an inner node/],
    ["a stamp from the future", [leaf("01", "aa", 8n)], /a version of 0 to 7, got 8/],
    [
      "a tree out of balance",
      [leaf("01"), leaf("02"), leaf("03"), leaf("04"), inner(1, "04"), inner(2, "03"), inner(3, "02")],
      /differ by at most 1, got -2/,
    ],
  ];
  for (const [label, nodes, detail] of cases) assert.throws(() => importTree(nodes, 7n), { codespace: "store", code: 15, detail }, label);
  assert.throws(() => importTree([], 0n), { code: 9 });
  const empty = importTree([], 7n);
  assert.deepEqual([empty.version, toHex(empty.root)], [7n, emptyRoot]);
  commit(empty, [set("01", "aa")]);
  assert.equal(empty.version, 8n);
});
