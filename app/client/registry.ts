import { type GeneratedType, Registry } from "@cosmjs/proto-signing";
import { defaultRegistryTypes } from "@cosmjs/stargate";
import { MsgDefinition as AuthMsg } from "#proto/cosmos/auth/v1beta1/tx";
import { MsgDefinition as AuthzMsg } from "#proto/cosmos/authz/v1beta1/tx";
import { MsgDefinition as BankMsg } from "#proto/cosmos/bank/v1beta1/tx";
import { MsgDefinition as ConsensusMsg } from "#proto/cosmos/consensus/v1/tx";
import { MsgDefinition as DistributionMsg } from "#proto/cosmos/distribution/v1beta1/tx";
import { MsgDefinition as EvidenceMsg } from "#proto/cosmos/evidence/v1beta1/tx";
import { MsgDefinition as FeegrantMsg } from "#proto/cosmos/feegrant/v1beta1/tx";
import { MsgDefinition as GovMsg } from "#proto/cosmos/gov/v1/tx";
import { MsgDefinition as OldGovMsg } from "#proto/cosmos/gov/v1beta1/tx";
import { MsgDefinition as MintMsg } from "#proto/cosmos/mint/v1beta1/tx";
import { MsgDefinition as SlashingMsg } from "#proto/cosmos/slashing/v1beta1/tx";
import { MsgDefinition as StakingMsg } from "#proto/cosmos/staking/v1beta1/tx";
import { MsgDefinition as UpgradeMsg } from "#proto/cosmos/upgrade/v1beta1/tx";
import { MsgDefinition as VestingMsg } from "#proto/cosmos/vesting/v1beta1/tx";
import { MsgDefinition as EmissionsMsg } from "#proto/hanzo/emissions/v1/tx";
import { MsgDefinition as ExperienceMsg } from "#proto/hanzo/experience/v1/tx";
import { MsgDefinition as HmmMsg } from "#proto/hanzo/hmm/v1/tx";

/** What a generated service tells of its methods. */
interface MsgService {
  readonly methods: { readonly [name: string]: { readonly requestType: NamedType; readonly responseType: NamedType } };
}

interface NamedType {
  readonly $type: string;
}

/** Services whose requests can be signed for this chain, and for those of the Cosmos SDK that this program runs, too. */
const MSG_SERVICES: readonly MsgService[] = [
  AuthMsg,
  BankMsg,
  ConsensusMsg,
  DistributionMsg,
  EmissionsMsg,
  VestingMsg,
  SlashingMsg,
  EvidenceMsg,
  AuthzMsg,
  FeegrantMsg,
  GovMsg,
  OldGovMsg,
  MintMsg,
  StakingMsg,
  UpgradeMsg,
  HmmMsg,
  ExperienceMsg,
];

/** Requests and responses of the chain's messages by type URL, as `new Registry(…)` takes them. */
export const hanzoRegistryTypes: ReadonlyArray<[string, GeneratedType]> = MSG_SERVICES.flatMap(({ methods }) =>
  Object.values(methods).flatMap(({ requestType, responseType }) => [entryOf(requestType), entryOf(responseType)]),
);

/** Type URLs of the chain's messages, requests only. */
export const hanzoMessages: readonly string[] = MSG_SERVICES.flatMap(({ methods }) =>
  Object.values(methods).map(({ requestType }) => `/${requestType.$type}`),
);

function entryOf(type: NamedType): [string, GeneratedType] {
  // All services are generated code. Its writers and those that cosmjs names are one class, declared once for ES modules and once for CommonJS.
  return [`/${type.$type}`, type as unknown as GeneratedType];
}

/** A cosmjs registry of the messages that every Cosmos wallet knows and of this chain's own; the stock codec wins where both have one. */
export function createHanzoRegistry(): Registry {
  return new Registry([...hanzoRegistryTypes, ...defaultRegistryTypes]);
}
