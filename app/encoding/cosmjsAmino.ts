import { anyToAmino, unpackAny } from "./aminoJson.ts";
import { formatDec } from "./decText.ts";
import type { FieldDescriptor } from "./descriptorModel.ts";
import type { Descriptors } from "./descriptors.ts";
import type { DynamicMessage, DynamicValue } from "./dynamicMessage.ts";
import type { JsonTree } from "./goJson.ts";

/** How stock cosmjs writes a message that it has a converter for. */
interface Converter {
  readonly type: string;
  /** Fields it leaves out when they are empty; it keeps all others. */
  readonly optional?: readonly string[];
}

/**
 * The converters that SigningStargateClient of @cosmjs/stargate 0.39 uses by default. Its names differ from the SDK's in one place, and it keeps
 * empty strings, zeros, `false` and empty lists that the SDK leaves out or writes as null.
 */
const CONVERTERS: ReadonlyMap<string, Converter> = new Map<string, Converter>([
  ["cosmos.bank.v1beta1.MsgSend", { type: "cosmos-sdk/MsgSend" }],
  ["cosmos.bank.v1beta1.MsgMultiSend", { type: "cosmos-sdk/MsgMultiSend" }],
  ["cosmos.distribution.v1beta1.MsgFundCommunityPool", { type: "cosmos-sdk/MsgFundCommunityPool" }],
  ["cosmos.distribution.v1beta1.MsgSetWithdrawAddress", { type: "cosmos-sdk/MsgModifyWithdrawAddress" }],
  ["cosmos.distribution.v1beta1.MsgWithdrawDelegatorReward", { type: "cosmos-sdk/MsgWithdrawDelegationReward" }],
  ["cosmos.distribution.v1beta1.MsgWithdrawValidatorCommission", { type: "cosmos-sdk/MsgWithdrawValidatorCommission" }],
  ["cosmos.gov.v1beta1.MsgDeposit", { type: "cosmos-sdk/MsgDeposit" }],
  ["cosmos.gov.v1beta1.MsgSubmitProposal", { type: "cosmos-sdk/MsgSubmitProposal" }],
  ["cosmos.gov.v1beta1.MsgVote", { type: "cosmos-sdk/MsgVote" }],
  ["cosmos.gov.v1beta1.MsgVoteWeighted", { type: "cosmos-sdk/MsgVoteWeighted" }],
  ["cosmos.staking.v1beta1.MsgBeginRedelegate", { type: "cosmos-sdk/MsgBeginRedelegate" }],
  ["cosmos.staking.v1beta1.MsgCancelUnbondingDelegation", { type: "cosmos-sdk/MsgCancelUnbondingDelegation" }],
  ["cosmos.staking.v1beta1.MsgCreateValidator", { type: "cosmos-sdk/MsgCreateValidator" }],
  ["cosmos.staking.v1beta1.MsgDelegate", { type: "cosmos-sdk/MsgDelegate" }],
  [
    "cosmos.staking.v1beta1.MsgEditValidator",
    { type: "cosmos-sdk/MsgEditValidator", optional: ["commission_rate", "min_self_delegation"] },
  ],
  ["cosmos.staking.v1beta1.MsgUndelegate", { type: "cosmos-sdk/MsgUndelegate" }],
  ["cosmos.vesting.v1beta1.MsgCreateVestingAccount", { type: "cosmos-sdk/MsgCreateVestingAccount" }],
]);

/** The only kind of proposal that cosmjs can write. */
const TEXT_PROPOSAL = "cosmos.gov.v1beta1.TextProposal";
/** Interface of keys, which cosmjs writes as the SDK does. */
const PUBLIC_KEY = "cosmos.crypto.PubKey";
const NO_FIELDS: readonly string[] = [];

/** Amino JSON of a packed message as stock cosmjs writes it, undefined when it cannot. */
export function anyToCosmjsAmino(descriptors: Descriptors, any: DynamicMessage): JsonTree | undefined {
  const message = unpackAny(descriptors, any);
  const converter = CONVERTERS.get(message.type.typeName);
  if (converter === undefined) return undefined;
  const value = messageToCosmjs(descriptors, message, converter.optional ?? NO_FIELDS);
  return value === undefined ? undefined : { type: converter.type, value };
}

function messageToCosmjs(descriptors: Descriptors, message: DynamicMessage, optional: readonly string[]): JsonTree | undefined {
  const written: Record<string, JsonTree> = {};
  for (const field of message.type.fields) {
    const value = message.values.get(field.number);
    if (optional.includes(field.name) && (value === undefined || value === "")) continue;
    const json =
      Array.isArray(value) || field.repeated
        ? listToCosmjs(descriptors, field, (value ?? []) as readonly DynamicValue[])
        : valueToCosmjs(descriptors, field, value);
    if (json === undefined) return undefined;
    written[field.name] = json;
  }
  return written;
}

function listToCosmjs(descriptors: Descriptors, field: FieldDescriptor, list: readonly DynamicValue[]): JsonTree | undefined {
  const elements: JsonTree[] = [];
  for (const element of list) {
    const json = valueToCosmjs(descriptors, field, element);
    if (json === undefined) return undefined;
    elements.push(json);
  }
  return elements;
}

function valueToCosmjs(descriptors: Descriptors, field: FieldDescriptor, value: DynamicValue | undefined): JsonTree | undefined {
  switch (field.kind) {
    case "message":
      return value === undefined ? undefined : embeddedToCosmjs(descriptors, field, value as DynamicMessage);
    case "string":
      if (field.options.scalar === "cosmos.Dec") return value === undefined || value === "" ? undefined : formatDec(value as string);
      return (value as string | undefined) ?? "";
    case "bool":
      return value === true;
    case "enum":
      return (value as number | undefined) ?? 0;
    case "int64":
    case "uint64":
      return ((value as bigint | undefined) ?? 0n).toString();
    default:
      // No message of the table has another kind; a document that cosmjs could not have made must not be accepted.
      return undefined;
  }
}

function embeddedToCosmjs(descriptors: Descriptors, field: FieldDescriptor, message: DynamicMessage): JsonTree | undefined {
  if (message.type.typeName !== "google.protobuf.Any") return messageToCosmjs(descriptors, message, NO_FIELDS);
  if (field.options.acceptsInterface === PUBLIC_KEY) return anyToAmino(descriptors, message);
  const inner = unpackAny(descriptors, message);
  if (inner.type.typeName === TEXT_PROPOSAL) {
    const value = messageToCosmjs(descriptors, inner, NO_FIELDS);
    return value === undefined ? undefined : { type: "cosmos-sdk/TextProposal", value };
  }
  return undefined;
}
