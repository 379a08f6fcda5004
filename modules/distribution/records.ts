// What the state holds, as the transitions see it; stored as the Cosmos SDK's messages.
import {
  DelegatorStartingInfo,
  FeePool,
  ValidatorAccumulatedCommission,
  ValidatorCurrentRewards,
  ValidatorHistoricalRewards,
  ValidatorOutstandingRewards,
  ValidatorSlashEvent,
} from "#proto/cosmos/distribution/v1beta1/distribution";
import {
  concatBytes,
  type DecCoins,
  decodeDecCoins,
  encodeDecCoins,
  kept,
  type ProtoCodec,
  parseDecAtomics,
  sdkError,
  type ValueCodec,
  value,
} from "#sdk";
import { type CoinRecord, encodeCoinRecord } from "./coinRecord.ts";

/** What one atomic unit of stake has earned from a validator's creation to the end of a period. */
export interface Historical {
  readonly ratio: DecCoins;
  /** Who still needs it, 1 or 2. */
  readonly references: number;
}

/** The period that is not over. */
export interface Current {
  readonly rewards: DecCoins;
  /** From 1. */
  readonly period: bigint;
}

/** Where the reckoning of a delegation's rewards begins. */
export interface Start {
  /** Period that ended with the beginning. */
  readonly period: bigint;
  /** Atomic units times 10^18, rounded down. */
  readonly stakeE18: bigint;
  readonly height: bigint;
}

/** A slash. */
export interface SlashRecord {
  /** Period that ended with it. */
  readonly period: bigint;
  /** What was taken of the tokens, 0 to 10^18. */
  readonly fractionE18: bigint;
}

export const readHistorical = (m: ValidatorHistoricalRewards): Historical => ({
  ratio: decodeDecCoins(m.cumulativeRewardRatio),
  references: m.referenceCount,
});
export const writeHistorical = ({ ratio, references }: Historical): ValidatorHistoricalRewards => ({
  cumulativeRewardRatio: encodeDecCoins(ratio),
  referenceCount: references,
});
export const readCurrent = (m: ValidatorCurrentRewards): Current => ({ rewards: decodeDecCoins(m.rewards), period: m.period });
export const writeCurrent = ({ rewards, period }: Current): ValidatorCurrentRewards => ({ rewards: encodeDecCoins(rewards), period });
export const readStart = (m: DelegatorStartingInfo): Start => ({
  period: m.previousPeriod,
  stakeE18: parseDecAtomics(m.stake),
  height: m.height,
});
export const writeStart = ({ period, stakeE18, height }: Start): DelegatorStartingInfo => ({
  previousPeriod: period,
  stake: stakeE18.toString(),
  height,
});
export const readSlash = (m: ValidatorSlashEvent): SlashRecord => ({ period: m.validatorPeriod, fractionE18: parseDecAtomics(m.fraction) });
export const writeSlash = ({ period, fractionE18 }: SlashRecord): ValidatorSlashEvent => ({
  validatorPeriod: period,
  fraction: fractionE18.toString(),
});

/** How a record is stored: as a message. */
function stored<M, V>(type: ProtoCodec<M>, read: (message: M) => V, write: (v: V) => M): ValueCodec<V> {
  const message = value.proto(type);
  return { encode: (v) => message.encode(write(v)), decode: (bytes) => read(message.decode(bytes)), json: { proto: type.$type } };
}

/** The same for what is written often: coins stand in field 1, a number may stand in field 2. */
function storedCoins<M, V>(type: ProtoCodec<M>, read: (message: M) => V, parts: (v: V) => CoinRecord): ValueCodec<V> {
  const message = value.proto(type);
  return kept({
    encode: (v) => encodeCoinRecord(parts(v)),
    decode: (bytes) => read(message.decode(bytes)),
    json: { proto: type.$type },
  });
}

export const historicalValue = stored(ValidatorHistoricalRewards, readHistorical, writeHistorical);
export const currentValue = storedCoins(ValidatorCurrentRewards, readCurrent, ({ rewards, period }) => ({
  coins: rewards,
  number: period,
}));
export const startValue = stored(DelegatorStartingInfo, readStart, writeStart);
export const slashValue = stored(ValidatorSlashEvent, readSlash, writeSlash);
export const outstandingValue = storedCoins<ValidatorOutstandingRewards, DecCoins>(
  ValidatorOutstandingRewards,
  ({ rewards }) => decodeDecCoins(rewards),
  (coins) => ({ coins }),
);
export const commissionValue = storedCoins<ValidatorAccumulatedCommission, DecCoins>(
  ValidatorAccumulatedCommission,
  ({ commission }) => decodeDecCoins(commission),
  (coins) => ({ coins }),
);
export const poolValue = storedCoins<FeePool, DecCoins>(
  FeePool,
  ({ communityPool }) => decodeDecCoins(communityPool),
  (coins) => ({ coins }),
);

/** Tag of the only field of google.protobuf.BytesValue, in which the SDK wraps the proposer. */
const BYTES_TAG = 0x0a;
/** Lengths below this are one byte. */
const LONG = 0x80;

/** An address as BytesValue; none is one zero byte. */
export const proposerValue: ValueCodec<Uint8Array> = {
  encode(address) {
    if (address.length >= LONG) throw sdkError.logic(`an address below ${LONG} bytes expected, got ${address.length}`);
    return address.length === 0 ? Uint8Array.of(0) : concatBytes(Uint8Array.of(BYTES_TAG, address.length), address);
  },
  decode: (bytes) => bytes.slice(2),
  json: value.bytes.json,
};
