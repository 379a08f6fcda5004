// Both services of governance: every proposal may be made, paid for, voted on and taken back by everybody.

import { descriptors } from "../../../../app/descriptorImage.ts";
import { toProtoJson } from "../../../../app/encoding/protoJson.ts";
import { CHAIN } from "../../../../app/hanzo.ts";
import { pick, type Random } from "../../../../cmd/hanzod/sim/operations/randomMessage.ts";
import { DEFAULT_PARAMS } from "../../../../modules/gov/params.ts";
import { Params } from "../../../../proto/gen/cosmos/gov/v1/gov.ts";
import { moduleAccount } from "../../../harness/accounts.ts";
import { coinsOf, type Fields, type Makers, type Memory, type ModuleMessages } from "./maker.ts";

const GOV = moduleAccount("gov", CHAIN.bech32Prefix);
const units = (count: number): { denom: string; amount: string } => ({
  denom: CHAIN.baseDenom,
  amount: String(CHAIN.powerReduction * BigInt(count)),
});
const seconds = (count: bigint) => ({ seconds: count, nanos: 0 });

/** Parameters as JSON: proposals close within a few blocks, and few voters are enough. @param voting seconds, above 2 */
export function govParams(voting: bigint): unknown {
  const params: Params = {
    ...DEFAULT_PARAMS,
    minDeposit: [units(15)],
    expeditedMinDeposit: [units(25)],
    maxDepositPeriod: seconds(3n),
    votingPeriod: seconds(voting),
    expeditedVotingPeriod: seconds(2n),
    quorum: "0.050000000000000000",
  };
  return toProtoJson(descriptors(), Params.$type, Params.encode(params).finish());
}

/** What a proposal does: nothing, something old, something that the account can pay or cannot. */
function proposed(random: Random): Fields[] {
  const text = { "@type": "/cosmos.gov.v1beta1.TextProposal", title: "t", description: "d" };
  switch (random.below(4)) {
    case 0:
      return [{ "@type": "/cosmos.gov.v1.MsgExecLegacyContent", content: text, authority: GOV }];
    case 1:
      return [{ "@type": "/cosmos.bank.v1beta1.MsgSend", from_address: GOV, to_address: GOV, amount: coinsOf(random) }];
    default:
      return [];
  }
}

const deposit = (random: Random): object[] => [units(1 + random.below(24))];

/** A proposal that waits for deposits or votes; sometimes one that never was. */
function anyProposal(random: Random, { proposals }: Memory, isVoting: boolean): string {
  const open = proposals.filter((proposal) => !isVoting || proposal.isVoting);
  return open.length === 0 || random.below(8) === 0 ? String(1 + random.below(50)) : pick(random, open).id;
}

const option = (random: Random): number => (random.below(3) > 0 ? 1 : 1 + random.below(4));

/** What both services have, under the same names. */
const shared = (service: string): Makers => ({
  [`${service}.MsgVote`]: (random, _world, _sender, memory) => ({
    proposal_id: anyProposal(random, memory, true),
    option: option(random),
    metadata: "m",
  }),
  [`${service}.MsgVoteWeighted`]: (random, _world, _sender, memory) => {
    const tenths = 1 + random.below(9);
    const options = [
      { option: 1, weight: `0.${tenths}` },
      { option: 2 + random.below(3), weight: `0.${10 - tenths}` },
    ];
    return { proposal_id: anyProposal(random, memory, true), options, metadata: "m" };
  },
  [`${service}.MsgDeposit`]: (random, _world, _sender, memory) => ({
    proposal_id: anyProposal(random, memory, false),
    amount: deposit(random),
  }),
});

const onlyV1 = ({ metadata: _, ...fields }: Fields): Fields => fields;

const older = Object.fromEntries(
  Object.entries(shared("cosmos.gov.v1beta1")).map(([type, make]) => [type, (...args: Parameters<typeof make>) => onlyV1(make(...args))]),
);

/** Messages of x/gov. */
export const govMessages: ModuleMessages = {
  likely: {
    ...shared("cosmos.gov.v1"),
    ...older,
    "cosmos.gov.v1.MsgSubmitProposal": (random) => ({
      messages: proposed(random),
      initial_deposit: deposit(random),
      metadata: "m",
      title: "t",
      summary: "s",
      expedited: random.below(3) === 0,
    }),
    "cosmos.gov.v1beta1.MsgSubmitProposal": (random) => ({
      content: { "@type": "/cosmos.gov.v1beta1.TextProposal", title: `t${random.below(9)}`, description: "d" },
      initial_deposit: deposit(random),
    }),
    "cosmos.gov.v1.MsgCancelProposal": (random, _world, sender, memory) => {
      const own = memory.proposals.filter(({ proposer }) => proposer === sender);
      return { proposal_id: own.length === 0 ? anyProposal(random, memory, false) : pick(random, own).id };
    },
    "cosmos.gov.v1.MsgExecLegacyContent": () => ({
      content: { "@type": "/cosmos.gov.v1beta1.TextProposal", title: "t", description: "d" },
    }),
  },
  governed: { "cosmos.gov.v1.MsgUpdateParams": (random) => ({ params: govParams(BigInt(3 + random.below(4))) }) },
};
