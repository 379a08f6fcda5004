/** Errors of x/evidence: codes and texts of the Cosmos SDK, which wallets match. 4 is free there, too. */
export const EVIDENCE_ERRORS = {
  noHandler: [2, "unregistered handler for evidence type"],
  invalidEvidence: [3, "invalid evidence"],
  evidenceExists: [5, "evidence already exists"],
} as const;
