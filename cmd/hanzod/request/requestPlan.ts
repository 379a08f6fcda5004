import type { FieldDescriptor, MessageDescriptor, MethodDescriptor } from "../../../app/encoding/descriptorModel.ts";
import { commandName } from "./commandName.ts";

/** A field of a request as the command line asks for it. */
export interface FieldInput {
  readonly field: FieldDescriptor;
  /** `min-out`: the argument's name, or the flag without its dashes. */
  readonly name: string;
  /** Of an argument: may be left out, behind those that must be given. */
  readonly optional?: boolean;
}

/** How the fields of a request come from the command line. */
export interface RequestPlan {
  /** In the order of the .proto file; each must be given unless it is optional. */
  readonly args: readonly FieldInput[];
  /** May be left out. */
  readonly flags: readonly FieldInput[];
  /** Filled with the sender's address, undefined for queries and where signers stand inside other messages. */
  readonly signer: FieldDescriptor | undefined;
  /** Filled from --limit, --offset, --page-key, --count-total and --reverse. */
  readonly pagination: FieldDescriptor | undefined;
}

const COIN = "cosmos.base.v1beta1.Coin";
const PAGE_REQUEST = "cosmos.base.query.v1beta1.PageRequest";
const INTEGERS: ReadonlySet<string> = new Set([
  "int32",
  "int64",
  "uint32",
  "uint64",
  "sint32",
  "sint64",
  "fixed32",
  "fixed64",
  "sfixed32",
  "sfixed64",
]);

/** Texts of queries that only narrow the answer: arguments that may be left out, and flags besides, as the SDK's tools have the one or the other. */
const FILTERS: Readonly<Record<string, readonly string[]>> = {
  "cosmos.staking.v1beta1.QueryValidatorsRequest": ["status"],
  "cosmos.staking.v1beta1.QueryRedelegationsRequest": ["src_validator_addr", "dst_validator_addr"],
  "cosmos.gov.v1.QueryProposalsRequest": ["voter", "depositor"],
  "cosmos.gov.v1.QueryParamsRequest": ["params_type"],
  "cosmos.authz.v1beta1.QueryGrantsRequest": ["msg_type_url"],
  "hanzo.experience.v1.QueryDomainsRequest": ["schema"],
  "hanzo.experience.v1.QueryEntriesRequest": ["submitter", "schema", "domain"],
  "hanzo.experience.v1.QueryRoundsRequest": ["schema", "domain"],
  "hanzo.experience.v1.QueryHoldoutsRequest": ["schema", "domain"],
};

/** Fields of messages that the SDK's tools take as arguments or as flags, other than the rule would. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  "cosmos.gov.v1.MsgVote": ["proposal_id", "option"],
  "hanzo.experience.v1.MsgSubmit": ["schema", "domain"],
};

/** Whether a field holds coins, one or a list: they are written as text. */
export function isCoin(field: FieldDescriptor): boolean {
  return field.kind === "message" && field.typeName === COIN && !field.map;
}

/**
 * Plans the request of a query: what its path binds and every text must be given, the rest may.
 * @param reserved flags that the command has already
 */
export function planQuery(method: MethodDescriptor, input: MessageDescriptor, reserved: ReadonlySet<string>): RequestPlan {
  const bound = new Set(method.http.flatMap(({ path }) => [...path.matchAll(/\{([a-z0-9_]+)(?:=\*\*)?\}/g)].map(([, name]) => name)));
  const pagination = input.fields.find((field) => field.typeName === PAGE_REQUEST && !field.options.deprecated);
  const isArgument = (field: FieldDescriptor): boolean => isSingle(field) && (bound.has(field.name) || field.kind === "string");
  const { args, flags } = split(input, [pagination], isArgument, reserved);
  const filters = FILTERS[input.typeName] ?? [];
  const isFilter = ({ field }: FieldInput): boolean => filters.includes(field.name) && !bound.has(field.name);
  return {
    args: args.map((input) => (isFilter(input) ? { ...input, optional: true } : input)),
    flags: [...flags, ...args.filter(isFilter)],
    signer: undefined,
    pagination,
  };
}

/**
 * Plans a message of a transaction: texts, numbers and coins must be given, except floors (`min_…`), which mean "no limit" when left out.
 * @param reserved flags that the command has already
 */
export function planMessage(input: MessageDescriptor, reserved: ReadonlySet<string>): RequestPlan {
  const signerField = input.signer.length === 1 ? input.findFieldByName(input.signer[0] ?? "") : undefined;
  const signer = signerField?.kind === "string" ? signerField : undefined;
  const named = ARGUMENTS[input.typeName];
  const isArgument = (field: FieldDescriptor): boolean => {
    if (named !== undefined) return named.includes(field.name);
    if (field.name.startsWith("min_")) return false;
    return isCoin(field) || (isSingle(field) && (field.kind === "string" || INTEGERS.has(field.kind)));
  };
  return { ...split(input, [signer], isArgument, reserved), signer, pagination: undefined };
}

function isSingle(field: FieldDescriptor): boolean {
  return !field.repeated && !field.map && !field.presence;
}

function split(
  input: MessageDescriptor,
  taken: readonly (FieldDescriptor | undefined)[],
  isArgument: (field: FieldDescriptor) => boolean,
  reserved: ReadonlySet<string>,
): { readonly args: readonly FieldInput[]; readonly flags: readonly FieldInput[] } {
  const fields = input.fields.filter((field) => !taken.includes(field));
  const given = fields.filter((field) => !field.options.deprecated && isArgument(field));
  const nameOf = (field: FieldDescriptor): string => commandName(field.name);
  return {
    args: given.map((field) => ({ field, name: nameOf(field) })),
    flags: fields
      .filter((field) => !given.includes(field))
      .map((field) => ({ field, name: reserved.has(nameOf(field)) ? `field-${nameOf(field)}` : nameOf(field) })),
  };
}
