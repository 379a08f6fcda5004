/** Outcome of one vector file. */
export interface SelftestResult {
  /** Vectors whose every result field is as recorded. */
  readonly passed: number;
  /** Vectors that differ. */
  readonly failed: number;
  /** Names of vectors for operations that this build does not have. */
  readonly waiting: readonly string[];
  /** What differed, one line each. */
  readonly failures: readonly string[];
  /** What an operator should know besides, one line each. */
  readonly notes?: readonly string[];
}
