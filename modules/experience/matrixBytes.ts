/** Bytes of a matrix, little-endian whatever the machine. */
export function matrixBytes(matrix: Int16Array): Uint8Array {
  const bytes = new Uint8Array(2 * matrix.length);
  for (let i = 0; i < matrix.length; i++) {
    const value = matrix[i] as number;
    bytes[2 * i] = value & 255;
    bytes[2 * i + 1] = (value >> 8) & 255;
  }
  return bytes;
}
