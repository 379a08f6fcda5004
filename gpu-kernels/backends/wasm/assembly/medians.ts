// Lower weighted quantiles of columns.

/** Sixteen columns of up to 256 contributors, one contributor behind the other. */
const block = memory.data(256 * 64, 16);

/**
 * Of columns that begin at `values`, `stride` bytes from one contributor to the next: bisection on the value, 16 columns at a time. All weights
 * are above 0.
 * @param total Σ weights ≥ threshold ≥ 1
 */
export function medianColumns(values: usize, stride: u32, n: u32, columns: u32, weights: usize, total: i32, threshold: i32, out: usize): void {
  // Σ{w : v ≤ x} ≥ threshold, as a bound of the weight above x.
  const most = i32x4.splat(total - threshold);
  for (let c: u32 = 0; c < columns; c += 16) {
    for (let i: u32 = 0; i < n; i++) memory.copy(block + (i << 6), values + i * stride, 64);
    medianBlock(n, weights, most, out);
    values += 64;
    out += 64;
  }
}

function medianBlock(n: u32, weights: usize, most: v128, out: usize): void {
  const end = block + (n << 6);
  let l0 = v128.load(block);
  let l1 = v128.load(block, 16);
  let l2 = v128.load(block, 32);
  let l3 = v128.load(block, 48);
  let h0 = l0;
  let h1 = l1;
  let h2 = l2;
  let h3 = l3;
  for (let at = block + 64; at < end; at += 64) {
    l0 = i32x4.min_s(l0, v128.load(at));
    h0 = i32x4.max_s(h0, v128.load(at));
    l1 = i32x4.min_s(l1, v128.load(at, 16));
    h1 = i32x4.max_s(h1, v128.load(at, 16));
    l2 = i32x4.min_s(l2, v128.load(at, 32));
    h2 = i32x4.max_s(h2, v128.load(at, 32));
    l3 = i32x4.min_s(l3, v128.load(at, 48));
    h3 = i32x4.max_s(h3, v128.load(at, 48));
  }
  // The result lies in l…h of each lane; the difference is below 2^25.
  while (v128.any_true(v128.or(v128.or(v128.xor(l0, h0), v128.xor(l1, h1)), v128.or(v128.xor(l2, h2), v128.xor(l3, h3))))) {
    const m0 = i32x4.add(l0, i32x4.shr_u(i32x4.sub(h0, l0), 1));
    const m1 = i32x4.add(l1, i32x4.shr_u(i32x4.sub(h1, l1), 1));
    const m2 = i32x4.add(l2, i32x4.shr_u(i32x4.sub(h2, l2), 1));
    const m3 = i32x4.add(l3, i32x4.shr_u(i32x4.sub(h3, l3), 1));
    let a0 = i32x4.splat(0);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    let w = weights;
    for (let at = block; at < end; at += 64) {
      const weight = v128.load32_splat(w);
      a0 = i32x4.add(a0, v128.and(weight, i32x4.gt_s(v128.load(at), m0)));
      a1 = i32x4.add(a1, v128.and(weight, i32x4.gt_s(v128.load(at, 16), m1)));
      a2 = i32x4.add(a2, v128.and(weight, i32x4.gt_s(v128.load(at, 32), m2)));
      a3 = i32x4.add(a3, v128.and(weight, i32x4.gt_s(v128.load(at, 48), m3)));
      w += 4;
    }
    // Too much weight above: the result is above, too.
    const g0 = i32x4.gt_s(a0, most);
    const g1 = i32x4.gt_s(a1, most);
    const g2 = i32x4.gt_s(a2, most);
    const g3 = i32x4.gt_s(a3, most);
    l0 = v128.bitselect(i32x4.sub(m0, g0), l0, g0);
    l1 = v128.bitselect(i32x4.sub(m1, g1), l1, g1);
    l2 = v128.bitselect(i32x4.sub(m2, g2), l2, g2);
    l3 = v128.bitselect(i32x4.sub(m3, g3), l3, g3);
    h0 = v128.bitselect(h0, m0, g0);
    h1 = v128.bitselect(h1, m1, g1);
    h2 = v128.bitselect(h2, m2, g2);
    h3 = v128.bitselect(h3, m3, g3);
  }
  v128.store(out, l0);
  v128.store(out, l1, 16);
  v128.store(out, l2, 32);
  v128.store(out, l3, 48);
}
