// The kernels in WebAssembly SIMD. AssemblyScript: compiled by tools/build/wasm.mjs, called by gpu-kernels/backends/wasm/open.ts, which puts
// inputs into the memory from `arena` on and passes their addresses. All integers wrap; the caller's bounds keep every sum below 2^31.

/** Makes the memory so large that `bytes` fit, and says where they begin. */
export function arena(bytes: u32): usize {
  const start = (__heap_base + 15) & ~15;
  const pages = (<u32>start + bytes + 65535) >>> 16;
  const have = memory.size();
  if (pages > <u32>have && memory.grow(pages - have) < 0) unreachable();
  return start;
}

const ones = i16x8.splat(1);
/** Bits of four and of the next four columns in a byte. */
const lowBits = i32x4(1, 2, 4, 8);
const highBits = i32x4(16, 32, 64, 128);

/** All ones in the lanes whose bit is set. */
@inline
function maskOf(bytes: v128, bits: v128): v128 {
  return i32x4.eq(v128.and(bytes, bits), bits);
}

@inline
function sumOf(lanes: v128): i32 {
  return i32x4.extract_lane(lanes, 0) + i32x4.extract_lane(lanes, 1) + i32x4.extract_lane(lanes, 2) + i32x4.extract_lane(lanes, 3);
}

/** Sign bits and Σ|x| of rows of int16. */
export function signsAndSums(e: usize, rows: u32, cols: u32, signs: usize, sums: usize): void {
  const pairs = cols >>> 4;
  const hasRest = (cols & 8) != 0;
  for (let row: u32 = 0; row < rows; row++) {
    let sum = i32x4.splat(0);
    for (let k: u32 = 0; k < pairs; k++) {
      const a = v128.load(e);
      const b = v128.load(e, 16);
      store<u16>(signs, <u16>i8x16.bitmask(i8x16.narrow_i16x8_s(a, b)));
      sum = i32x4.add(sum, i32x4.dot_i16x8_s(i16x8.abs(a), ones));
      sum = i32x4.add(sum, i32x4.dot_i16x8_s(i16x8.abs(b), ones));
      e += 32;
      signs += 2;
    }
    if (hasRest) {
      const a = v128.load(e);
      store<u8>(signs, <u8>i16x8.bitmask(a));
      sum = i32x4.add(sum, i32x4.dot_i16x8_s(i16x8.abs(a), ones));
      e += 16;
      signs += 1;
    }
    store<i32>(sums, sumOf(sum));
    sums += 4;
  }
}

/** base ± magnitude of every element; without a base (0) ±magnitude. */
export function spread(base: usize, signs: usize, magnitudes: usize, rows: u32, cols: u32, out: usize): void {
  const rowBytes = cols >>> 3;
  const none = i32x4.splat(0);
  for (let row: u32 = 0; row < rows; row++) {
    const magnitude = v128.load32_splat(magnitudes);
    for (let k: u32 = 0; k < rowBytes; k++) {
      const bytes = i32x4.splat(load<u8>(signs));
      const low = maskOf(bytes, lowBits);
      const high = maskOf(bytes, highBits);
      const from = base == 0 ? none : v128.load(base);
      const from2 = base == 0 ? none : v128.load(base, 16);
      v128.store(out, i32x4.add(from, i32x4.sub(v128.xor(magnitude, low), low)));
      v128.store(out, i32x4.add(from2, i32x4.sub(v128.xor(magnitude, high), high)), 16);
      if (base != 0) base += 32;
      signs += 1;
      out += 32;
    }
    magnitudes += 4;
  }
}

/** Σ ±votes: the sum of all votes less twice those whose bit is set. */
export function vote(signs: usize, votes: usize, n: u32, rows: u32, cols: u32, out: usize): void {
  const rowBytes = cols >>> 3;
  const stride = rowBytes * rows;
  for (let row: u32 = 0; row < rows; row++) {
    let all: i32 = 0;
    for (let i: u32 = 0; i < n; i++) all += load<i32>(votes + (i << 2));
    const total = i32x4.splat(all);
    for (let k: u32 = 0; k < rowBytes; k++) {
      let low = i32x4.splat(0);
      let high = i32x4.splat(0);
      let at = signs + k;
      for (let i: u32 = 0; i < n; i++) {
        const bytes = i32x4.splat(load<u8>(at));
        const own = v128.load32_splat(votes + (i << 2));
        low = i32x4.add(low, v128.and(own, maskOf(bytes, lowBits)));
        high = i32x4.add(high, v128.and(own, maskOf(bytes, highBits)));
        at += stride;
      }
      v128.store(out, i32x4.sub(total, i32x4.shl(low, 1)));
      v128.store(out, i32x4.sub(total, i32x4.shl(high, 1)), 16);
      out += 32;
    }
    signs += rowBytes;
    votes += n << 2;
  }
}

/** Dot products of rows of int16 with u, int16, too. */
export function dots(e: usize, u: usize, rows: u32, cols: u32, out: usize): void {
  const eights = cols >>> 3;
  for (let row: u32 = 0; row < rows; row++) {
    let sum = i32x4.splat(0);
    for (let k: u32 = 0; k < eights; k++) {
      sum = i32x4.add(sum, i32x4.dot_i16x8_s(v128.load(e), v128.load(u + (k << 4))));
      e += 16;
    }
    store<i32>(out + (row << 2), sumOf(sum));
  }
}
