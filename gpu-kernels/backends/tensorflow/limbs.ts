// Numbers of up to 24 bits as limbs of 8 bits: exact in units that round factors to 11 bits or to bfloat16's 8.

/** The three limbs of every vote, lowest first. @param votes rows × n, 0…2^24−1 @returns rows × 3 × n */
export function threeLimbs(votes: Int32Array, rows: number, n: number): Float32Array {
  const limbs = new Float32Array(rows * 3 * n);
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < n; i++) {
      const vote = votes[row * n + i] ?? 0;
      const at = row * 3 * n + i;
      limbs[at] = vote & 0xff;
      limbs[at + n] = (vote >> 8) & 0xff;
      limbs[at + 2 * n] = vote >> 16;
    }
  return limbs;
}

/** Sums of limbs put together. @param sums rows × 3 × cols, each below 2^16 in magnitude @returns rows × cols */
export function joinThreeLimbs(sums: Float32Array, rows: number, cols: number): Int32Array {
  const joined = new Int32Array(rows * cols);
  for (let row = 0; row < rows; row++)
    for (let col = 0; col < cols; col++) {
      const at = row * 3 * cols + col;
      joined[row * cols + col] = (sums[at] ?? 0) + 256 * (sums[at + cols] ?? 0) + 65_536 * (sums[at + 2 * cols] ?? 0);
    }
  return joined;
}

/** 256·high + low, |result| < 2^31. */
export function joinTwoLimbs(high: Float32Array, low: Float32Array): Int32Array {
  return Int32Array.from(high, (upper, at) => 256 * upper + (low[at] ?? 0));
}
