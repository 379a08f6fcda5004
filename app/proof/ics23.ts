// Commitment proofs as ICS-23 encodes them (protobuf package cosmos.ics23.v1): the parts that the store produces and that wallets verify.
// Batches and compressed batches are neither made nor read; ICS-23 itself dropped them.

/** Hash of the specification that this store uses; other numbers decode and fail verification. */
export const hashOp = { none: 0, sha256: 1 } as const;
/** Length encoding of the specification that this store uses. */
export const lengthOp = { varProto: 1 } as const;

/** How a key and a value become the leaf hash. */
export interface LeafOp {
  readonly hash: number;
  readonly prehashKey: number;
  readonly prehashValue: number;
  readonly length: number;
  readonly prefix: Uint8Array;
}

/** One step towards the root: hash of prefix, child, suffix. */
export interface InnerOp {
  readonly hash: number;
  readonly prefix: Uint8Array;
  /** Undefined when it was not on the wire, which is not the same as empty for one check of the specification. */
  readonly suffix: Uint8Array | undefined;
}

/** A key, its value and the way from their leaf to the root. */
export interface ExistenceProof {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly leaf: LeafOp | undefined;
  readonly path: readonly InnerOp[];
}

/** The neighbours of an absent key; a missing one means that there is none on that side. */
export interface NonExistenceProof {
  readonly key: Uint8Array;
  readonly left: ExistenceProof | undefined;
  readonly right: ExistenceProof | undefined;
}

/** Exactly one of the two, or neither when the bytes held another kind. */
export interface CommitmentProof {
  readonly exist?: ExistenceProof;
  readonly nonexist?: NonExistenceProof;
}

/** The leaf operation of IAVL and of the simple tree: SHA-256 of prefix, length-prefixed key and length-prefixed SHA-256 of the value. */
export function createLeafOp(prefix: Uint8Array): LeafOp {
  return { hash: hashOp.sha256, prehashKey: hashOp.none, prehashValue: hashOp.sha256, length: lengthOp.varProto, prefix };
}
