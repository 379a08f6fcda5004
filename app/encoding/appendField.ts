/** Bytes that a length below 2³² takes as a varint. */
function lengthSize(length: number): number {
  let size = 1;
  for (let rest = length >>> 7; rest > 0; rest >>>= 7) size++;
  return size;
}

/**
 * An encoded message with more values of one of its length-delimited fields (messages, texts, bytes). The order of fields on the wire is free.
 * @param field number of the field, 1 to 15
 */
export function appendBytesField(message: Uint8Array, field: number, values: readonly Uint8Array[]): Uint8Array {
  let size = message.length;
  for (const { length } of values) size += 1 + lengthSize(length) + length;
  const joined = new Uint8Array(size);
  joined.set(message);
  let at = message.length;
  for (const value of values) {
    joined[at++] = (field << 3) | 2;
    let rest = value.length;
    for (; rest > 127; rest >>>= 7) joined[at++] = (rest & 127) | 128;
    joined[at++] = rest;
    joined.set(value, at);
    at += value.length;
  }
  return joined;
}
