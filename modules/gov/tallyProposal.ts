import type { Proposal } from "#proto/cosmos/gov/v1/gov";
import { parseDecimal, type ReadCtx } from "#sdk";
import type { Gov } from "./gov.ts";
import { countVotes, judgeVotes, type TallyPower, type TallyValidator, type TallyVote, type Verdict } from "./tally.ts";
import { findWeight } from "./vote.ts";

/** Staking's number for a bonded validator. */
const BONDED = 3;

/** The votes on a proposal as of now. Reads every vote and what every voter has staked; only when a proposal closes, or somebody asks. */
export function tallyProposal(gov: Gov, ctx: ReadCtx, { id, expedited }: Proposal): TallyPower & Verdict {
  const { staking } = gov.needs;
  const params = gov.params.get(ctx);
  const power = countVotes(bonded(gov, ctx), votesOn(gov, ctx, id));
  const verdict = judgeVotes(power, {
    totalBonded: staking.totalBonded(ctx),
    quorum: parseDecimal(params.quorum),
    threshold: parseDecimal(expedited ? params.expeditedThreshold : params.threshold),
    vetoThreshold: parseDecimal(params.vetoThreshold),
    burnVoteQuorum: params.burnVoteQuorum,
    burnVoteVeto: params.burnVoteVeto,
  });
  return { ...power, ...verdict };
}

function* bonded({ needs }: Gov, ctx: ReadCtx): Iterable<TallyValidator> {
  for (const validator of needs.staking.bondedByPower(ctx)) if (validator.status === BONDED) yield validator;
}

function* votesOn({ state, needs, address }: Gov, ctx: ReadCtx, id: bigint): Iterable<TallyVote> {
  for (const [[, voter], { options }] of state.votes.under(ctx, id))
    yield {
      operator: address.operator.format(address.parse(voter)),
      options: options.map((part) => ({ option: part.option, weightE18: findWeight(part) ?? 0n })),
      delegations: needs.staking.delegationsOf(ctx, voter),
    };
}
