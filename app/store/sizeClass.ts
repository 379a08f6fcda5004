// Size classes of arena slots: every 8 bytes up to 128, then four steps per doubling, so that a slot wastes at most a fifth of itself.

/** Granularity of slots and slot references, in bytes. */
export const slotUnit = 8;

/** Largest slot that shares a segment with others, in bytes; anything larger gets a segment of its own. */
export const maxSharedSlot = 32768;

const fineLimit = 128;
const fineClasses = fineLimit / slotUnit;

/** Number of size classes. */
export const sizeClassCount = sizeClassOf(maxSharedSlot) + 1;

/**
 * The class of the smallest slot that holds `bytes`.
 * @param bytes 1 to `maxSharedSlot`
 */
export function sizeClassOf(bytes: number): number {
  if (bytes <= fineLimit) return ((bytes + slotUnit - 1) >>> 3) - 1;
  // log2 rounded down of the largest value of the doubling: 129..256 gives 7, 257..512 gives 8.
  const doubling = 31 - Math.clz32(bytes - 1);
  const quarter = ((bytes - 1) >>> (doubling - 2)) & 3;
  return fineClasses + (doubling - 7) * 4 + quarter;
}

/** The bytes of a slot of that class. */
export function sizeOfClass(sizeClass: number): number {
  if (sizeClass < fineClasses) return (sizeClass + 1) * slotUnit;
  const step = sizeClass - fineClasses;
  const doubling = 7 + (step >>> 2);
  return (1 << doubling) + (((step & 3) + 1) << (doubling - 2));
}
