import assert from "node:assert/strict";
import { test } from "node:test";
import { concatBytes, encodeUtf8, fromHex } from "../../../app/encoding/bytes.ts";
import { encodeVarint } from "../../../app/encoding/varint.ts";
import { createLeafOp, type ExistenceProof, type InnerOp } from "../../../app/proof/ics23.ts";
import { encodeCommitmentProof } from "../../../app/proof/ics23Codec.ts";
import {
  calculateRoot,
  iavlSpec,
  type ProofSpec,
  tendermintSpec,
  verifyMembership,
  verifyNonMembership,
} from "../../../app/proof/ics23Verify.ts";

// Every proof here computes exactly the root that it is verified against. Only the form of its steps can give a forgery away.

const sibling = new Uint8Array(32).fill(9);
const lengthByte = Uint8Array.of(32);

function varints(...values: readonly bigint[]): Uint8Array {
  return concatBytes(...values.map((value) => encodeVarint(value)));
}

function leafOf(prefix: Uint8Array, path: readonly InnerOp[], key = "k"): ExistenceProof {
  return { key: encodeUtf8(key), value: encodeUtf8(`value of ${key}`), leaf: createLeafOp(prefix), path };
}

function step(prefix: Uint8Array, suffix: Uint8Array | undefined): InnerOp {
  return { hash: 1, prefix, suffix };
}

const goodLeaf = varints(0n, 1n, 5n);
const leftSuffix = concatBytes(lengthByte, sibling);

function iavlLeft(height: bigint, size = 2n, version = 5n): InnerOp {
  return step(concatBytes(varints(height, size, version), lengthByte), leftSuffix);
}

function iavlRight(height: bigint): InnerOp {
  return step(concatBytes(varints(height, 2n, 5n), lengthByte, sibling, lengthByte), undefined);
}

function isAccepted(spec: ProofSpec, proof: ExistenceProof): boolean {
  const bytes = encodeCommitmentProof({ exist: proof });
  const root = calculateRoot(bytes);
  assert.ok(root !== undefined, "the proof computes a root");
  return verifyMembership(spec, root, bytes, proof.key, proof.value);
}

test("iavl steps of another form than the tree makes are refused although the root fits", () => {
  const head = varints(1n, 2n, 5n);
  const cases: readonly (readonly [label: string, ok: boolean, proof: ExistenceProof])[] = [
    ["a leaf alone", true, leafOf(goodLeaf, [])],
    ["a left and a right step", true, leafOf(goodLeaf, [iavlLeft(1n), iavlRight(2n)])],
    ["heights that skip", true, leafOf(goodLeaf, [iavlLeft(1n), iavlRight(3n)])],
    ["a height below its layer", false, leafOf(goodLeaf, [iavlLeft(1n), iavlRight(1n)])],
    ["a negative height", false, leafOf(goodLeaf, [iavlLeft(-1n)])],
    ["a negative size", false, leafOf(goodLeaf, [iavlLeft(1n, -2n)])],
    ["a negative version", false, leafOf(goodLeaf, [iavlLeft(1n, 2n, -5n)])],
    ["a leaf of height 1", false, leafOf(varints(1n, 1n, 5n), [])],
    ["a leaf of size 2", false, leafOf(varints(0n, 2n, 5n), [])],
    ["a leaf of a negative version", false, leafOf(varints(0n, 1n, -5n), [])],
    ["a leaf prefix with a byte behind", false, leafOf(concatBytes(goodLeaf, lengthByte), [])],
    ["a leaf prefix that ends early", false, leafOf(varints(0n, 1n), [])],
    ["no length byte", false, leafOf(goodLeaf, [step(concatBytes(head, new Uint8Array(0)), leftSuffix)])],
    ["two bytes behind the version", false, leafOf(goodLeaf, [step(concatBytes(head, lengthByte, lengthByte), leftSuffix)])],
    ["a sibling without its second length byte", false, leafOf(goodLeaf, [step(concatBytes(head, lengthByte, sibling), undefined)])],
    [
      "a sibling with a byte too many",
      false,
      leafOf(goodLeaf, [step(concatBytes(head, lengthByte, sibling, lengthByte, lengthByte), undefined)]),
    ],
    ["a suffix of 32 bytes", false, leafOf(goodLeaf, [step(concatBytes(head, lengthByte), sibling)])],
    [
      "a version of eleven bytes",
      false,
      leafOf(goodLeaf, [step(concatBytes(varints(1n, 2n), new Uint8Array(10).fill(0x80), fromHex("0120")), leftSuffix)]),
    ],
    ["an inner step that starts like a leaf", false, leafOf(goodLeaf, [iavlLeft(0n)])],
    ["a step of the simple tree", false, leafOf(goodLeaf, [step(Uint8Array.of(1), sibling)])],
  ];
  for (const [label, ok, proof] of cases) assert.equal(isAccepted(iavlSpec, proof), ok, label);
});

test("simple steps of another form than the multistore makes are refused although the root fits", () => {
  const leaf = Uint8Array.of(0);
  const right = concatBytes(Uint8Array.of(1), sibling);
  const cases: readonly (readonly [label: string, ok: boolean, proof: ExistenceProof])[] = [
    ["a left and a right step", true, leafOf(leaf, [step(Uint8Array.of(1), sibling), step(right, undefined)])],
    ["a leaf prefix of 1", false, leafOf(Uint8Array.of(1), [])],
    ["no leaf prefix", false, leafOf(new Uint8Array(0), [])],
    ["an inner prefix of 0", false, leafOf(leaf, [step(Uint8Array.of(0), sibling)])],
    ["an inner prefix of 2", false, leafOf(leaf, [step(Uint8Array.of(2), sibling)])],
    ["no inner prefix", false, leafOf(leaf, [step(new Uint8Array(0), sibling)])],
    ["a prefix with a byte too many", false, leafOf(leaf, [step(concatBytes(right, lengthByte), undefined)])],
    ["siblings on both sides", false, leafOf(leaf, [step(right, sibling)])],
    ["a suffix of 31 bytes", false, leafOf(leaf, [step(Uint8Array.of(1), sibling.subarray(1))])],
  ];
  for (const [label, ok, proof] of cases) assert.equal(isAccepted(tendermintSpec, proof), ok, label);
});

test("neighbours of a tree whose leaves are out of order prove nothing", () => {
  const leaf = Uint8Array.of(0);
  const [a, c] = [leafOf(leaf, [], "a"), leafOf(leaf, [], "c")];
  const [hashA, hashC] = [a, c].map((exist) => calculateRoot(encodeCommitmentProof({ exist })) ?? new Uint8Array(0)) as [
    Uint8Array,
    Uint8Array,
  ];
  const verify = (left: ExistenceProof, right: ExistenceProof): boolean => {
    const bytes = encodeCommitmentProof({ nonexist: { key: encodeUtf8("b"), left, right } });
    return verifyNonMembership(tendermintSpec, calculateRoot(bytes) ?? new Uint8Array(0), bytes, encodeUtf8("b"));
  };
  const inner = Uint8Array.of(1);
  assert.ok(verify({ ...a, path: [step(inner, hashC)] }, { ...c, path: [step(concatBytes(inner, hashA), undefined)] }), "a before c");
  assert.ok(!verify({ ...a, path: [step(concatBytes(inner, hashC), undefined)] }, { ...c, path: [step(inner, hashA)] }), "c before a");
});
