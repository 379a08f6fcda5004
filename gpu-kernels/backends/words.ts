// Bytes and 16-bit integers as the words that shaders read. Copies are made only where the caller's array does not lie on whole words.

/** The bytes as words; zeros fill the last one. */
export function byteWords(bytes: Uint8Array): Uint32Array {
  if (bytes.length % 4 === 0 && bytes.byteOffset % 4 === 0) return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const words = new Uint32Array(Math.ceil(bytes.length / 4));
  new Uint8Array(words.buffer).set(bytes);
  return words;
}

/** Two elements in each word, the first in the lower half. @param length words; zeros fill what is missing */
export function pairWords(elements: Int16Array, length: number): Uint32Array {
  if (elements.length === 2 * length && elements.byteOffset % 4 === 0) return new Uint32Array(elements.buffer, elements.byteOffset, length);
  const words = new Uint32Array(length);
  new Int16Array(words.buffer).set(elements);
  return words;
}

/** Rows of `bytes` bytes, each beginning on a word of its own. */
export function alignRows(rows: Uint8Array, bytes: number): Uint32Array {
  if (bytes % 4 === 0) return byteWords(rows);
  const stride = Math.ceil(bytes / 4) * 4;
  const count = rows.length / bytes;
  const aligned = new Uint8Array(count * stride);
  for (let row = 0; row < count; row++) aligned.set(rows.subarray(row * bytes, (row + 1) * bytes), row * stride);
  return new Uint32Array(aligned.buffer);
}

/** Largest of numbers that are not negative; 0 of none. */
export function largest(numbers: Int32Array): number {
  let most = 0;
  for (const number of numbers) if (number > most) most = number;
  return most;
}

/** Least and greatest value; 0 and 0 of none. */
export function boundsOf(values: Int32Array): readonly [low: number, high: number] {
  let low = values[0] ?? 0;
  let high = low;
  for (const value of values) {
    if (value < low) low = value;
    else if (value > high) high = value;
  }
  return [low, high];
}
