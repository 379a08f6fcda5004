import { VoteOption, type WeightedVoteOption } from "#proto/cosmos/gov/v1/gov";
import type { MsgVote, MsgVoteWeighted } from "#proto/cosmos/gov/v1/tx";
import { type Ctx, E18, formatDecimal, MathError, ModuleError, parseDecimal, sdkError } from "#sdk";
import type { Gov } from "./gov.ts";
import { requireMetadata } from "./metadata.ts";
import { OPTION } from "./tally.ts";

/** @throws gov/7 */
export function checkVote({ option }: MsgVote, { err }: Pick<Gov, "err">): void {
  if (!isOption(option)) throw err.invalidVote(optionName(option));
}

/** @throws sdk/18 without options, gov/7 when they are none or their weights do not add up to 1 */
export function checkVoteWeighted({ options }: MsgVoteWeighted, { err }: Pick<Gov, "err">): void {
  if (options.length === 0) throw sdkError.invalidRequest("null");
  const used = new Set<number>();
  let total = 0n;
  for (const option of options) {
    const weight = findWeight(option);
    if (weight === undefined) throw err.invalidVote(optionText(option));
    total += weight;
    if (used.has(option.option)) throw err.invalidVote("duplicated vote option");
    used.add(option.option);
  }
  if (total > E18) throw err.invalidVote("total weight overflow 1.00");
  if (total < E18) throw err.invalidVote("total weight lower than 1.00");
}

/** MsgVote: the whole power for one option. */
export function vote(gov: Gov, ctx: Ctx, msg: MsgVote): object {
  checkVote(msg, gov);
  addVote(gov, ctx, msg, [{ option: msg.option, weight: formatDecimal(E18) }]);
  return {};
}

/** MsgVoteWeighted: a part of the power for each of several options. */
export function voteWeighted(gov: Gov, ctx: Ctx, msg: MsgVoteWeighted): object {
  checkVoteWeighted(msg, gov);
  addVote(gov, ctx, msg, msg.options);
  return {};
}

/** Votes, in place of what the voter said before. @throws gov/3 when the proposal is not voted on, gov/15 */
function addVote(
  gov: Gov,
  ctx: Ctx,
  { proposalId, voter: given, metadata }: Pick<MsgVote, "proposalId" | "voter" | "metadata">,
  options: WeightedVoteOption[],
): void {
  if (!gov.state.voting.has(ctx, proposalId)) throw gov.err.inactiveProposal(String(proposalId));
  requireMetadata(gov, metadata);
  const voter = gov.address.canonical(given);
  gov.state.votes.set(ctx, [proposalId, voter], { proposalId, voter, options, metadata });
  ctx.event("proposal_vote", [
    ["voter", voter],
    ["option", `[${options.map(({ option, weight }) => `{"option":${option},"weight":${JSON.stringify(weight)}}`).join(",")}]`],
    ["proposal_id", String(proposalId)],
  ]);
}

/** Weight of a part of a vote, 10^-18; undefined when the option or the weight is none. */
export function findWeight({ option, weight }: WeightedVoteOption): bigint | undefined {
  if (!isOption(option)) return undefined;
  try {
    const parsed = parseDecimal(weight);
    return parsed > 0n && parsed <= E18 ? parsed : undefined;
  } catch (error) {
    if (error instanceof ModuleError || error instanceof MathError) return undefined;
    throw error;
  }
}

function isOption(option: number): boolean {
  return option === OPTION.yes || option === OPTION.abstain || option === OPTION.no || option === OPTION.veto;
}

function optionText({ option, weight }: WeightedVoteOption): string {
  return `option:${optionName(option)} weight:${JSON.stringify(weight)} `;
}

/** Name of an option, or the number of what is none. */
function optionName(option: number): string {
  return Object.entries(VoteOption).find(([, number]) => number === option)?.[0] ?? String(option);
}
