import { IntProto } from "#proto/cosmos/base/v1beta1/coin";
import {
  ConsKeyEvidenceExpiry,
  Delegation,
  DVPairs,
  DVVTriplets,
  Redelegation,
  UnbondingDelegation,
  ValAddresses,
  ValidatorUpdates,
} from "#proto/cosmos/staking/v1beta1/staking";
import { Any } from "#proto/google/protobuf/any";
import { type BoundState, coll, key, value } from "#sdk";
import { lockValue } from "./consKeyLock.ts";
import { powerKey, slotKey } from "./keys.ts";
import { pastBlockValue } from "./pastBlock.ts";
import { powerValue } from "./powerValue.ts";
import { validatorValue } from "./validator.ts";

/** Prefix of the parameters. */
export const PARAMS_PREFIX = 0x51;

/** Prefixes of what can be unbonding: an id leads to a whole store key. */
export const UNBONDING_PREFIX = 0x32;
export const REDELEGATION_PREFIX = 0x34;
export const VALIDATOR_PREFIX = 0x21;

const operator = key.delimited(key.operator);

/**
 * State of x/staking; prefixes, keys and values are those of the Cosmos SDK, except that rows of indexes hold one byte instead of none and that
 * remembered blocks share their validator sets.
 */
export const state = {
  /** Power of each validator in the set, as CometBFT was told it last. */
  lastPowers: coll.map(0x11, operator, powerValue),
  /** Sum of these. */
  lastTotalPower: coll.item(0x12, IntProto),
  validators: coll.map(VALIDATOR_PREFIX, operator, validatorValue),
  /** Operator bytes by consensus address. */
  byConsAddress: coll.map(0x22, key.delimited(key.bytes), value.bytes),
  /** Operator bytes by power; jailed validators are not there. */
  byPower: coll.map(0x23, powerKey, value.bytes),
  delegations: coll.map(0x31, key.pair(key.address, operator), Delegation),
  unbondings: coll.map(UNBONDING_PREFIX, key.pair(key.address, operator), UnbondingDelegation),
  unbondingsByValidator: coll.map(0x33, key.pair(key.operator, key.delimited(key.address)), value.bool),
  redelegations: coll.map(REDELEGATION_PREFIX, key.pair(key.address, key.pair(key.operator, operator)), Redelegation),
  /** Source, delegator, destination. */
  redelegationsBySource: coll.map(0x35, key.pair(key.operator, key.pair(key.address, operator)), value.bool),
  /** Destination and delegator, source. */
  redelegationsByDestination: coll.map(0x36, key.pair(key.pair(key.operator, key.address), operator), value.bool),
  /** The id that was given last. */
  lastUnbondingId: coll.item(0x37, value.uint64, 0n),
  /** Store key, prefix included, of what an id belongs to. */
  unbondingIndex: coll.map(0x38, key.uint64, value.bytes),
  /** Kind of what an id belongs to; stays when it has ended. */
  unbondingTypes: coll.map(0x39, key.uint64, value.uint64),
  /** Unbonding delegations by the time that an entry ends. */
  unbondingQueue: coll.map(0x41, key.time, DVPairs),
  redelegationQueue: coll.map(0x42, key.time, DVVTriplets),
  validatorQueue: coll.map(0x43, slotKey, ValAddresses),
  history: coll.map(0x50, key.height, pastBlockValue),
  /** Validator sets of remembered blocks, as the bytes of `HistoricalInfo.valset`, by the height of the first block in a row that has it. */
  pastSets: coll.map(0x52, key.height, value.bytes),
  /** Changes of the validator set that the last block made. */
  updates: coll.item(0x61, ValidatorUpdates),
  delegationsByValidator: coll.map(0x71, key.pair(key.operator, key.address), value.bool),
  /** Validators that changed their key, by the time from which they may again. */
  rotationQueue: coll.map(0x91, key.pair(key.time, operator), value.bool),
  /** The same by operator. */
  rotated: coll.map(0x92, operator, value.bool),
  /** Consensus addresses that no validator may take, and why. */
  consKeyLocks: coll.map(0x93, key.delimited(key.bytes), lockValue),
  /** New keys by the height at whose end their validators get them. */
  rotationApplyQueue: coll.map(0x94, key.pair(key.height, operator), Any),
  /** Given-up consensus addresses by the last moment at which evidence may name them. */
  evidenceQueue: coll.map(0x95, key.pair(key.time, key.delimited(key.bytes)), ConsKeyEvidenceExpiry),
};

export type StakingState = BoundState<typeof state>;
