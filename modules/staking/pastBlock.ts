import { HistoricalInfo } from "#proto/cosmos/staking/v1beta1/staking";
import type { Header } from "#proto/tendermint/types/types";
import { concatBytes, encodeMessage, sdkError, type ValueCodec } from "#sdk";

/** A block that is remembered. */
export interface PastBlock {
  readonly header: Header;
  /** Who was in the set, as the bytes of `HistoricalInfo.valset`. */
  readonly valset: Uint8Array;
}

/** Tag of cosmos.staking.v1beta1.HistoricalInfo.valset. */
export const VALSET_TAG = (2 << 3) | 2;

/** Blocks are written each time and read hardly ever: the set goes in as the bytes that its validators are stored as. */
export const pastBlockValue: ValueCodec<PastBlock> = {
  encode: ({ header, valset }) => concatBytes(encodeMessage(HistoricalInfo, { header, valset: [] }), valset),
  decode(bytes) {
    const { header, valset } = HistoricalInfo.decode(bytes);
    if (header === undefined) throw sdkError.logic("a remembered block with a header expected");
    return { header, valset: HistoricalInfo.encode({ header: undefined, valset }).finish() };
  },
  json: { proto: HistoricalInfo.$type },
};

/** A remembered block on the wire. */
export function historicalInfo({ header, valset }: PastBlock): HistoricalInfo {
  return { ...HistoricalInfo.decode(valset), header };
}
