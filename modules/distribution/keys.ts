// Keys of the store that are not made of plain addresses and numbers. Layouts are the Cosmos SDK's (x/distribution types/keys.go).
import { type KeyCodec, key } from "#sdk";

const BYTES = 8;

/** Number of a period, eight bytes with the lowest first. DETERMINISM: iterations follow these bytes, not the numbers. */
export const periodKey: KeyCodec<bigint> = {
  ...key.uint64,
  encode: (period, env) => key.uint64.encode(period, env).toReversed(),
  decode: (bytes, env) => key.uint64.decode(bytes.subarray(0, BYTES).toReversed(), env),
  encodePart: (period, env) => periodKey.encode(period, env),
  decodePart: (bytes, offset, env) => [periodKey.decode(bytes.subarray(offset, offset + BYTES), env), offset + BYTES],
};
