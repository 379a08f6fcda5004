// WGSL of the kernels. All arithmetic is in 32-bit integers and every sum stays below 2^24, so that a shader has no way to differ from the host.
// `P` holds sizes and strides; `index` is that of this invocation over the whole two-dimensional dispatch.

/** Invocations of a workgroup: what every adapter has. */
export const WORKGROUP = 64;

/** Inputs are words of u32; outputs are declared by each shader, because some are added to atomically. */
function shader(inputs: readonly string[], outputs: readonly string[], body: string): string {
  const read = inputs.map((name, at) => `@group(0) @binding(${at + 1}) var<storage, read> ${name}: array<u32>;`);
  const write = outputs.map((output, at) => `@group(0) @binding(${inputs.length + at + 1}) var<storage, read_write> ${output};`);
  return `@group(0) @binding(0) var<uniform> P: array<vec4u, 2>;
${[...read, ...write].join("\n")}
var<private> index: u32;
fn bit(word: u32, at: u32) -> bool { return ((word >> (at & 31u)) & 1u) == 1u; }
fn low16(word: u32) -> i32 { return bitcast<i32>(word << 16u) >> 16u; }
fn high16(word: u32) -> i32 { return bitcast<i32>(word) >> 16u; }
${body}
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  index = id.y * groups.x * ${WORKGROUP}u + id.x;
  if (index < P[0].x) { step(); }
}`;
}

/**
 * One word of 32 signs for each invocation, and Σ|x| added to its row; a word of narrow matrices reaches over several rows.
 * P: invocations, columns. e: two elements in each word.
 */
export const SIGNS_AND_SUMS = shader(
  ["e"],
  ["signs: array<u32>", "sums: array<atomic<u32>>"],
  `fn step() {
  var word = 0u;
  for (var octet = 0u; octet < 4u; octet++) {
    var sum = 0u;
    for (var pair = 0u; pair < 4u; pair++) {
      let two = e[index * 16u + octet * 4u + pair];
      let at = octet * 8u + pair * 2u;
      word |= ((two >> 15u) & 1u) << at;
      word |= (two >> 31u) << (at + 1u);
      sum += u32(abs(low16(two))) + u32(abs(high16(two)));
    }
    let row = (index * 32u + octet * 8u) / P[0].y;
    if (sum > 0u) { atomicAdd(&sums[row], sum); }
  }
  signs[index] = word;
}`,
);

/** P: elements, columns. */
export const SPREAD = shader(
  ["signs", "magnitudes"],
  ["spread: array<i32>"],
  `fn step() {
  let magnitude = bitcast<i32>(magnitudes[index / P[0].y]);
  spread[index] = select(magnitude, -magnitude, bit(signs[index >> 5u], index));
}`,
);

/** Bisection on the value. P: columns of the matrix, n, threshold, first lower bound (as i32), first upper bound: `weigh` adds the weights at or below a value. */
function bisection(weigh: string): string {
  return `${weigh}
fn step() {
  var low = bitcast<i32>(P[0].w);
  var high = bitcast<i32>(P[1].x);
  while (low < high) {
    let middle = low + ((high - low) >> 1u);
    if (weight(middle) >= P[0].z) { high = middle; } else { low = middle + 1; }
  }
  result[index] = low;
}`;
}

export const MEDIAN = shader(
  ["values", "weights"],
  ["result: array<i32>"],
  bisection(`fn weight(limit: i32) -> u32 {
  var sum = 0u;
  for (var i = 0u; i < P[0].y; i++) {
    if (bitcast<i32>(values[i * P[0].x + index]) <= limit) { sum += weights[i]; }
  }
  return sum;
}`),
);

/** P[1]: upper bound, columns, rows. */
export const MEDIAN_1BIT = shader(
  ["signs", "magnitudes", "weights"],
  ["result: array<i32>"],
  bisection(`fn weight(limit: i32) -> u32 {
  let row = index / P[1].y;
  var sum = 0u;
  for (var i = 0u; i < P[0].y; i++) {
    let magnitude = bitcast<i32>(magnitudes[i * P[1].z + row]);
    let at = i * P[0].x + index;
    if (select(magnitude, -magnitude, bit(signs[at >> 5u], at)) <= limit) { sum += weights[i]; }
  }
  return sum;
}`),
);

/** Two neighbouring pairs for each invocation. P: invocations, contributors, rows, words of a row, pairs. signs: every row on words of its own. */
export const PAIR_DISTANCES = shader(
  ["signs"],
  ["distances: array<u32>"],
  `fn distance(pair: u32) -> u32 {
  let n = P[0].y;
  let words = P[0].w;
  let row = pair / (n * n);
  let i = ((pair / n) % n * P[0].z + row) * words;
  let j = (pair % n * P[0].z + row) * words;
  var sum = 0u;
  for (var word = 0u; word < words; word++) { sum += countOneBits(signs[i + word] ^ signs[j + word]); }
  return sum;
}
fn step() {
  var two = distance(2u * index);
  if (2u * index + 1u < P[1].x) { two |= distance(2u * index + 1u) << 16u; }
  distances[index] = two;
}`,
);

/** P: elements, columns, contributors. */
export const VOTE = shader(
  ["signs", "votes"],
  ["result: array<i32>"],
  `fn step() {
  let first = index / P[0].y * P[0].z;
  var sum = 0;
  for (var i = 0u; i < P[0].z; i++) {
    let vote = bitcast<i32>(votes[first + i]);
    let at = i * P[0].x + index;
    sum += select(vote, -vote, bit(signs[at >> 5u], at));
  }
  result[index] = sum;
}`,
);

/** Two codes for each invocation. P: invocations, words of a code, codes. */
export const DISTANCES = shader(
  ["query", "codes"],
  ["distances: array<u32>"],
  `fn distance(code: u32) -> u32 {
  var sum = 0u;
  for (var word = 0u; word < P[0].y; word++) { sum += countOneBits(query[word] ^ codes[code * P[0].y + word]); }
  return sum;
}
fn step() {
  var two = distance(2u * index);
  if (2u * index + 1u < P[0].z) { two |= distance(2u * index + 1u) << 16u; }
  distances[index] = two;
}`,
);

/** P: rows, pairs of columns. */
export const DOTS = shader(
  ["e", "u"],
  ["dots: array<i32>"],
  `fn step() {
  var sum = 0;
  for (var pair = 0u; pair < P[0].y; pair++) {
    let x = e[index * P[0].y + pair];
    let y = u[pair];
    sum += low16(x) * low16(y) + high16(x) * high16(y);
  }
  dots[index] = sum;
}`,
);

/** P: elements of all tenants, columns, elements of one matrix. */
export const APPLY_PRIORS = shader(
  ["base", "signs", "magnitudes"],
  ["result: array<i32>"],
  `fn step() {
  let magnitude = bitcast<i32>(magnitudes[index / P[0].y]);
  result[index] = bitcast<i32>(base[index % P[0].z]) + select(magnitude, -magnitude, bit(signs[index >> 5u], index));
}`,
);
