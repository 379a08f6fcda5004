import { Proposal } from "#proto/cosmos/gov/v1/gov";
import { MsgExecLegacyContent, type MsgSubmitProposal } from "#proto/cosmos/gov/v1/tx";
import type { Any } from "#proto/google/protobuf/any";
import {
  type CoinAmount,
  type Ctx,
  decRound,
  durationNs,
  encodeMessage,
  explainAddressAsBefore,
  explainCoins,
  formatCoins,
  KV_GAS,
  parseDecimal,
  sdkError,
  toTimestamp,
  withBareAddressErrors,
} from "#sdk";
import { coinsOf, coversAll, shareOf } from "./coins.ts";
import { requireHandledContent } from "./content.ts";
import { addDeposit, requireDenoms } from "./deposit.ts";
import { type Gov, STATUS, setProposal } from "./gov.ts";
import { explainMetadata, requireMetadata, requireSummary } from "./metadata.ts";
import { emitVotingStart } from "./votingStart.ts";

/** What can be judged of a proposal without state. @throws sdk/10, sdk/18, gov/5, gov/11 */
export function checkSubmit(msg: MsgSubmitProposal, { err }: Pick<Gov, "err">): void {
  if (msg.title === "") throw sdkError.invalidRequest("proposal title cannot be empty");
  if (msg.summary === "") throw sdkError.invalidRequest("proposal summary cannot be empty");
  if (msg.messages.length === 0 && msg.metadata === "") throw err.noMessages("either metadata or Msgs length must be non-nil");
  const reason = explainMetadata(msg);
  if (reason !== undefined) throw err.invalidContent(reason);
  if (explainCoins(msg.initialDeposit) !== undefined) throw sdkError.invalidCoins(formatCoins(msg.initialDeposit));
}

/** MsgSubmitProposal: a proposal and its first deposit. */
export function submitProposal(gov: Gov, ctx: Ctx, msg: MsgSubmitProposal): { proposalId: bigint } {
  checkSubmit(msg, gov);
  const proposer = gov.address.canonical(msg.proposer);
  const coins = coinsOf(msg.initialDeposit);
  requireInitialDeposit(gov, ctx, coins, msg.expedited);
  requireDenoms(gov, gov.params.get(ctx), coins);
  const proposal = openProposal(gov, ctx, msg, proposer);
  // The SDK's charge for what lies in state until the proposal closes.
  ctx.gas(3n * KV_GAS.writePerByte * BigInt(encodeMessage(Proposal, proposal).length), "submit proposal");
  if (addDeposit(gov, ctx, proposal.id, proposer, coins)) emitVotingStart(ctx, "submit_proposal", proposal.id);
  return { proposalId: proposal.id };
}

function openProposal(gov: Gov, ctx: Ctx, msg: MsgSubmitProposal, proposer: string): Proposal {
  requireMetadata(gov, msg.metadata);
  requireSummary(gov, msg.summary);
  requireMetadata(gov, msg.title);
  for (const message of msg.messages) requireExecutable(gov, message);
  const id = gov.state.nextId.get(ctx);
  gov.state.nextId.set(ctx, id + 1n);
  const end = ctx.timeNs + durationNs(gov.params.get(ctx).maxDepositPeriod);
  const proposal = Proposal.fromPartial({
    id,
    messages: msg.messages,
    status: STATUS.depositPeriod,
    finalTallyResult: { yesCount: "0", abstainCount: "0", noCount: "0", noWithVetoCount: "0" },
    submitTime: toTimestamp(ctx.timeNs),
    depositEndTime: toTimestamp(end),
    metadata: msg.metadata,
    title: msg.title,
    summary: msg.summary,
    proposer,
    expedited: msg.expedited,
  });
  setProposal(gov, ctx, proposal);
  gov.state.inactive.set(ctx, [end, id], id);
  ctx.event("submit_proposal", [
    ["proposal_id", String(id)],
    ["proposal_proposer", proposer],
    // Every type with a comma before it, as the SDK writes them.
    ["proposal_messages", msg.messages.map(({ typeUrl }) => `,${typeUrl}`).join("")],
  ]);
  return proposal;
}

/** A message that the governance account alone may sign and that somebody handles. Like the SDK this looks no further: it may fail when it is executed. */
function requireExecutable(gov: Gov, packed: Any): void {
  if (!gov.ports.messages.handles(packed.typeUrl)) throw gov.err.unroutableMessage(packed.typeUrl);
  if (packed.typeUrl === LEGACY_CONTENT) requireAddressOf(gov, packed);
  const message = gov.ports.messages.read(packed);
  const signers = withBareAddressErrors(() => message.signers());
  if (signers.length !== 1) throw gov.err.invalidSigner();
  if (signers[0] !== gov.account) throw gov.err.invalidSigner(signers[0]);
  if (packed.typeUrl === LEGACY_CONTENT) requireHandledContent(gov, MsgExecLegacyContent.decode(packed.value).content);
}

const LEGACY_CONTENT = `/${MsgExecLegacyContent.$type}`;

/** The one message that the SDK still checks by itself when it is proposed. @throws gov/12 */
function requireAddressOf({ address, err }: Gov, { value }: Any): void {
  const reason = explainAddressAsBefore(address, MsgExecLegacyContent.decode(value).authority);
  if (reason !== undefined) throw err.invalidMessage(reason);
}

function requireInitialDeposit(gov: Gov, ctx: Ctx, coins: readonly CoinAmount[], expedited: boolean): void {
  const params = gov.params.get(ctx);
  const ratio = parseDecimal(params.minInitialDepositRatio);
  if (ratio === 0n) return;
  const whole = coinsOf(expedited ? params.expeditedMinDeposit : params.minDeposit);
  const least = whole.map(({ denom, amount }) => ({ denom, amount: decRound(shareOf(amount, ratio)) }));
  if (!coversAll(coins, least)) throw gov.err.depositTooSmall(`was (${formatCoins(coins)}), need (${formatCoins(least)})`);
}
