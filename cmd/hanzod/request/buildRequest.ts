import { decodeBech32, encodeBech32 } from "../../../app/encoding/bech32.ts";
import type { FieldDescriptor } from "../../../app/encoding/descriptorModel.ts";
import type { Descriptors } from "../../../app/encoding/descriptors.ts";
import { fromProtoJson } from "../../../app/encoding/protoJsonParse.ts";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import { parseFieldTexts } from "./fieldText.ts";
import type { RequestPlan } from "./requestPlan.ts";

/** The values of the pagination flags. */
export interface PageInput {
  readonly limit?: string;
  readonly offset?: string;
  /** `next_key` of the page before. */
  readonly pageKey?: string;
  readonly countTotal?: boolean;
  readonly reverse?: boolean;
}

/** What the command line gave for a request. */
export interface RequestInput {
  /** One text per argument of the plan; those at the end that are optional may be missing. */
  readonly args: readonly string[];
  /** Texts of a flag by its name; flags that were not given are absent. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
  readonly signer?: string;
  readonly page?: PageInput;
}

/**
 * The bytes of a request.
 * @param typeName full name of the request message
 * @throws CliError naming the field that does not fit
 */
export function buildRequest(descriptors: Descriptors, typeName: string, plan: RequestPlan, input: RequestInput): Uint8Array {
  const json: Record<string, unknown> = {};
  for (const [index, { field, name, optional = false }] of plan.args.entries()) {
    const text = input.args[index];
    if (text !== undefined || !optional) json[field.name] = parseFieldTexts(descriptors, field, name, [text ?? ""]);
  }
  for (const { field, name } of plan.flags) {
    const texts = input.flags.get(name);
    if (texts !== undefined) json[field.name] = parseFieldTexts(descriptors, field, name, texts);
  }
  if (plan.signer !== undefined) json[plan.signer.name] = signerText(plan.signer, input.signer ?? "");
  const page = pageJson(input.page ?? {});
  if (plan.pagination !== undefined && page !== undefined) json[plan.pagination.name] = page;
  try {
    return fromProtoJson(descriptors, typeName, json);
  } catch (cause) {
    throw new CliError("the request cannot be built", { why: reasonOf(cause), cause });
  }
}

/** The sender's address in the form of the field: a validator signs as its operator. */
function signerText({ options }: FieldDescriptor, signer: string): string {
  if (options.scalar !== "cosmos.ValidatorAddressString" || signer === "") return signer;
  const { prefix, bytes } = decodeBech32(signer);
  return encodeBech32(`${prefix}valoper`, bytes);
}

function pageJson({ limit, offset, pageKey, countTotal, reverse }: PageInput): Readonly<Record<string, unknown>> | undefined {
  const page = {
    ...(limit === undefined ? {} : { limit }),
    ...(offset === undefined ? {} : { offset }),
    ...(pageKey === undefined ? {} : { key: pageKey }),
    ...(countTotal === true ? { count_total: true } : {}),
    ...(reverse === true ? { reverse: true } : {}),
  };
  return Object.keys(page).length === 0 ? undefined : page;
}
