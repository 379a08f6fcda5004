import { Any } from "#proto/google/protobuf/any";
import { type BoundState, coll, type KeyCodec, kept, key, sdkError, value } from "#sdk";
import { signingRecord } from "./signingRecord.ts";

const MAX_ADDRESS_BYTES = 255;
const NUMBER_BYTES = 8;

/** Number of a chunk, lowest byte first: the SDK's key, whose order is not that of the numbers. Only as the last part of a key. */
const chunkNumber: KeyCodec<bigint> = {
  ...key.uint64,
  encode: (number, env) => key.uint64.encode(number, env).reverse(),
  decode: (bytes, env) => key.uint64.decode(bytes.slice().reverse(), env),
};

const consAddress = key.delimited(key.bytes);

/** Of a validator's chunk: every vote reads one, so the key is laid out at once. */
const chunkKey: KeyCodec<readonly [Uint8Array, bigint]> = {
  ...key.pair(consAddress, chunkNumber),
  encode([address, number]) {
    if (address.length > MAX_ADDRESS_BYTES)
      throw sdkError.logic(`an address of at most ${MAX_ADDRESS_BYTES} bytes expected, got ${address.length}`);
    const bytes = new Uint8Array(1 + address.length + NUMBER_BYTES);
    bytes[0] = address.length;
    bytes.set(address, 1);
    new DataView(bytes.buffer).setBigUint64(1 + address.length, number, true);
    return bytes;
  },
};

/** State of x/slashing; prefixes and keys of 1 to 3 are those of the Cosmos SDK. Validators are known by the address of their consensus key. */
export const state = {
  /** Everybody who was ever bonded: stays when the validator is removed, so that a tombstone holds for ever. signingInfo.ts reads and writes them. */
  signingRecords: coll.map(1, consAddress, kept(signingRecord)),
  /** Missed blocks by validator and chunk of bits; bitmap.ts reads and writes them. */
  missedBlocks: coll.map(2, chunkKey, value.bytes),
  /** Consensus keys of the validators that exist. */
  pubKeys: coll.map(3, consAddress, Any),
  /** How many were steady after the last count. Who was and is not any more is looked for when fewer of them are counted. */
  steadyCount: coll.item(4, value.uint64, 0n),
};

export type SlashingState = BoundState<typeof state>;
