import { type BoundState, coll, key, value } from "#sdk";
import { accruedValue, NO_ACCRUALS } from "./accrued.ts";
import { periodKey } from "./keys.ts";
import {
  commissionValue,
  currentValue,
  historicalValue,
  outstandingValue,
  poolValue,
  proposerValue,
  slashValue,
  startValue,
} from "./records.ts";

/** Prefix of the parameters; 0 belongs to the pool. */
export const PARAMS_PREFIX = 9;

const operator = key.delimited(key.operator);

/** State of x/distribution; prefixes, keys and values up to the parameters' are those of the Cosmos SDK. */
export const state = {
  /** The community pool. */
  pool: coll.item(0, poolValue, []),
  /** Consensus address of who proposed the last block. */
  proposer: coll.item(1, proposerValue),
  /** What a validator and its delegators have not withdrawn. */
  outstanding: coll.map(2, operator, outstandingValue),
  /** Account bytes that a delegator's rewards go to, where it is not the delegator's own. */
  withdrawAddresses: coll.map(3, key.delimited(key.address), value.bytes),
  /** Where the reckoning of a delegation begins: operator, delegator. */
  starts: coll.map(4, key.pair(key.operator, key.delimited(key.address)), startValue),
  /** Operator, period. */
  historical: coll.map(5, key.pair(key.operator, periodKey), historicalValue),
  current: coll.map(6, operator, currentValue),
  /** Commission that a validator has not withdrawn. */
  commission: coll.map(7, operator, commissionValue),
  /** Operator, height, period. */
  slashes: coll.map(8, key.pair(key.operator, key.pair(key.height, key.uint64)), slashValue),
  /** What the records of the last commit's validators do not have yet (books.ts). */
  accrued: coll.item(10, accruedValue, NO_ACCRUALS),
  /** Places of those whose records have it since this block: bit n stands for place n. */
  settled: coll.item(11, value.int, 0n),
};

export type DistributionState = BoundState<typeof state>;
