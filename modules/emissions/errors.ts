/** Errors of x/emissions. */
export const EMISSIONS_ERRORS = {
  invalidParams: [2, "invalid emission parameters"],
  exceedsAuthorization: [3, "more than is authorised"],
  invalidGenesis: [4, "invalid emissions genesis"],
} as const;
