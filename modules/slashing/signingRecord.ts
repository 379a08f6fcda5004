// A validator's record as it stands in the store. Most validators sign every block, which changes nothing of the record but its number of counted
// blocks: that follows from the height, so that such blocks need not write.
import { ValidatorSigningInfo } from "#proto/cosmos/slashing/v1beta1/slashing";
import { concatBytes, type ValueCodec, value } from "#sdk";

/** What is stored of a validator. */
export interface SigningRecord {
  /** As it was after the block of height `steadySince`; of a validator that is not steady, as it is. */
  readonly info: ValidatorSigningInfo;
  /** Each block since counted the validator's vote, and none of them changed anything else. 0: it is not steady. */
  readonly steadySince: bigint;
}

const HEIGHT_BYTES = 8;
const info = value.proto(ValidatorSigningInfo);

/** The height in eight bytes, then the record as the Cosmos SDK writes it. */
export const signingRecord: ValueCodec<SigningRecord> = {
  encode: (record) => concatBytes(value.uint64.encode(record.steadySince), info.encode(record.info)),
  decode: (bytes) => ({
    steadySince: value.uint64.decode(bytes.subarray(0, HEIGHT_BYTES)),
    info: info.decode(bytes.subarray(HEIGHT_BYTES)),
  }),
  json: { proto: ValidatorSigningInfo.$type },
};

/**
 * The record after the block of a height.
 * CONTRACT: that block has counted its votes, and no later one has.
 */
export function infoAfter({ info, steadySince }: SigningRecord, height: bigint): ValidatorSigningInfo {
  if (steadySince === 0n || steadySince === height) return info;
  return { ...info, indexOffset: info.indexOffset + height - steadySince };
}
