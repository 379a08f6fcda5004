import type { Ctx } from "#sdk";

/** Says, once more under the event of the message, that its deposit began the vote. */
export function emitVotingStart(ctx: Ctx, type: "submit_proposal" | "proposal_deposit", id: bigint): void {
  ctx.event(type, [["voting_period_start", String(id)]]);
}
