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

/**
 * @param none how the SDK prints no options, which the wires differ in
 * @throws sdk/18 without options, gov/7 when they are none or their weights do not add up to 1
 */
export function checkVoteWeighted({ options }: MsgVoteWeighted, { err }: Pick<Gov, "err">, none = "null"): void {
  if (options.length === 0) throw sdkError.invalidRequest(none);
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

/** A part of a vote as the SDK prints it (compact text of protobuf): what is unset is left out. */
function optionText({ option, weight }: WeightedVoteOption): string {
  // Of a number that is no option its last byte is printed.
  const name = isOption(option) ? optionName(option) : String(option & 0xff);
  const named = option === VoteOption.VOTE_OPTION_UNSPECIFIED ? "" : `option:${name} `;
  return weight === "" ? named : `${named}weight:${quoteProtoText(weight)} `;
}

/** A text as Go's protobuf quotes it: bytes that are no printable ASCII in octal. */
function quoteProtoText(text: string): string {
  let quoted = "";
  for (const byte of new TextEncoder().encode(text)) {
    const character = String.fromCharCode(byte);
    const named = PROTO_ESCAPES.get(character);
    if (named !== undefined) quoted += named;
    else quoted += byte >= 0x20 && byte < 0x7f ? character : `\\${byte.toString(8).padStart(3, "0")}`;
  }
  return `"${quoted}"`;
}

const PROTO_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ['"', '\\"'],
  ["\\", "\\\\"],
]);

/** Name of an option, or the number of what is none. */
function optionName(option: number): string {
  const known = Object.entries(VoteOption).find(([, number]) => number === option && number !== VoteOption.UNRECOGNIZED);
  return known?.[0] ?? String(option);
}
