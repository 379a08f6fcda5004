import { Deposit, Proposal, Vote } from "#proto/cosmos/gov/v1/gov";
import { type BoundState, coll, key, value } from "#sdk";

/** Prefix of the parameters; 0 belongs to the proposals. */
export const PARAMS_PREFIX = 48;

/** A proposal's number, then an account that still carries its length. */
const ofProposal = key.pair(key.uint64, key.delimited(key.address));
/** When something is due, nanoseconds since 1970-01-01 UTC, then a proposal's number. */
const due = key.pair(key.time, key.uint64);

/** State of x/gov; prefixes, keys and values are those of the Cosmos SDK. */
export const state = {
  proposals: coll.map(0, key.uint64, Proposal),
  /** Proposals that are voted on, by the end of the vote. */
  active: coll.map(1, due, value.uint64),
  /** Proposals that collect deposits, by the end of the collection. */
  inactive: coll.map(2, due, value.uint64),
  /** Number of the next proposal. */
  nextId: coll.item(3, value.uint64, 1n),
  /** Proposals that are voted on, by number. */
  voting: coll.map(4, key.uint64, value.bool),
  /** Of open proposals. */
  deposits: coll.map(16, ofProposal, Deposit),
  /** On open proposals. */
  votes: coll.map(32, ofProposal, Vote),
  /** What the chain wants to be, in words; absent when it says nothing. */
  constitution: coll.item(49, value.string),
};

export type GovState = BoundState<typeof state>;
