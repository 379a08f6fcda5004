/** Errors of x/slashing: codes and texts of the Cosmos SDK, which wallets match. 2, 3 and 6 are not raised: x/staking says first that nobody is there. */
export const SLASHING_ERRORS = {
  validatorJailed: [4, "validator still jailed; cannot be unjailed"],
  validatorNotJailed: [5, "validator not jailed; cannot be unjailed"],
  selfDelegationTooLow: [7, "validator's self delegation less than minimum; cannot be unjailed"],
  noSigningInfo: [8, "no validator signing info found"],
  validatorTombstoned: [9, "validator already tombstoned"],
} as const;
