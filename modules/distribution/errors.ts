/** Errors of x/distribution: codes and texts of the Cosmos SDK, which wallets match. Codes that are not here are not raised. */
export const DISTRIBUTION_ERRORS = {
  noDelegationInfo: [5, "no delegation distribution info"],
  noValidatorInfo: [6, "no validator distribution info"],
  noCommission: [7, "no validator commission to withdraw"],
  withdrawAddressDisabled: [8, "set withdraw address disabled"],
  insufficientPool: [9, "community pool does not have sufficient coins to distribute"],
} as const;
