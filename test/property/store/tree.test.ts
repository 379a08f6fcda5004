import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex, toHex } from "../../../app/encoding/bytes.ts";
import { decodeCommitmentProof } from "../../../app/proof/ics23Codec.ts";
import { iavlSpec, verifyMembership, verifyNonMembership } from "../../../app/proof/ics23Verify.ts";
import type { KVReader, Range } from "../../../app/store/kv.ts";
import { createTree, importTree } from "../../../app/store/tree.ts";
import { fc } from "../../harness/fastCheck.ts";
import { applyModel, type ModelChange, type ModelNode, pairs, rootHash } from "./avlModel.ts";
import { modelChanges, modelKey, modelValue, treeChanges } from "./treeArbitrary.ts";

const seed = 20261124;

function hexPairs(reader: KVReader, range?: Range): string[] {
  return Array.from(reader.iterate(range), ([key, value]) => `${toHex(key)}=${toHex(value)}`);
}

function modelPairs(root: ModelNode | undefined, start?: string, end?: string): string[] {
  const inside = pairs(root).filter(([key]) => (start === undefined || key >= start) && (end === undefined || key < end));
  return inside.map(([key, value]) => `${key}=${value}`);
}

test("roots, heights and sizes are those of a naive AVL tree over thousands of random change sets", () => {
  const property = fc.property(
    fc.array(modelChanges, { minLength: 1, maxLength: 24 }),
    fc.bigInt(1n, 1n << 45n),
    (versions, initialVersion) => {
      const tree = createTree({ initialVersion });
      let model: ModelNode | undefined;
      for (const [i, changes] of versions.entries()) {
        const version = initialVersion + BigInt(i);
        model = applyModel(model, version, changes);
        assert.equal(toHex(tree.apply(version, treeChanges(changes))), rootHash(model).toString("hex"), `working root of version ${i}`);
        tree.commit();
        assert.equal(toHex(tree.root), rootHash(model).toString("hex"), `root of version ${i}`);
        assert.deepEqual([tree.size().height, tree.size().keys], [model?.height ?? 0, model?.size ?? 0]);
      }
    },
  );
  fc.assert(property, { seed, numRuns: 250 });
});

test("large mixed change sets give the roots and exports of changes made one by one", () => {
  const key = fc.nat(399).map((i) => `${"0a0b0c0d0e0f".slice(0, 2 * (i % 7))}${i.toString(16).padStart(4, "0")}`);
  const change = fc.tuple(key, fc.option(modelValue, { nil: undefined, freq: 3 })) as fc.Arbitrary<ModelChange>;
  const changes = fc.uniqueArray(change, { minLength: 60, maxLength: 300, size: "max", selector: ([text]) => text });
  const property = fc.property(fc.array(changes, { minLength: 2, maxLength: 5 }), (versions) => {
    const tree = createTree();
    let model: ModelNode | undefined;
    for (const [i, list] of versions.entries()) {
      const version = BigInt(i + 1);
      model = applyModel(model, version, list);
      tree.apply(version, treeChanges(list));
      tree.commit();
      assert.equal(toHex(tree.root), rootHash(model).toString("hex"), `root of version ${version}`);
      const exported = Array.from(tree.exportNodes(version), ({ height, version, key }) => `${height} ${version} ${toHex(key)}`);
      assert.deepEqual(exported, exportOf(model));
    }
    tree.prune(tree.version);
    const alone = importTree(tree.exportNodes(tree.version), tree.version);
    assert.deepEqual([tree.size().nodes, tree.size().dataBytes], [alone.size().nodes, alone.size().dataBytes], "memory in use");
  });
  fc.assert(property, { seed, numRuns: 25 });
});

/** Height, stamp and key of every node in post-order. */
function exportOf(node: ModelNode | undefined): readonly string[] {
  if (node === undefined) return [];
  return [...exportOf(node.left), ...exportOf(node.right), `${node.height} ${node.version} ${node.key}`];
}

test("a discarded or replaced working version leaves no trace in roots, reads and memory", () => {
  const step = fc.record({ dropped: fc.array(modelChanges, { maxLength: 2 }), kept: modelChanges, discards: fc.boolean() });
  const property = fc.property(fc.array(step, { minLength: 1, maxLength: 10 }), (steps) => {
    const tree = createTree();
    const plain = createTree();
    for (const [i, { dropped, kept, discards }] of steps.entries()) {
      const version = BigInt(i + 1);
      const before = hexPairs(tree.reader(tree.version));
      for (const changes of dropped) tree.apply(version, treeChanges(changes));
      if (discards) tree.discard();
      assert.deepEqual(hexPairs(tree.reader(tree.version)), before);
      assert.equal(toHex(tree.apply(version, treeChanges(kept))), toHex(plain.apply(version, treeChanges(kept))));
      tree.commit();
      plain.commit();
      assert.deepEqual([tree.size().nodes, tree.size().dataBytes], [plain.size().nodes, plain.size().dataBytes], "memory in use");
    }
  });
  fc.assert(property, { seed, numRuns: 80 });
});

test("reads at a kept version stay the same while later versions are committed and older ones pruned", () => {
  const step = fc.record({ changes: modelChanges, prune: fc.nat(3), hold: fc.boolean() });
  const property = fc.property(fc.array(step, { minLength: 4, maxLength: 20 }), (steps) => {
    const tree = createTree();
    const models: (ModelNode | undefined)[] = [undefined];
    const held: { version: number; reader: KVReader; release(): void }[] = [];
    let oldest = 0;
    for (const [i, { changes, prune, hold }] of steps.entries()) {
      const version = i + 1;
      models.push(applyModel(models[i], BigInt(version), changes));
      tree.apply(BigInt(version), treeChanges(changes));
      tree.commit();
      if (hold) held.push({ ...tree.hold(BigInt(version)), version });
      if (held.length > 3) held.shift()?.release();
      oldest = Math.max(oldest, Math.min(version, oldest + prune));
      tree.prune(BigInt(oldest));
      for (let kept = oldest; kept <= version; kept++)
        assert.deepEqual(hexPairs(tree.reader(BigInt(kept))), modelPairs(models[kept]), `version ${kept}`);
      for (const reader of held)
        assert.deepEqual(hexPairs(reader.reader), modelPairs(models[reader.version]), `held version ${reader.version}`);
      if (oldest > 0) assert.throws(() => tree.reader(BigInt(oldest - 1)), { codespace: "store", code: 7 });
    }
    for (const { release } of held) release();
    tree.prune(tree.version);
    const alone = importTree(tree.exportNodes(tree.version), tree.version);
    assert.deepEqual(
      [tree.size().nodes, tree.size().dataBytes],
      [alone.size().nodes, alone.size().dataBytes],
      "memory in use with one version kept",
    );
  });
  fc.assert(property, { seed, numRuns: 80 });
});

test("iteration order and bounds are those of a sorted list, forwards and backwards", () => {
  const bound = fc.option(fc.oneof(modelKey, fc.constantFrom("", "0a0b0c", "ffffff")), { nil: undefined });
  const property = fc.property(
    modelChanges,
    modelChanges,
    fc.array(fc.tuple(bound, bound), { minLength: 1, maxLength: 8 }),
    (first, second, ranges) => {
      const tree = createTree();
      tree.apply(1n, treeChanges(first));
      tree.commit();
      tree.apply(2n, treeChanges(second));
      tree.commit();
      const model = applyModel(applyModel(undefined, 1n, first), 2n, second);
      const reader = tree.reader(2n);
      for (const [start, end] of ranges) {
        const range: Range = {
          ...(start === undefined ? {} : { start: fromHex(start) }),
          ...(end === undefined ? {} : { end: fromHex(end) }),
        };
        const expected = modelPairs(model, start, end);
        assert.deepEqual(hexPairs(reader, range), expected, `[${start}, ${end})`);
        assert.deepEqual(hexPairs(reader, { ...range, reverse: true }), [...expected].reverse(), `[${start}, ${end}) backwards`);
      }
      for (const [key, value] of [...first, ...second]) {
        const present = new Map(pairs(model)).get(key);
        assert.equal(reader.has(fromHex(key)), present !== undefined, key);
        assert.deepEqual(reader.get(fromHex(key)), present === undefined ? undefined : fromHex(present), `${key} ${value}`);
      }
    },
  );
  fc.assert(property, { seed, numRuns: 250 });
});

test("proofs of presence and absence verify, and only for their root, key and value", () => {
  const content = fc.uniqueArray(fc.tuple(modelKey, modelValue), { minLength: 2, maxLength: 40, selector: ([key]) => key });
  const property = fc.property(content, modelKey, modelValue, (entries, asked, otherValue) => {
    const tree = createTree();
    tree.apply(1n, treeChanges(entries));
    tree.commit();
    const { root } = tree;
    const key = fromHex(asked);
    const value = tree.reader(1n).get(key);
    const proof = tree.prove(1n, key);
    const otherRoot = Uint8Array.from(root, (byte, i) => (i === 31 ? byte ^ 1 : byte));
    if (value === undefined) {
      assert.ok(verifyNonMembership(iavlSpec, root, proof, key));
      assert.ok(!verifyNonMembership(iavlSpec, otherRoot, proof, key));
      for (const [present] of entries)
        assert.ok(!verifyNonMembership(iavlSpec, root, proof, fromHex(present)), `absence of the present ${present}`);
      assert.ok(!verifyMembership(iavlSpec, root, proof, key, fromHex(otherValue)));
      return;
    }
    assert.ok(verifyMembership(iavlSpec, root, proof, key, value));
    assert.ok(!verifyMembership(iavlSpec, otherRoot, proof, key, value));
    assert.ok(!verifyNonMembership(iavlSpec, root, proof, key));
    assert.equal(verifyMembership(iavlSpec, root, proof, key, fromHex(otherValue)), toHex(value) === otherValue);
  });
  fc.assert(property, { seed, numRuns: 200 });
});

test("a proof with any one bit changed fails, unless the change does not touch what is proven", () => {
  const content = fc.uniqueArray(fc.tuple(modelKey, modelValue), { minLength: 2, maxLength: 20, selector: ([key]) => key });
  const property = fc.property(content, modelKey, fc.nat(), (entries, asked, place) => {
    const tree = createTree();
    tree.apply(1n, treeChanges(entries));
    tree.commit();
    const key = fromHex(asked);
    const value = tree.reader(1n).get(key);
    const proof = tree.prove(1n, key);
    for (let bit = place % 5; bit < proof.length * 8; bit += 5) {
      const tampered = Uint8Array.from(proof, (byte, i) => (i === bit >>> 3 ? byte ^ (1 << (bit & 7)) : byte));
      const ok =
        value === undefined
          ? verifyNonMembership(iavlSpec, tree.root, tampered, key)
          : verifyMembership(iavlSpec, tree.root, tampered, key, value);
      if (!ok) continue;
      // The key that an absence proof names is for orientation only.
      const [before, after] = [decodeCommitmentProof(proof)?.nonexist, decodeCommitmentProof(tampered)?.nonexist];
      assert.notEqual(before, undefined, `bit ${bit} of a presence proof`);
      assert.deepEqual([after?.left, after?.right], [before?.left, before?.right], `bit ${bit} of an absence proof`);
    }
  });
  fc.assert(property, { seed, numRuns: 25 });
});

test("random bytes are a failed proof and never an exception", () => {
  const property = fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
    assert.equal(verifyMembership(iavlSpec, new Uint8Array(32), bytes, Uint8Array.of(1), Uint8Array.of(1)), false);
    assert.equal(verifyNonMembership(iavlSpec, new Uint8Array(32), bytes, Uint8Array.of(1)), false);
  });
  fc.assert(property, { seed, numRuns: 2000 });
});

test("an imported export has the same root and goes on to the same roots", () => {
  const property = fc.property(
    fc.array(modelChanges, { minLength: 1, maxLength: 6 }),
    fc.array(modelChanges, { maxLength: 4 }),
    (before, after) => {
      const tree = createTree();
      for (const [i, changes] of before.entries()) {
        tree.apply(BigInt(i + 1), treeChanges(changes));
        tree.commit();
      }
      const copy = importTree(tree.exportNodes(tree.version), tree.version);
      assert.equal(toHex(copy.root), toHex(tree.root));
      for (const changes of after) {
        const version = tree.version + 1n;
        assert.equal(toHex(copy.apply(version, treeChanges(changes))), toHex(tree.apply(version, treeChanges(changes))));
        tree.commit();
        copy.commit();
      }
      assert.deepEqual(Array.from(copy.exportNodes(copy.version)), Array.from(tree.exportNodes(tree.version)));
    },
  );
  fc.assert(property, { seed, numRuns: 60 });
});
