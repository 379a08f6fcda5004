import type { CompactBitArray } from "#proto/cosmos/crypto/multisig/v1beta1/multisig";

/** How many bits the array has (cosmos-sdk crypto/types CompactBitArray). */
export function countBits({ elems, extraBitsStored }: CompactBitArray): number {
  if (extraBitsStored === 0) return elems.length * 8;
  return (elems.length - 1) * 8 + extraBitsStored;
}

/** Whether bit `index` is set, counted from the highest bit of the first byte; bits outside are not. */
export function hasBit(bits: CompactBitArray, index: number): boolean {
  if (index < 0 || index >= countBits(bits)) return false;
  return ((bits.elems[index >>> 3] ?? 0) & (1 << (7 - (index & 7)))) !== 0;
}

/** How many bits are set. */
export function countSetBits(bits: CompactBitArray): number {
  let count = 0;
  for (let index = 0; index < countBits(bits); index++) if (hasBit(bits, index)) count += 1;
  return count;
}
