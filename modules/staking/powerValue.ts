import { sdkError, type ValueCodec } from "#sdk";

/** Tag of field 1 as a varint. */
const TAG = 0x08;
const BITS = 7n;
const MASK = 0x7fn;

/** A power as google.protobuf.Int64Value, which is how the Cosmos SDK stores it; above 0. */
export const powerValue: ValueCodec<bigint> = {
  encode(power) {
    if (power <= 0n) throw sdkError.logic(`a power above 0 expected, got ${power}`);
    const bytes = [TAG];
    let rest = power;
    for (; rest > MASK; rest >>= BITS) bytes.push(Number(rest & MASK) | 0x80);
    bytes.push(Number(rest));
    return Uint8Array.from(bytes);
  },
  decode(bytes) {
    let power = 0n;
    for (const [i, byte] of bytes.subarray(1).entries()) power |= (BigInt(byte) & MASK) << (BITS * BigInt(i));
    return power;
  },
  json: { to: String, from: () => 0n },
};
