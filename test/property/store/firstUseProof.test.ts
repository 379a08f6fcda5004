import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex, toHex } from "../../../app/encoding/bytes.ts";
import { StoreError } from "../../../app/store/storeError.ts";
import type { Tree } from "../../../app/store/tree.ts";
import { fc } from "../../harness/fastCheck.ts";
import { applyModel, inner, leaf, type ModelChange, type ModelNode, pairs, rootHash } from "./avlModel.ts";
import { forge, forgery, importForged } from "./forgedTree.ts";
import { modelChanges, modelKey, treeChanges } from "./treeArbitrary.ts";

const seed = 20261201;

/** Something that a block does to the state. */
type Step =
  | { readonly kind: "read"; readonly key: string }
  | {
      readonly kind: "range";
      readonly start: string | undefined;
      readonly end: string | undefined;
      readonly reverse: boolean;
      readonly most: number;
    }
  | { readonly kind: "block"; readonly changes: readonly ModelChange[] };

const bound = fc.option(modelKey, { nil: undefined, freq: 4 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("read" as const), key: modelKey }),
  fc.record({ kind: fc.constant("range" as const), start: bound, end: bound, reverse: fc.boolean(), most: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ kind: fc.constant("block" as const), changes: modelChanges }),
);

/** What a step on the tree comes to, as text. */
function take(tree: Tree, step: Step): string {
  if (step.kind === "block") {
    const root = tree.apply(tree.version + 1n, treeChanges(step.changes));
    tree.commit();
    return toHex(root);
  }
  const reader = tree.reader(tree.version);
  if (step.kind === "read") {
    const value = reader.get(fromHex(step.key));
    assert.equal(reader.has(fromHex(step.key)), value !== undefined);
    return value === undefined ? "none" : toHex(value);
  }
  const { start, end, reverse, most } = step;
  const found: string[] = [];
  for (const [key, value] of reader.iterate({ ...(start && { start: fromHex(start) }), ...(end && { end: fromHex(end) }), reverse })) {
    found.push(`${toHex(key)} ${toHex(value)}`);
    if (found.length === most) break;
  }
  return found.join();
}

/** What the steps come to on the true tree. */
function takeAll(root: ModelNode | undefined, version: bigint, steps: readonly Step[]): readonly string[] {
  let model = root;
  let at = version;
  return steps.map((step) => {
    if (step.kind === "block") {
      at += 1n;
      model = applyModel(model, at, step.changes);
      return rootHash(model).toString("hex");
    }
    if (step.kind === "read") return pairs(model).find(([key]) => key === step.key)?.[1] ?? "none";
    const { start = "", end = "g", reverse, most } = step;
    const inside = pairs(model).filter(([key]) => key >= start && key < end);
    return (reverse ? inside.reverse() : inside)
      .slice(0, most)
      .map((pair) => pair.join(" "))
      .join();
  });
}

/** What the steps come to on a tree of which nothing is proven, up to the one that is refused. */
function takeDoubting(tree: Tree, steps: readonly Step[]): { readonly results: readonly string[]; readonly told: readonly StoreError[] } {
  const told: StoreError[] = [];
  tree.doubt("the file", (error) => void told.push(error));
  const results: string[] = [];
  for (const step of steps)
    try {
      results.push(take(tree, step));
      assert.equal(told.length, 0, "whoever used a wrong node is refused");
    } catch (cause) {
      assert.deepEqual([cause], told, String(cause));
      assert.match(told[0]?.detail ?? "", /^the file, node of height \d+: its content hashes to [0-9a-f]{64}, the file says [0-9a-f]{64}$/);
      assert.throws(() => take(tree, { kind: "block", changes: [["0a00", "01"]] }), "it does not go on by itself");
      break;
    }
  return { results, told };
}

/** Undefined when it is refused at once. */
function openForged(root: ModelNode, version: bigint): Tree | undefined {
  try {
    return importForged(root, version);
  } catch (cause) {
    assert.ok(cause instanceof StoreError && cause.code === 15, String(cause));
    return undefined;
  }
}

test("a tree of hashes that nobody has proven says what the true one says, or refuses; and it refuses nothing that is true", () => {
  let [opened, refused] = [0, 0];
  const property = fc.property(
    fc.array(modelChanges, { minLength: 1, maxLength: 10 }),
    fc.array(step, { minLength: 1, maxLength: 8 }),
    fc.array(fc.array(forgery, { minLength: 1, maxLength: 2 }), { minLength: 20, maxLength: 20 }),
    (versions, steps, forgeries) => {
      const version = BigInt(versions.length);
      const root = versions.reduce(
        (made: ModelNode | undefined, changes, index) => applyModel(made, BigInt(index + 1), changes),
        undefined,
      );
      rootHash(root);
      const expected = takeAll(root, version, steps);
      assert.deepEqual(takeDoubting(importForged(root, version), steps), { results: expected, told: [] });
      if (root === undefined) return;
      for (const lies of forgeries) {
        const tree = openForged(lies.reduce(forge, root), version);
        if (tree === undefined) continue;
        const { results, told } = takeDoubting(tree, steps);
        opened += 1;
        refused += told.length;
        assert.deepEqual(results, expected.slice(0, results.length), JSON.stringify(lies));
      }
    },
  );
  fc.assert(property, { seed, numRuns: 300 });
  assert.ok(refused > opened / 4, `most steps rest on what is wrong: ${refused} of ${opened} were refused`);
});

/** A tree of leaves with the keys `from`, `from` + 1 and so on, of a shape that nested numbers of leaves say. */
type Shape = 1 | readonly [Shape, Shape];
function build(shape: Shape, from: number, value = "aa"): ModelNode {
  if (shape === 1) return leaf(from.toString(16).padStart(4, "0"), value, 1n);
  const left = build(shape[0], from, value);
  return inner(left, build(shape[1], from + left.size, value), 1n);
}

/** What a block comes to on a tree in the place of the true one. @returns its refusals */
function applyForged(truth: ModelNode, forged: ModelNode, changes: readonly ModelChange[]): readonly string[] {
  const root = { ...forged, hash: rootHash(truth) };
  return takeDoubting(importForged(root, 1n), [{ kind: "block", changes }]).told.map(({ detail }) => detail);
}

test("a subtree that no change goes to, and whose height decides about a rotation, is proven", () => {
  const two: Shape = [1, 1];
  const four: Shape = [two, two];
  const eight: Shape = [four, four];
  const three: Shape = [two, 1];
  const left = build([eight, eight], 0);
  const truth = inner(left, build(eight, 32), 1n);
  rootHash(truth);
  // As many leaves, one level more: the node above has the same height and size.
  const taller = { ...build([[three, two], three], 32), ...(truth.right?.hash && { hash: truth.right.hash }) };
  const changes: readonly ModelChange[] = [["0003aa", "bb"]];
  assert.deepEqual(applyForged(truth, truth, changes), []);
  assert.match(applyForged(truth, inner(left, taller, 1n), changes)[0] ?? "none", /node of height 4/);
});

test("a subtree that a rotation takes apart is proven, also where all below it has the hashes of what it is", () => {
  const left = build([1, 1], 0);
  const truth = inner(
    left,
    build(
      [
        [1, 1],
        [1, 1],
      ],
      32,
    ),
    1n,
  );
  rootHash(truth);
  const other = {
    ...build(
      [
        [1, 1],
        [1, 1],
      ],
      32,
      "bb",
    ),
    ...(truth.right?.hash && { hash: truth.right.hash }),
  };
  const changes: readonly ModelChange[] = [["0000", undefined]];
  assert.deepEqual(applyForged(truth, truth, changes), []);
  assert.match(applyForged(truth, inner(left, other, 1n), changes)[0] ?? "none", /node of height 2/);
});
