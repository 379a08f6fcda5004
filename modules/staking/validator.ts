import { type BondStatus, type Description, Validator as ValidatorMessage } from "#proto/cosmos/staking/v1beta1/staking";
import type { Any } from "#proto/google/protobuf/any";
import { memoized, sdkError, timestampNs, toTimestamp, type ValueCodec, value } from "#sdk";

/** Whether a validator is in the set: numbers of the wire. */
export const STATUS = { unbonded: 1, unbonding: 2, bonded: 3 } as const;
export type Status = (typeof STATUS)[keyof typeof STATUS];

/** Commission of a validator; rates in units of 10^-18. */
export interface Commission {
  readonly rateE18: bigint;
  readonly maxRateE18: bigint;
  readonly maxChangeRateE18: bigint;
  readonly updateTimeNs: bigint;
}

/** A validator as the transitions see it. INVARIANT: tokens and shares are not negative; without shares there are no tokens. */
export interface Validator {
  /** Bech32 text of the operator. */
  readonly operator: string;
  readonly consPubKey: Any;
  readonly jailed: boolean;
  readonly status: Status;
  /** Atomic units. */
  readonly tokens: bigint;
  /** All shares of its delegators, units of 10^-18. */
  readonly sharesE18: bigint;
  readonly description: Description;
  readonly unbondingHeight: bigint;
  readonly unbondingTimeNs: bigint;
  readonly commission: Commission;
  /** Atomic units. */
  readonly minSelfDelegation: bigint;
  /** Modules that hold its unbonding up. */
  readonly onHold: bigint;
  readonly unbondingIds: readonly bigint[];
}

/** A validator off the wire. @throws sdk/18 for a field that is missing or a status that is none */
export function decodeValidator(message: ValidatorMessage): Validator {
  const { consensusPubkey, status, description, commission } = message;
  if (consensusPubkey === undefined) throw sdkError.invalidRequest("a validator with a consensus key expected");
  if (status !== STATUS.unbonded && status !== STATUS.unbonding && status !== STATUS.bonded)
    throw sdkError.invalidRequest(`validator status unbonded, unbonding or bonded expected, got ${status}`);
  const rates = commission?.commissionRates;
  return {
    operator: message.operatorAddress,
    consPubKey: consensusPubkey,
    jailed: message.jailed,
    status,
    tokens: BigInt(message.tokens),
    sharesE18: BigInt(message.delegatorShares),
    description: description ?? { moniker: "", identity: "", website: "", securityContact: "", details: "" },
    unbondingHeight: message.unbondingHeight,
    unbondingTimeNs: timestampNs(message.unbondingTime),
    commission: {
      rateE18: BigInt(rates?.rate ?? 0),
      maxRateE18: BigInt(rates?.maxRate ?? 0),
      maxChangeRateE18: BigInt(rates?.maxChangeRate ?? 0),
      updateTimeNs: timestampNs(commission?.updateTime),
    },
    minSelfDelegation: BigInt(message.minSelfDelegation),
    onHold: message.unbondingOnHoldRefCount,
    unbondingIds: message.unbondingIds,
  };
}

/** A validator for the wire. */
export function encodeValidator(validator: Validator): ValidatorMessage {
  const { commission } = validator;
  return {
    operatorAddress: validator.operator,
    consensusPubkey: validator.consPubKey,
    jailed: validator.jailed,
    status: validator.status as BondStatus,
    tokens: validator.tokens.toString(),
    delegatorShares: validator.sharesE18.toString(),
    description: validator.description,
    unbondingHeight: validator.unbondingHeight,
    unbondingTime: toTimestamp(validator.unbondingTimeNs),
    commission: {
      commissionRates: {
        rate: commission.rateE18.toString(),
        maxRate: commission.maxRateE18.toString(),
        maxChangeRate: commission.maxChangeRateE18.toString(),
      },
      updateTime: toTimestamp(commission.updateTimeNs),
    },
    minSelfDelegation: validator.minSelfDelegation.toString(),
    unbondingOnHoldRefCount: validator.onHold,
    unbondingIds: [...validator.unbondingIds],
  };
}

const message = value.proto(ValidatorMessage);

/** How validators are stored: as on the wire. */
export const validatorValue: ValueCodec<Validator> = memoized({
  encode: (validator) => message.encode(encodeValidator(validator)),
  decode: (bytes) => decodeValidator(message.decode(bytes)),
  json: { proto: ValidatorMessage.$type },
});
