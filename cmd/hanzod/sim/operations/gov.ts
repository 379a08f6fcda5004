import { MsgFundCommunityPool } from "#proto/cosmos/distribution/v1beta1/tx";
import { type Params, type Proposal, ProposalStatus, VoteOption } from "#proto/cosmos/gov/v1/gov";
import {
  MsgCancelProposal,
  MsgDeposit,
  MsgExecLegacyContent,
  MsgSubmitProposal,
  MsgUpdateParams,
  MsgVote,
  MsgVoteWeighted,
} from "#proto/cosmos/gov/v1/tx";
import { TextProposal } from "#proto/cosmos/gov/v1beta1/gov";
import { MsgSubmitProposal as OldSubmitProposal, MsgVote as OldVote } from "#proto/cosmos/gov/v1beta1/tx";
import type { Any } from "#proto/google/protobuf/any";
import { createAddressCodec, encodeMessage, moduleAddress, type ProtoCodec } from "../../../../app/sdk/index.ts";
import { DEFAULT_PARAMS } from "../../../../modules/gov/params.ts";
import type { World } from "../chain/world.ts";
import { chosen, governed, type Operation, operation } from "./operation.ts";

const { VOTE_OPTION_YES: YES, VOTE_OPTION_ABSTAIN, VOTE_OPTION_NO, VOTE_OPTION_NO_WITH_VETO } = VoteOption;
const OTHERS = [VOTE_OPTION_ABSTAIN, VOTE_OPTION_NO, VOTE_OPTION_NO_WITH_VETO] as const;
const AI = 10n ** 18n;
const seconds = (count: number) => ({ seconds: BigInt(count), nanos: 0 });

/** Parameters with which proposals close within some blocks. @param voting seconds of an ordinary vote, above 10 */
export function quickGovParams(denom: string, voting: number): Params {
  const coins = (count: bigint) => [{ denom, amount: String(count * AI) }];
  return {
    ...DEFAULT_PARAMS,
    minDeposit: coins(10n),
    expeditedMinDeposit: coins(20n),
    maxDepositPeriod: seconds(40),
    votingPeriod: seconds(voting),
    expeditedVotingPeriod: seconds(10),
    quorum: "0.05",
  };
}

function pack<M>(codec: ProtoCodec<M>, message: Partial<M>): Any {
  return { typeUrl: `/${codec.$type}`, value: encodeMessage(codec, codec.fromPartial(message)) };
}

const text = (): Any => pack(TextProposal, { title: "t", description: "d" });

/** What a proposal does: nothing, something old, or something that fails, for the account holds nothing but deposits. */
function proposed({ draws, prefix, baseDenom }: World): Any[] {
  const account = createAddressCodec(prefix).format(moduleAddress("gov"));
  switch (draws.below(4)) {
    case 0:
      return [pack(MsgExecLegacyContent, { content: text(), authority: account })];
    case 1:
      return [pack(MsgFundCommunityPool, { depositor: account, amount: [{ denom: baseDenom, amount: String(1n + draws.amount(AI)) }] })];
    default:
      return [];
  }
}

const deposit = ({ draws, baseDenom }: World) => [{ denom: baseDenom, amount: String(BigInt(1 + draws.below(30)) * AI) }];

/** Proposals that collect deposits or are voted on. */
function openProposals(world: World, votingOnly: boolean): readonly Proposal[] {
  const { PROPOSAL_STATUS_VOTING_PERIOD: voting, PROPOSAL_STATUS_DEPOSIT_PERIOD: collecting } = ProposalStatus;
  const ids = world.entries("gov", votingOnly ? "voting" : "proposals");
  const all = votingOnly ? ids.map(([id]) => world.find("gov", "proposals", id)) : ids.map(([, proposal]) => proposal);
  return (all as readonly (Proposal | undefined)[]).flatMap((proposal) =>
    proposal !== undefined && (proposal.status === voting || proposal.status === collecting) ? [proposal] : [],
  );
}

/** One of the open proposals, sometimes one that there may not be. */
function anyProposal(world: World, votingOnly: boolean): bigint | undefined {
  if (world.draws.once(30)) return BigInt(world.draws.below(1000));
  const open = openProposals(world, votingOnly);
  return open.length === 0 ? undefined : world.draws.pick(open).id;
}

/** Yes, mostly. */
const option = ({ draws }: World): VoteOption => (draws.once(3) ? draws.pick(OTHERS) : YES);

/** Operations of x/gov. */
export const govOperations: readonly Operation[] = [
  operation(MsgSubmitProposal, 4, (world, { address }) => ({
    messages: proposed(world),
    initialDeposit: deposit(world),
    proposer: address,
    metadata: "",
    title: "t",
    summary: "s",
    expedited: world.draws.once(3),
  })),
  operation(OldSubmitProposal, 1, (world, { address }) => ({ content: text(), initialDeposit: deposit(world), proposer: address })),
  operation(MsgVote, 10, (world, { address }) => {
    const proposalId = anyProposal(world, true);
    return proposalId === undefined ? undefined : { proposalId, voter: address, option: option(world), metadata: "" };
  }),
  operation(OldVote, 2, (world, { address }) => {
    const proposalId = anyProposal(world, true);
    return proposalId === undefined ? undefined : { proposalId, voter: address, option: option(world) };
  }),
  operation(MsgVoteWeighted, 3, (world, { address }) => {
    const proposalId = anyProposal(world, true);
    if (proposalId === undefined) return undefined;
    const tenths = BigInt(1 + world.draws.below(9));
    const options = [
      { option: YES, weight: `0.${tenths}` },
      { option: world.draws.pick(OTHERS), weight: `0.${10n - tenths}` },
    ];
    return { proposalId, voter: address, options, metadata: "" };
  }),
  operation(MsgDeposit, 4, (world, { address }) => {
    const proposalId = anyProposal(world, false);
    return proposalId === undefined ? undefined : { proposalId, depositor: address, amount: deposit(world) };
  }),
  chosen(MsgCancelProposal, 1, (world) => {
    const open = openProposals(world, false);
    const proposal = open.length === 0 ? undefined : world.draws.pick(open);
    const signer = world.actors.find(({ address }) => address === proposal?.proposer);
    return proposal && signer && { signer, fields: { proposalId: proposal.id, proposer: signer.address } };
  }),
  governed(MsgUpdateParams, 1, ({ draws, baseDenom }, authority) => ({
    authority,
    params: quickGovParams(baseDenom, 20 + draws.below(60)),
  })),
];
