import { HistoricalInfo } from "#proto/cosmos/staking/v1beta1/staking";
import { Header } from "#proto/tendermint/types/types";
import { concatBytes, encodeMessage, kept, type ValueCodec, value } from "#sdk";

/** A block that is remembered. */
export interface PastBlock {
  readonly header: Header;
  /** Height under which its validator set is stored: that of the first of the remembered blocks in a row that have the same one. 0: nobody was in it. */
  readonly setHeight: bigint;
}

/** Tag of cosmos.staking.v1beta1.HistoricalInfo.valset. */
export const VALSET_TAG = (2 << 3) | 2;

const HEIGHT_BYTES = 8;

/** Height of the set, then the header. */
export const pastBlockValue: ValueCodec<PastBlock> = kept({
  encode: ({ header, setHeight }) => concatBytes(value.uint64.encode(setHeight), encodeMessage(Header, header)),
  decode: (bytes) => ({
    setHeight: value.uint64.decode(bytes.subarray(0, HEIGHT_BYTES)),
    header: Header.decode(bytes.subarray(HEIGHT_BYTES)),
  }),
  json: { proto: HistoricalInfo.$type },
});

/**
 * A remembered block on the wire.
 * @param valset who was in the set, as the bytes of `HistoricalInfo.valset`
 */
export function historicalInfo({ header }: PastBlock, valset: Uint8Array): HistoricalInfo {
  return { ...HistoricalInfo.decode(valset), header };
}
