import {
  MsgExecLegacyContent,
  MsgSubmitProposal,
  type MsgVote as NewVote,
  MsgVoteWeighted as NewVoteWeighted,
} from "#proto/cosmos/gov/v1/tx";
import type { MsgDefinition, MsgVote, MsgVoteWeighted, MsgSubmitProposal as OldSubmitProposal } from "#proto/cosmos/gov/v1beta1/tx";
import { encodeMessage, explainCoins, formatCoins, formatDecimal, type MsgHandlers, parseDecAtomics, sdkError } from "#sdk";
import { requireContent } from "./content.ts";
import { deposit } from "./deposit.ts";
import type { Gov } from "./gov.ts";
import { submitProposal } from "./submit.ts";
import { checkVote, checkVoteWeighted, vote, voteWeighted } from "./vote.ts";

/** Messages of the old wire, each done as the new one that it means. */
export function legacyMessages(gov: Gov): MsgHandlers<typeof MsgDefinition> {
  return {
    submitProposal: (ctx, msg) => submitProposal(gov, ctx, newProposal(gov, msg)),
    vote: (ctx, msg) => vote(gov, ctx, newVote(msg)),
    voteWeighted: (ctx, msg) => voteWeighted(gov, ctx, newVoteWeighted(msg)),
    deposit: (ctx, msg) => deposit(gov, ctx, msg),
  };
}

/** @throws gov/5, gov/6, sdk/10 */
export function checkLegacySubmit(msg: OldSubmitProposal, env: Pick<Gov, "err">): void {
  requireContent(env, msg.content);
  if (explainCoins(msg.initialDeposit) !== undefined) throw sdkError.invalidCoins(formatCoins(msg.initialDeposit));
}

/** @throws gov/7 */
export function checkLegacyVote(msg: MsgVote, env: Pick<Gov, "err">): void {
  checkVote(newVote(msg), env);
}

/** @throws sdk/18, gov/7 */
export function checkLegacyVoteWeighted(msg: MsgVoteWeighted, env: Pick<Gov, "err">): void {
  checkVoteWeighted(newVoteWeighted(msg), env, "[]");
}

/** A proposal whose only message executes the content; its title and summary are the content's. */
function newProposal(gov: Gov, { content, initialDeposit, proposer }: OldSubmitProposal): MsgSubmitProposal {
  const { title, description } = requireContent(gov, content);
  const message = encodeMessage(MsgExecLegacyContent, { content, authority: gov.account });
  return MsgSubmitProposal.fromPartial({
    messages: [{ typeUrl: `/${MsgExecLegacyContent.$type}`, value: message }],
    initialDeposit,
    proposer,
    title,
    summary: description,
  });
}

function newVote({ proposalId, voter, option }: MsgVote): NewVote {
  return { proposalId, voter, option, metadata: "" };
}

function newVoteWeighted({ proposalId, voter, options }: MsgVoteWeighted): NewVoteWeighted {
  return NewVoteWeighted.fromPartial({
    proposalId,
    voter,
    options: options.map(({ option, weight }) => ({ option, weight: formatDecimal(parseDecAtomics(weight)) })),
  });
}
