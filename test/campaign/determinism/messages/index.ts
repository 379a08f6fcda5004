// Messages that are likely to succeed, of every module.
import type { Random, World } from "../../../../cmd/hanzod/sim/operations/randomMessage.ts";
import { authMessages } from "./auth.ts";
import { authzMessages } from "./authz.ts";
import { bankMessages } from "./bank.ts";
import { consensusMessages } from "./consensus.ts";
import { distributionMessages } from "./distribution.ts";
import { emissionsMessages } from "./emissions.ts";
import { evidenceMessages } from "./evidence.ts";
import { challengeable, drawnHoldouts, experienceMessages, leakableVotes, revealable, revealableVotes, votable } from "./experience.ts";
import { feegrantMessages } from "./feegrant.ts";
import { govMessages } from "./gov.ts";
import { hmmMessages } from "./hmm.ts";
import { type Fields, type Makers, type Memory, operatorOf } from "./maker.ts";
import { slashingMessages } from "./slashing.ts";
import { stakingMessages } from "./staking.ts";
import { upgradeMessages } from "./upgrade.ts";
import { vestingMessages } from "./vesting.ts";

const modules = [
  stakingMessages,
  bankMessages,
  vestingMessages,
  hmmMessages,
  distributionMessages,
  slashingMessages,
  evidenceMessages,
  authzMessages,
  feegrantMessages,
  govMessages,
  authMessages,
  consensusMessages,
  emissionsMessages,
  upgradeMessages,
  experienceMessages,
];
const likely: Makers = Object.assign({}, ...modules.map((module) => module.likely));
const governed: Makers = Object.assign({}, ...modules.map((module) => module.governed));

/** Types of users' messages; a market with trades makes other messages meaningful. */
export const likelyTypes: readonly string[] = [
  ...Object.keys(likely),
  "hanzo.hmm.v1.MsgSwap",
  "hanzo.hmm.v1.MsgBuyExactOut",
  "hanzo.hmm.v1.MsgCommitCapacity",
  "hanzo.hmm.v1.MsgCommitOrder",
  "hanzo.hmm.v1.MsgCommitOrder",
];

/** Types that only the authority may send. */
export const governedTypes: readonly string[] = Object.keys(governed);

/** Fields that let a message of this type succeed, mostly; none for types that are not known here. */
export function likelyFields(typeName: string, random: Random, world: World, sender: string, memory: Memory): Fields {
  return (likely[typeName] ?? governed[typeName])?.(random, world, sender, memory) ?? {};
}

/** Types that have something to be about right now, and mostly have not: an open order, a grant, a proposal, a jail. */
export function opportunities(memory: Memory, sender: string): readonly string[] {
  const { orders, jailed, grants, allowances, proposals, unbondings } = memory;
  const has = (list: readonly unknown[] | undefined): boolean => (list ?? []).length > 0;
  const chances: readonly (readonly [type: string, isThere: boolean])[] = [
    ["hanzo.hmm.v1.MsgCancelOrder", has(orders.get(sender))],
    ["cosmos.slashing.v1beta1.MsgUnjail", jailed.has(operatorOf(sender))],
    ["cosmos.staking.v1beta1.MsgCancelUnbondingDelegation", has(unbondings.get(sender))],
    ["cosmos.authz.v1beta1.MsgRevoke", has(grants.get(sender))],
    ["cosmos.authz.v1beta1.MsgExec", [...grants.values()].some((all) => all.some(({ grantee }) => grantee === sender))],
    ["cosmos.feegrant.v1beta1.MsgRevokeAllowance", has(allowances.get(sender))],
    ["cosmos.gov.v1.MsgVote", proposals.some(({ isVoting }) => isVoting)],
    ["cosmos.gov.v1beta1.MsgVoteWeighted", proposals.some(({ isVoting }) => isVoting)],
    ["cosmos.gov.v1.MsgDeposit", has(proposals)],
    ["hanzo.experience.v1.MsgReveal", has(revealable(memory, sender))],
    ["hanzo.experience.v1.MsgRevealVote", has(revealableVotes(memory, sender))],
    ["hanzo.experience.v1.MsgCommitVote", has(votable(memory))],
    ["hanzo.experience.v1.MsgSlash", has(challengeable(memory))],
    ["hanzo.experience.v1.MsgSlashVote", has(leakableVotes(memory, sender))],
    ["hanzo.experience.v1.MsgRevealHoldout", has(drawnHoldouts(memory))],
    ["cosmos.gov.v1.MsgCancelProposal", proposals.some(({ proposer }) => proposer === sender)],
  ];
  return chances.filter(([, isThere]) => isThere).map(([type]) => type);
}
