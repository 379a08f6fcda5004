import { EventSlashed } from "#proto/hanzo/experience/v1/events";
import { Fault, type Round, type Vote } from "#proto/hanzo/experience/v1/types";
import type { Ctx } from "#sdk";
import { forfeit } from "../ledger.ts";
import type { Registry } from "../registry.ts";
import { faultName } from "../slash/fault.ts";

/** End of the votes: whoever committed and did not reveal loses the vote's bond. @returns the revealed votes, in the order of voters */
export function endVotes(registry: Registry, ctx: Ctx, round: Round): Vote[] {
  const { state, params } = registry;
  const votes = [...state.votes.under(ctx, round.id)].map(([, vote]) => vote);
  const fault = Fault.FAULT_VOTE_UNREVEALED;
  let lost = 0n;
  for (const vote of votes) {
    const { revealed, bond, voter: offender } = vote;
    if (revealed || BigInt(bond) === 0n) continue;
    lost += BigInt(bond);
    state.votes.set(ctx, [round.id, offender], { ...vote, bond: "0", fault });
    ctx.emit(EventSlashed, { entryId: 0n, roundId: round.id, offender, fault: faultName(fault), bond, bounty: "0" });
  }
  if (lost > 0n) forfeit(registry, ctx, params.get(ctx), lost);
  return votes.filter(({ revealed }) => revealed);
}
