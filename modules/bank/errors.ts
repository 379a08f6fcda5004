/** Errors of x/bank: codes and texts of the Cosmos SDK, which wallets match. 6 (`client denom metadata not found`), 7 and 8 are not raised here. */
export const BANK_ERRORS = {
  noInputs: [2, "no inputs to send transaction"],
  noOutputs: [3, "no outputs to send transaction"],
  inputOutputMismatch: [4, "sum inputs != sum outputs"],
  sendDisabled: [5, "send transactions are disabled"],
  multipleSenders: [9, "multiple senders not allowed"],
} as const;
