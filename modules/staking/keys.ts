// Keys of the store that are not made of plain addresses and numbers. Layouts are the Cosmos SDK's (x/staking types/keys.go).
import { concatBytes, type KeyCodec, key, sdkError } from "#sdk";

/** Where a validator stands by power: most power last, among equals the lower address last. */
export interface PowerKey {
  readonly power: bigint;
  readonly operator: string;
}

const POWER_BYTES = 8;

/** Power, then the operator's length and its bytes inverted: read backwards, equals come in the order of their addresses. */
export const powerKey: KeyCodec<PowerKey> = lastOnly({
  encode({ power, operator }, env) {
    const address = env.address.operator.parse(operator);
    return concatBytes(key.uint64.encode(power, env), Uint8Array.of(address.length), inverted(address));
  },
  decode(bytes, env) {
    const power = key.uint64.decode(bytes.slice(0, POWER_BYTES), env);
    return { power, operator: env.address.operator.format(inverted(bytes.slice(POWER_BYTES + 1))) };
  },
});

/** All bits the other way round. Byte by byte: every change of stake reads the keys of the whole set, and `map` with a function takes six times as long. */
function inverted(bytes: Uint8Array): Uint8Array {
  const result = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) result[i] = ~(bytes[i] ?? 0);
  return result;
}

/** End of a validator's unbonding. */
export interface QueueSlot {
  /** Nanoseconds since 1970-01-01 UTC. */
  readonly timeNs: bigint;
  readonly height: bigint;
}

const HEIGHT_BYTES = 8;

/** Length of the time's text as eight bytes, the time, the height. */
export const slotKey: KeyCodec<QueueSlot> = lastOnly({
  encode({ timeNs, height }, env) {
    const time = key.time.encode(timeNs, env);
    return concatBytes(key.uint64.encode(BigInt(time.length), env), time, key.height.encode(height, env));
  },
  decode(bytes, env) {
    const end = bytes.length - HEIGHT_BYTES;
    return { timeNs: key.time.decode(bytes.subarray(HEIGHT_BYTES, end), env), height: key.height.decode(bytes.subarray(end), env) };
  },
});

/** A key that no other part follows. */
function lastOnly<K>(codec: Pick<KeyCodec<K>, "encode" | "decode">): KeyCodec<K> {
  const refuse = (): never => {
    throw sdkError.logic("a key that stands alone expected");
  };
  return { ...codec, encodePart: refuse, decodePart: refuse, toJson: refuse, fromJson: refuse };
}
