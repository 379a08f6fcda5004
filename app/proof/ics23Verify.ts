// Verification of commitment proofs, written from the ICS-23 specification and kept apart from the code that makes them: it imports nothing of
// the tree, and runs in a browser. It makes every check that ics23 v0.11 makes for these two specifications.
import { sha256 } from "#sha256";
import { compareBytes, concatBytes, equalBytes } from "../encoding/bytes.ts";
import { type ExistenceProof, hashOp, type InnerOp, type LeafOp, lengthOp, type NonExistenceProof } from "./ics23.ts";
import { decodeCommitmentProof } from "./ics23Codec.ts";

/** What proofs of one kind of tree must look like. Both kinds have two children, SHA-256 and no mark for an empty child. */
export interface ProofSpec {
  readonly kind: "iavl" | "tendermint";
  /** Every leaf prefix starts with these bytes, no inner prefix does. */
  readonly leafPrefix: Uint8Array;
  /** Bytes of an inner prefix without a left sibling. */
  readonly minPrefixLength: number;
  readonly maxPrefixLength: number;
  /** Bytes of a sibling in a prefix or suffix, its length byte included. */
  readonly childSize: number;
}

/** Proofs of an IAVL tree, op type `ics23:iavl`. */
export const iavlSpec: ProofSpec = { kind: "iavl", leafPrefix: Uint8Array.of(0), minPrefixLength: 4, maxPrefixLength: 12, childSize: 33 };
/** Proofs of the simple tree over the stores, op type `ics23:simple`. */
export const tendermintSpec: ProofSpec = {
  kind: "tendermint",
  leafPrefix: Uint8Array.of(0),
  minPrefixLength: 1,
  maxPrefixLength: 1,
  childSize: 32,
};

const maxDepth = 128;

/**
 * Whether `proof` proves that `key` has `value` under `root`.
 * @param root 32 bytes
 * @param proof an encoded CommitmentProof; bytes that are none are a failed proof
 */
export function verifyMembership(spec: ProofSpec, root: Uint8Array, proof: Uint8Array, key: Uint8Array, value: Uint8Array): boolean {
  const exist = decodeCommitmentProof(proof)?.exist;
  return exist !== undefined && provesExistence(spec, root, exist, key, value);
}

/**
 * Whether `proof` proves that `key` is absent under `root`. The key that the proof itself names is not looked at.
 * @param root 32 bytes
 * @param proof an encoded CommitmentProof; bytes that are none are a failed proof
 */
export function verifyNonMembership(spec: ProofSpec, root: Uint8Array, proof: Uint8Array, key: Uint8Array): boolean {
  const nonexist = decodeCommitmentProof(proof)?.nonexist;
  return nonexist !== undefined && provesAbsence(spec, root, nonexist, key);
}

/**
 * The root that a proof computes, undefined when it computes none: of an absence proof the root of its left neighbour, or of its right one.
 * CONTRACT: a root computed so proves nothing until the proof is verified against it.
 */
export function calculateRoot(proof: Uint8Array): Uint8Array | undefined {
  const decoded = decodeCommitmentProof(proof);
  const exist = decoded?.exist ?? decoded?.nonexist?.left ?? decoded?.nonexist?.right;
  return exist === undefined ? undefined : rootOf(exist);
}

function provesExistence(spec: ProofSpec, root: Uint8Array, proof: ExistenceProof, key: Uint8Array, value: Uint8Array): boolean {
  if (proof.leaf === undefined || !isLeafOp(spec, proof.leaf)) return false;
  if (proof.path.length > maxDepth || !proof.path.every((op, i) => isInnerOp(spec, op, i + 1))) return false;
  if (!equalBytes(key, proof.key) || !equalBytes(value, proof.value)) return false;
  const calculated = rootOf(proof);
  return calculated !== undefined && equalBytes(root, calculated);
}

function provesAbsence(spec: ProofSpec, root: Uint8Array, proof: NonExistenceProof, key: Uint8Array): boolean {
  const { left, right } = proof;
  if (left !== undefined && !provesExistence(spec, root, left, left.key, left.value)) return false;
  if (right !== undefined && !provesExistence(spec, root, right, right.key, right.value)) return false;
  if (right !== undefined && compareBytes(key, right.key) >= 0) return false;
  if (left !== undefined && compareBytes(key, left.key) <= 0) return false;
  if (left === undefined) return right !== undefined && isLeftMost(spec, right.path);
  if (right === undefined) return isRightMost(spec, left.path);
  return areNeighbours(spec, left.path, right.path);
}

function isLeafOp(spec: ProofSpec, op: LeafOp): boolean {
  if (spec.kind === "iavl" && !isIavlPrefix(op.prefix, 0)) return false;
  const asSpecified =
    op.hash === hashOp.sha256 && op.prehashKey === hashOp.none && op.prehashValue === hashOp.sha256 && op.length === lengthOp.varProto;
  return asSpecified && startsWith(op.prefix, spec.leafPrefix);
}

function isInnerOp(spec: ProofSpec, op: InnerOp, layer: number): boolean {
  if (op.hash !== hashOp.sha256 || startsWith(op.prefix, spec.leafPrefix)) return false;
  if (op.prefix.length < spec.minPrefixLength || op.prefix.length > spec.maxPrefixLength + spec.childSize) return false;
  if ((op.suffix?.length ?? 0) % spec.childSize !== 0) return false;
  if (spec.kind === "iavl") return isIavlPrefix(op.prefix, layer);
  // A suffix on the wire, even an empty one, leaves no room for a sibling in the prefix.
  return op.prefix[0] === 1 && (op.suffix === undefined || op.prefix.length === 1);
}

/** Height, size and version as bounded varints; then nothing (leaf), a length byte, or a length byte, a hash and a length byte. */
function isIavlPrefix(prefix: Uint8Array, layer: number): boolean {
  const height = readSignedVarint(prefix, 0);
  if (height === undefined || height.value < BigInt(layer)) return false;
  const size = readSignedVarint(prefix, height.next);
  if (size === undefined || size.value < 0n) return false;
  const version = readSignedVarint(prefix, size.next);
  if (version === undefined || version.value < 0n) return false;
  const rest = prefix.length - version.next;
  if (layer === 0) return rest === 0 && height.value === 0n && size.value === 1n;
  return rest === 1 || rest === 34;
}

function rootOf(proof: ExistenceProof): Uint8Array | undefined {
  if (proof.leaf === undefined || proof.key.length === 0 || proof.value.length === 0) return undefined;
  const { leaf } = proof;
  const isKnown =
    leaf.hash === hashOp.sha256 &&
    leaf.prehashKey === hashOp.none &&
    leaf.prehashValue === hashOp.sha256 &&
    leaf.length === lengthOp.varProto;
  if (!isKnown) return undefined;
  const valueHash = sha256(proof.value);
  let hash = sha256(concatBytes(leaf.prefix, uvarint(proof.key.length), proof.key, uvarint(valueHash.length), valueHash));
  for (const op of proof.path) {
    if (op.hash !== hashOp.sha256) return undefined;
    hash = sha256(concatBytes(op.prefix, hash, op.suffix ?? new Uint8Array(0)));
  }
  return hash;
}

// Neither specification knows an empty child, so a step is on the left edge exactly when its sibling is in the suffix.
function isLeftMost(spec: ProofSpec, path: readonly InnerOp[]): boolean {
  return path.every((op) => isLeftChild(spec, op));
}

function isRightMost(spec: ProofSpec, path: readonly InnerOp[]): boolean {
  return path.every((op) => isRightChild(spec, op));
}

function isLeftChild(spec: ProofSpec, op: InnerOp): boolean {
  const length = op.prefix.length;
  return length >= spec.minPrefixLength && length <= spec.maxPrefixLength && op.suffix?.length === spec.childSize;
}

function isRightChild(spec: ProofSpec, op: InnerOp): boolean {
  const length = op.prefix.length - spec.childSize;
  return length >= spec.minPrefixLength && length <= spec.maxPrefixLength && (op.suffix?.length ?? 0) === 0;
}

/** Whether the paths run together from the root, then part left and right, and keep to the inner edges below. */
function areNeighbours(spec: ProofSpec, left: readonly InnerOp[], right: readonly InnerOp[]): boolean {
  let common = 0;
  for (;;) {
    const leftStep = left[left.length - 1 - common];
    const rightStep = right[right.length - 1 - common];
    if (leftStep === undefined || rightStep === undefined) return false;
    if (!isSameStep(leftStep, rightStep)) {
      if (!isLeftChild(spec, leftStep) || !isRightChild(spec, rightStep)) return false;
      return isRightMost(spec, left.slice(0, left.length - 1 - common)) && isLeftMost(spec, right.slice(0, right.length - 1 - common));
    }
    common++;
  }
}

function isSameStep(a: InnerOp, b: InnerOp): boolean {
  const none = new Uint8Array(0);
  return equalBytes(a.prefix, b.prefix) && equalBytes(a.suffix ?? none, b.suffix ?? none);
}

/** A zigzag varint of at most 64 bits. */
function readSignedVarint(bytes: Uint8Array, from: number): { readonly value: bigint; readonly next: number } | undefined {
  let value = 0n;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[from + i];
    if (byte === undefined || (i === 9 && byte > 1)) return undefined;
    value |= BigInt(byte & 127) << BigInt(7 * i);
    if (byte < 128) return { value: value & 1n ? -((value + 1n) >> 1n) : value >> 1n, next: from + i + 1 };
  }
  return undefined;
}

function uvarint(value: number): Uint8Array {
  const out: number[] = [];
  let rest = value;
  while (rest > 127) {
    out.push((rest & 127) | 128);
    rest >>>= 7;
  }
  out.push(rest);
  return Uint8Array.from(out);
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return bytes.length >= start.length && start.every((byte, i) => bytes[i] === byte);
}
