/** Errors of x/feegrant: codes and texts of the Cosmos SDK, which wallets match. */
export const FEEGRANT_ERRORS = {
  limitExceeded: [2, "fee limit exceeded"],
  expired: [3, "fee allowance expired"],
  invalidDuration: [4, "invalid duration"],
  noAllowance: [5, "no allowance"],
  noMessages: [6, "allowed messages are empty"],
  messageNotAllowed: [7, "message not allowed"],
} as const;
