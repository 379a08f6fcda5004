/** Errors of x/bank: codes and texts of the Cosmos SDK, which wallets match. 6 (`client denom metadata not found`) and 7 are not raised here; 8 is raised by x/authz, for a SendAuthorization. */
export const BANK_ERRORS = {
  noInputs: [2, "no inputs to send transaction"],
  noOutputs: [3, "no outputs to send transaction"],
  inputOutputMismatch: [4, "sum inputs != sum outputs"],
  sendDisabled: [5, "send transactions are disabled"],
  duplicateEntry: [8, "duplicate entry"],
  multipleSenders: [9, "multiple senders not allowed"],
} as const;
