// Hamming distances. The population count of 64 bits is one instruction on the processors that matter, so no vectors are needed.

/** Bits that differ among `bytes` bytes. */
@inline
function distance(a: usize, b: usize, bytes: u32): u32 {
  let bits: i64 = 0;
  let k: u32 = 0;
  for (; k + 8 <= bytes; k += 8) bits += popcnt(load<i64>(a + k) ^ load<i64>(b + k));
  for (; k < bytes; k++) bits += popcnt(<i64>(load<u8>(a + k) ^ load<u8>(b + k)));
  return <u32>bits;
}

/** Distances of codes to the query, as u16. */
export function distances(query: usize, codes: usize, bytes: u32, count: u32, out: usize): void {
  if (bytes == 48) {
    distances48(query, codes, count, out);
    return;
  }
  for (let id: u32 = 0; id < count; id++) {
    store<u16>(out, <u16>distance(query, codes, bytes));
    codes += bytes;
    out += 2;
  }
}

/** Codes of schema v1: the query stays in registers. */
function distances48(query: usize, codes: usize, count: u32, out: usize): void {
  const a = load<i64>(query);
  const b = load<i64>(query, 8);
  const c = load<i64>(query, 16);
  const d = load<i64>(query, 24);
  const e = load<i64>(query, 32);
  const f = load<i64>(query, 40);
  for (let id: u32 = 0; id < count; id++) {
    const first = popcnt(a ^ load<i64>(codes)) + popcnt(b ^ load<i64>(codes, 8)) + popcnt(c ^ load<i64>(codes, 16));
    const second = popcnt(d ^ load<i64>(codes, 24)) + popcnt(e ^ load<i64>(codes, 32)) + popcnt(f ^ load<i64>(codes, 40));
    store<u16>(out, <u16>(first + second));
    codes += 48;
    out += 2;
  }
}

/** Distances of every pair of n contributors in one row, n × n int16; their signs stand `stride` bytes apart. */
export function pairRow(signs: usize, stride: u32, rowBytes: u32, n: u32, out: usize): void {
  for (let i: u32 = 0; i < n; i++) {
    store<i16>(out + ((i * n + i) << 1), 0);
    // Towards the first i contributors; those are n × 2 bytes apart in the other half.
    if (rowBytes == 48) distancesBefore48(signs, stride, i, out + ((i * n) << 1));
    else for (let j: u32 = 0; j < i; j++) store<i16>(out + ((i * n + j) << 1), <i16>distance(signs + i * stride, signs + j * stride, rowBytes));
    for (let j: u32 = 0; j < i; j++) store<i16>(out + ((j * n + i) << 1), load<i16>(out + ((i * n + j) << 1)));
  }
}

/** Distances of contributor i to those before it. */
function distancesBefore48(signs: usize, stride: u32, i: u32, out: usize): void {
  const own = signs + i * stride;
  const a = load<i64>(own);
  const b = load<i64>(own, 8);
  const c = load<i64>(own, 16);
  const d = load<i64>(own, 24);
  const e = load<i64>(own, 32);
  const f = load<i64>(own, 40);
  for (let j: u32 = 0; j < i; j++) {
    const first = popcnt(a ^ load<i64>(signs)) + popcnt(b ^ load<i64>(signs, 8)) + popcnt(c ^ load<i64>(signs, 16));
    const second = popcnt(d ^ load<i64>(signs, 24)) + popcnt(e ^ load<i64>(signs, 32)) + popcnt(f ^ load<i64>(signs, 40));
    store<i16>(out, <i16>(first + second));
    signs += stride;
    out += 2;
  }
}
