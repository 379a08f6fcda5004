import { concatBytes, sdkError, type ValueCodec, value } from "#sdk";

/** Why no validator may take a consensus address (x/staking types/keys.go, ConsAddrLockType). */
export const LOCK = {
  /** A validator had it; evidence may still name it. */
  rotatedFrom: 1,
  /** A validator is about to get it. */
  pendingTo: 2,
  /** A validator has it and is about to give it up. */
  pendingFrom: 3,
} as const;
type LockKind = (typeof LOCK)[keyof typeof LOCK];

/** A lock and whose it is. */
export interface ConsKeyLock {
  readonly kind: LockKind;
  /** Operator address, bytes. */
  readonly operator: Uint8Array;
}

const HEADER_BYTES = 2;

/** One byte for the kind, the operator's length, the operator. */
export const lockValue: ValueCodec<ConsKeyLock> = {
  encode: ({ kind, operator }) => concatBytes(Uint8Array.of(kind, operator.length), operator),
  decode(bytes) {
    const [kind, length] = bytes;
    if (kind !== LOCK.rotatedFrom && kind !== LOCK.pendingTo && kind !== LOCK.pendingFrom)
      throw sdkError.logic(`a lock of kind 1, 2 or 3 expected, got ${kind}`);
    if (length !== bytes.length - HEADER_BYTES) throw sdkError.logic(`a lock with ${length} bytes of operator expected`);
    return { kind, operator: bytes.slice(HEADER_BYTES) };
  },
  json: {
    to: (lock) => value.bytes.json.to(lockValue.encode(lock)),
    from: (json) => lockValue.decode(value.bytes.json.from(json)),
  },
};
