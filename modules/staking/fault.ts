/** An infraction and what it costs. */
export interface Fault {
  /** Height at which the validator did it: stake that left earlier had no part in it. */
  readonly height: bigint;
  /** Part of the stake that is taken, units of 10^-18, at least 0. */
  readonly fractionE18: bigint;
}
