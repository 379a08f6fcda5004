import { decMul, decQuo, decTruncate, E18 } from "#sdk";

/** Numbers of `VoteOption`. */
export const OPTION = { yes: 1, abstain: 2, no: 3, veto: 4 } as const;

/** A part of a vote. */
export interface TallyOption {
  /** One of {@link OPTION}. */
  readonly option: number;
  /** Share of the voter's power, 10^-18. */
  readonly weightE18: bigint;
}

/** What somebody voted. */
export interface TallyVote {
  /** Operator address that the voter has as a validator, whether there is one or not. */
  readonly operator: string;
  readonly options: readonly TallyOption[];
  /** All that the voter has staked. */
  readonly delegations: Iterable<TallyDelegation>;
}

/** What somebody has staked on a validator. */
export interface TallyDelegation {
  readonly operator: string;
  readonly sharesE18: bigint;
}

/** A bonded validator. */
export interface TallyValidator {
  readonly operator: string;
  /** Atomic units bonded. */
  readonly tokens: bigint;
  /** Shares in them, 10^-18. */
  readonly sharesE18: bigint;
}

/** Voting power by option, in 10^-18 atomic units of stake. */
export interface TallyPower {
  readonly total: bigint;
  readonly yes: bigint;
  readonly abstain: bigint;
  readonly no: bigint;
  readonly veto: bigint;
}

/**
 * Counts votes as the Cosmos SDK does: who votes counts with the own stake; a validator who votes counts for everybody on it who did not.
 * Votes of accounts without stake count for nothing. Every product and quotient is rounded to 18 places, halves to even, in the SDK's order.
 */
export function countVotes(validators: Iterable<TallyValidator>, votes: Iterable<TallyVote>): TallyPower {
  const bonded = new Map<string, { readonly validator: TallyValidator; deducted: bigint; options: readonly TallyOption[] }>();
  for (const validator of validators) bonded.set(validator.operator, { validator, deducted: 0n, options: [] });
  const power = new Map<number, bigint>();
  let total = 0n;
  const count = ({ tokens, sharesE18: all }: TallyValidator, sharesE18: bigint, options: readonly TallyOption[]): void => {
    // A validator without shares has no power that could be shared out.
    if (all === 0n) return;
    const votingPower = decQuo(sharesE18 * tokens, all);
    for (const { option, weightE18 } of options) power.set(option, (power.get(option) ?? 0n) + decMul(votingPower, weightE18));
    total += votingPower;
  };
  for (const { operator, options, delegations } of votes) {
    const own = bonded.get(operator);
    if (own !== undefined) own.options = options;
    for (const delegation of delegations) {
      const found = bonded.get(delegation.operator);
      if (found === undefined) continue;
      found.deducted += delegation.sharesE18;
      count(found.validator, delegation.sharesE18, options);
    }
  }
  for (const { validator, deducted, options } of bonded.values())
    if (options.length > 0) count(validator, validator.sharesE18 - deducted, options);
  const of = (option: number): bigint => power.get(option) ?? 0n;
  return { total, yes: of(OPTION.yes), abstain: of(OPTION.abstain), no: of(OPTION.no), veto: of(OPTION.veto) };
}

/** What decides; shares in 10^-18. */
export interface TallyRules {
  /** Atomic units of bonded stake. */
  readonly totalBonded: bigint;
  readonly quorum: bigint;
  readonly threshold: bigint;
  readonly vetoThreshold: bigint;
  readonly burnVoteQuorum: boolean;
  readonly burnVoteVeto: boolean;
}

/** What votes come to. */
export interface Verdict {
  readonly passes: boolean;
  /** Whether the deposits are burned instead of given back. */
  readonly burns: boolean;
}

/** Judges counted votes: quorum, then whether anybody had an opinion, then vetoes, then the threshold (cosmos-sdk x/gov Tally). */
export function judgeVotes(power: TallyPower, rules: TallyRules): Verdict {
  const rejected = (burns: boolean): Verdict => ({ passes: false, burns });
  if (rules.totalBonded === 0n) return rejected(false);
  if (decQuo(power.total, rules.totalBonded * E18) < rules.quorum) return rejected(rules.burnVoteQuorum);
  const decided = power.total - power.abstain;
  if (decided === 0n) return rejected(false);
  if (decQuo(power.veto, power.total) > rules.vetoThreshold) return rejected(rules.burnVoteVeto);
  return decQuo(power.yes, decided) > rules.threshold ? { passes: true, burns: false } : rejected(false);
}

/** Whole atomic units by option, towards zero, as a proposal shows them. */
export function tallyTexts(power: TallyPower): { yesCount: string; abstainCount: string; noCount: string; noWithVetoCount: string } {
  const text = (atomics: bigint): string => decTruncate(atomics).toString();
  return { yesCount: text(power.yes), abstainCount: text(power.abstain), noCount: text(power.no), noWithVetoCount: text(power.veto) };
}
