/** Errors of x/authz: codes and texts of the Cosmos SDK, which wallets match. 5 and 6 are not raised here: an expired grant is none. */
export const AUTHZ_ERRORS = {
  noAuthorization: [2, "authorization not found"],
  invalidExpiration: [3, "expiration time of authorization should be more than current time"],
  unknownAuthorizationType: [4, "unknown authorization type"],
  granteeIsGranter: [7, "grantee and granter should be different"],
  numberOfSigners: [9, "authorization can be given to msg with only one signer"],
  negativeMaxTokens: [12, "max tokens should be positive"],
} as const;
