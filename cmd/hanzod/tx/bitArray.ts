import type { CompactBitArray } from "#proto/cosmos/crypto/multisig/v1beta1/multisig";

/** Which members of a multisig key signed, as its signatures carry it: the first member in the highest bit of the first byte. */
export function bitArray(size: number, set: ReadonlySet<number>): CompactBitArray {
  const elems = new Uint8Array(Math.ceil(size / 8));
  for (const index of set) elems[index >>> 3] = (elems[index >>> 3] ?? 0) | (1 << (7 - (index & 7)));
  return { extraBitsStored: size % 8, elems };
}
