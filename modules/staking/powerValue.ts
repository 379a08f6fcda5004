import { sdkError, type ValueCodec } from "#sdk";

/** Tag of field 1 as a varint. */
const TAG = 0x08;
const BITS = 7n;
const MASK = 0x7fn;
/** Bytes whose digits, 7 bits each behind the tag, are an exact number: every change of stake reads the powers of the whole set. */
const EXACT = 1 + 7;

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
    const exact = Math.min(bytes.length, EXACT);
    let low = 0;
    for (let i = exact - 1; i > 0; i--) low = low * 128 + ((bytes[i] ?? 0) & 0x7f);
    let power = BigInt(low);
    for (let i = exact; i < bytes.length; i++) power |= (BigInt(bytes[i] ?? 0) & MASK) << (BITS * BigInt(i - 1));
    return power;
  },
  json: { to: String, from: () => 0n },
};
