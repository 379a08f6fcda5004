// SHA-256 (FIPS 180-4) of many short messages, four at a time in the lanes of 128-bit vectors. AssemblyScript: compiled to WebAssembly by
// tools/build/wasm.mjs, called by app/store/simdHashKernel.ts, which knows the memory layout through the exported pointers.

/** Most messages and most bytes of one batch. */
export const MAX_MESSAGES: u32 = 1024;
export const MAX_BYTES: u32 = 1 << 18;

const input = memory.data(1 << 18, 16);
const ends = memory.data(1024 * 4, 16);
const output = memory.data(1024 * 32, 16);

/** Where messages, ends and digests lie. */
export function inputPointer(): usize {
  return input;
}
export function endsPointer(): usize {
  return ends;
}
export function outputPointer(): usize {
  return output;
}

/** Messages that wait for lanes are sorted by their number of blocks up to this; longer ones take a pass of their own. */
const SORTED_BLOCKS: u32 = 8;
/** By number of blocks: how many messages wait, and which. */
const waiting = memory.data((8 + 1) * 4, 16);
const waitingIds = memory.data((8 + 1) * 16, 16);

/** By lane: start of the message, its whole blocks, and the last one or two blocks with the padding. */
const laneFrom = memory.data(4 * 4, 16);
const laneWhole = memory.data(4 * 4, 16);
const tails = memory.data(4 * 128, 16);
const schedule = memory.data(64 * 16, 16);
const state = memory.data(8 * 16, 16);

const initial = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);
const constants = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
  0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
  0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
  0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
  0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
  0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);

@inline
function rotr(x: v128, n: i32): v128 {
  return v128.or(i32x4.shr_u(x, n), i32x4.shl(x, 32 - n));
}

@inline
function add(a: v128, b: v128): v128 {
  return i32x4.add(a, b);
}

/** First temporary of a round (FIPS 180-4 §6.2.2 step 3) without h. */
@inline
function mix(e: v128, f: v128, g: v128, t: usize): v128 {
  const sum = v128.xor(v128.xor(rotr(e, 6), rotr(e, 11)), rotr(e, 25));
  const word = add(v128.load(schedule + (t << 4)), v128.load_splat<u32>(constants + (t << 2)));
  return add(add(sum, v128.bitselect(f, g, e)), word);
}

/** Second temporary of a round: Σ₀(a) + Maj(a, b, c). */
@inline
function most(a: v128, b: v128, c: v128): v128 {
  const sum = v128.xor(v128.xor(rotr(a, 2), rotr(a, 13)), rotr(a, 22));
  return add(sum, v128.bitselect(c, b, v128.xor(a, b)));
}

/** Four big-endian words of one lane's block. */
@inline
function words(at: usize): v128 {
  const bytes = v128.load(at);
  return v128.shuffle<u8>(bytes, bytes, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
}

/** Words of four blocks into the schedule, word by word across the lanes, and the rest of the schedule from them. */
function fillSchedule(p0: usize, p1: usize, p2: usize, p3: usize): void {
  for (let i: usize = 0; i < 64; i += 16) {
    const a = words(p0 + i);
    const b = words(p1 + i);
    const c = words(p2 + i);
    const d = words(p3 + i);
    const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
    const cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
    const ab2 = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
    const cd2 = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
    const at = schedule + (i << 2);
    v128.store(at, v128.shuffle<i64>(ab, cd, 0, 2));
    v128.store(at + 16, v128.shuffle<i64>(ab, cd, 1, 3));
    v128.store(at + 32, v128.shuffle<i64>(ab2, cd2, 0, 2));
    v128.store(at + 48, v128.shuffle<i64>(ab2, cd2, 1, 3));
  }
  for (let at: usize = schedule + 16 * 16; at < schedule + 64 * 16; at += 16) {
    const x = v128.load(at - 15 * 16);
    const y = v128.load(at - 2 * 16);
    const s0 = v128.xor(v128.xor(rotr(x, 7), rotr(x, 18)), i32x4.shr_u(x, 3));
    const s1 = v128.xor(v128.xor(rotr(y, 17), rotr(y, 19)), i32x4.shr_u(y, 10));
    v128.store(at, add(add(v128.load(at - 16 * 16), s0), add(v128.load(at - 7 * 16), s1)));
  }
}

function compress(): void {
  let a = v128.load(state);
  let b = v128.load(state, 16);
  let c = v128.load(state, 32);
  let d = v128.load(state, 48);
  let e = v128.load(state, 64);
  let f = v128.load(state, 80);
  let g = v128.load(state, 96);
  let h = v128.load(state, 112);
  // Eight rounds at a time, so that the variables change their roles by name instead of being moved.
  for (let t: usize = 0; t < 64; t += 8) {
    h = add(h, mix(e, f, g, t));
    d = add(d, h);
    h = add(h, most(a, b, c));
    g = add(g, mix(d, e, f, t + 1));
    c = add(c, g);
    g = add(g, most(h, a, b));
    f = add(f, mix(c, d, e, t + 2));
    b = add(b, f);
    f = add(f, most(g, h, a));
    e = add(e, mix(b, c, d, t + 3));
    a = add(a, e);
    e = add(e, most(f, g, h));
    d = add(d, mix(a, b, c, t + 4));
    h = add(h, d);
    d = add(d, most(e, f, g));
    c = add(c, mix(h, a, b, t + 5));
    g = add(g, c);
    c = add(c, most(d, e, f));
    b = add(b, mix(g, h, a, t + 6));
    f = add(f, b);
    b = add(b, most(c, d, e));
    a = add(a, mix(f, g, h, t + 7));
    e = add(e, a);
    a = add(a, most(b, c, d));
  }
  v128.store(state, add(v128.load(state), a));
  v128.store(state, add(v128.load(state, 16), b), 16);
  v128.store(state, add(v128.load(state, 32), c), 32);
  v128.store(state, add(v128.load(state, 48), d), 48);
  v128.store(state, add(v128.load(state, 64), e), 64);
  v128.store(state, add(v128.load(state, 80), f), 80);
  v128.store(state, add(v128.load(state, 96), g), 96);
  v128.store(state, add(v128.load(state, 112), h), 112);
}

@inline
function startOf(id: u32): u32 {
  return id === 0 ? 0 : load<u32>(ends + ((id - 1) << 2));
}

/** Lays the end of a message, its padding and its length into a lane. */
function fillLane(lane: usize, id: u32): void {
  const from = startOf(id);
  const length = load<u32>(ends + (id << 2)) - from;
  const whole = length >> 6;
  const rest = length & 63;
  const tail = tails + (lane << 7);
  memory.fill(tail, 0, 128);
  memory.copy(tail, input + from + (whole << 6), rest);
  store<u8>(tail + rest, 0x80);
  store<u64>(tail + (rest < 56 ? 56 : 120), bswap<u64>((<u64>length) << 3));
  store<u32>(laneFrom + (lane << 2), from);
  store<u32>(laneWhole + (lane << 2), whole);
}

/** Where a block of a lane's padded message lies. */
@inline
function blockOf(lane: usize, block: u32): usize {
  const whole = load<u32>(laneWhole + (lane << 2));
  return block < whole ? input + load<u32>(laneFrom + (lane << 2)) + (block << 6) : tails + (lane << 7) + ((block - whole) << 6);
}

/** Hashes the messages in the lanes, all of the same number of blocks. */
function hashLanes(blocks: u32): void {
  for (let i: usize = 0; i < 8; i++) v128.store(state + (i << 4), v128.load_splat<u32>(initial + (i << 2)));
  for (let block: u32 = 0; block < blocks; block++) {
    fillSchedule(blockOf(0, block), blockOf(1, block), blockOf(2, block), blockOf(3, block));
    compress();
  }
}

function storeDigest(lane: usize, id: u32): void {
  const at = output + (id << 5);
  for (let i: usize = 0; i < 8; i++) store<u32>(at + (i << 2), bswap<u32>(load<u32>(state + (i << 4) + (lane << 2))));
}

/** Hashes the first `count` waiting messages of a number of blocks; lanes without one repeat the last. */
function hashWaiting(blocks: u32, count: u32): void {
  const ids = waitingIds + (blocks << 4);
  for (let lane: u32 = 0; lane < 4; lane++) fillLane(lane, load<u32>(ids + (min(lane, count - 1) << 2)));
  hashLanes(blocks);
  for (let lane: u32 = 0; lane < count; lane++) storeDigest(lane, load<u32>(ids + (lane << 2)));
  store<u32>(waiting + (blocks << 2), 0);
}

function hashAlone(id: u32, blocks: u32): void {
  for (let lane: u32 = 0; lane < 4; lane++) fillLane(lane, id);
  hashLanes(blocks);
  storeDigest(0, id);
}

/** Hashes the first `count` messages; their digests lie one after the other. */
export function hashBatch(count: u32): void {
  for (let id: u32 = 0; id < count; id++) {
    const blocks = (load<u32>(ends + (id << 2)) - startOf(id) + 72) >> 6;
    if (blocks > SORTED_BLOCKS) {
      hashAlone(id, blocks);
      continue;
    }
    const already = load<u32>(waiting + (blocks << 2));
    store<u32>(waitingIds + (blocks << 4) + (already << 2), id);
    store<u32>(waiting + (blocks << 2), already + 1);
    if (already === 3) hashWaiting(blocks, 4);
  }
  for (let blocks: u32 = 1; blocks <= SORTED_BLOCKS; blocks++) {
    const left = load<u32>(waiting + (blocks << 2));
    if (left > 0) hashWaiting(blocks, left);
  }
}
