/** The smaller of two integers; Math.min takes none of this type. */
export function minOf(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}
