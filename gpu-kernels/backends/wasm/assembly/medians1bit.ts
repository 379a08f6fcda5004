// Lower weighted quantiles of one-bit contributions: the values of a row's columns differ in their signs only, so one order serves all.

/** Largest magnitude first: magnitude, weight, and where the signs lie, 4 bytes each, of up to 256 contributors. */
const ordered = memory.data(256 * 12, 16);
const lowBits = i32x4(1, 2, 4, 8);
const highBits = i32x4(16, 32, 64, 128);

@inline
function maskOf(bytes: v128, bits: v128): v128 {
  return i32x4.eq(v128.and(bytes, bits), bits);
}

/** Sorts the contributors that have a weight (insertion: most rows come nearly in order of a few magnitudes). @returns how many */
function order(signs: usize, stride: u32, magnitudes: usize, weights: usize, n: u32): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const weight = load<i32>(weights + (i << 2));
    if (weight == 0) continue;
    const magnitude = load<i32>(magnitudes + (i << 2));
    let at = ordered + count * 12;
    while (at > ordered && load<i32>(at - 12) < magnitude) {
      store<i32>(at, load<i32>(at - 12));
      store<i64>(at, load<i64>(at - 8), 4);
      at -= 12;
    }
    store<i32>(at, magnitude);
    store<i32>(at, weight, 4);
    store<u32>(at, <u32>(signs + i * stride), 8);
    count++;
  }
  return count;
}

/** One row: the contributors' signs stand `stride` bytes apart. threshold ≤ Σ weights, unless that is 0. */
export function medianRow1bit(
  signs: usize,
  stride: u32,
  rowBytes: u32,
  magnitudes: usize,
  weights: usize,
  n: u32,
  threshold: i32,
  out: usize,
): void {
  const end = ordered + order(signs, stride, magnitudes, weights, n) * 12;
  const below = i32x4.splat(threshold - 1);
  for (let k: u32 = 0; k < rowBytes; k++) {
    let low = i32x4.splat(0);
    let high = low;
    let lowResult = low;
    let highResult = low;
    // Ascending values: the negative ones from the largest magnitude down, then the positive ones from the smallest up. A value is the result
    // when it takes the weight past the bound, so the last one tried before is overwritten until then.
    for (let at = ordered; at < end; at += 12) {
      const bytes = i32x4.splat(load<u8>(load<u32>(at, 8) + k));
      const weight = v128.load32_splat(at, 4);
      const value = i32x4.neg(v128.load32_splat(at));
      const openLow = i32x4.le_s(low, below);
      const openHigh = i32x4.le_s(high, below);
      low = i32x4.add(low, v128.and(weight, maskOf(bytes, lowBits)));
      high = i32x4.add(high, v128.and(weight, maskOf(bytes, highBits)));
      lowResult = v128.bitselect(value, lowResult, openLow);
      highResult = v128.bitselect(value, highResult, openHigh);
    }
    for (let at = end; at > ordered; ) {
      at -= 12;
      const bytes = i32x4.splat(load<u8>(load<u32>(at, 8) + k));
      const weight = v128.load32_splat(at, 4);
      const value = v128.load32_splat(at);
      const openLow = i32x4.le_s(low, below);
      const openHigh = i32x4.le_s(high, below);
      low = i32x4.add(low, v128.andnot(weight, maskOf(bytes, lowBits)));
      high = i32x4.add(high, v128.andnot(weight, maskOf(bytes, highBits)));
      lowResult = v128.bitselect(value, lowResult, openLow);
      highResult = v128.bitselect(value, highResult, openHigh);
    }
    v128.store(out, lowResult);
    v128.store(out, highResult, 16);
    out += 32;
  }
}
