import type { FieldDescriptor } from "../../../app/encoding/descriptorModel.ts";
import type { Descriptors } from "../../../app/encoding/descriptors.ts";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import { parseCoinsText, parseCoinText } from "./coinsText.ts";
import { consensusAddressText } from "./consensusAddress.ts";
import { isCoin } from "./requestPlan.ts";

/** What the command line expects for a field, for help texts. */
export function fieldForm(field: FieldDescriptor): string {
  if (isCoin(field)) return field.repeated ? "coins" : "coin";
  if (field.map || field.kind === "message") return "json";
  if (field.kind === "bytes") return "base64 or 0x…";
  if (field.kind === "enum") return "name";
  return field.kind === "string" ? "text" : "number";
}

/**
 * The proto JSON of a field from the texts of the command line; a list takes one text per element, coins and JSON one for all.
 * @throws CliError when a text cannot stand for the field
 */
export function parseFieldTexts(descriptors: Descriptors, field: FieldDescriptor, name: string, texts: readonly string[]): unknown {
  if (isCoin(field)) return field.repeated ? texts.flatMap((text) => parseCoinsText(text)) : parseCoinText(texts[0] ?? "");
  if (field.map) return parseJson(name, texts[0] ?? "");
  if (!field.repeated) return parseFieldText(descriptors, field, name, texts[0] ?? "");
  return texts.flatMap((text) => {
    const value = parseFieldText(descriptors, field, name, text);
    // A list of messages may come as one JSON list.
    return field.kind === "message" && Array.isArray(value) ? (value as readonly unknown[]) : [value];
  });
}

function parseFieldText(descriptors: Descriptors, field: FieldDescriptor, name: string, text: string): unknown {
  switch (field.kind) {
    case "message":
      return parseJson(name, text);
    case "bytes":
      return text.startsWith("0x") ? hexToBase64(name, text.slice(2)) : text;
    case "bool":
      if (text !== "true" && text !== "false") throw new CliError(`${name} is "${text}"`, { why: "true or false is expected" });
      return text === "true";
    case "enum":
      return /^-?\d+$/.test(text) ? Number(text) : enumName(descriptors, field, text);
    default:
      return field.options.scalar === "cosmos.ConsensusAddressString" ? consensusAddressText(name, text) : text;
  }
}

/** The full name of an enum's value from its short one: `yes` is VOTE_OPTION_YES, `no-with-veto` VOTE_OPTION_NO_WITH_VETO. */
function enumName(descriptors: Descriptors, { typeName }: FieldDescriptor, text: string): string {
  const names = [...descriptors.getEnum(typeName ?? "").values].map(({ name }) => name);
  const [first = ""] = names;
  // What all names begin with: the enum's own name, or nothing.
  const common = names.reduce((prefix, name) => {
    let length = 0;
    while (length < prefix.length && prefix[length] === name[length]) length++;
    return prefix.slice(0, length);
  }, first);
  const full = `${common.slice(0, common.lastIndexOf("_") + 1)}${text.replace(/-/g, "_").toUpperCase()}`;
  return names.includes(full) ? full : text;
}

function hexToBase64(name: string, hex: string): string {
  if (!/^(?:[0-9a-fA-F]{2})*$/.test(hex))
    throw new CliError(`${name} is "0x${hex}"`, { why: "pairs of hexadecimal digits are expected after 0x" });
  return Buffer.from(hex, "hex").toString("base64");
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new CliError(`${name} is no JSON`, {
      why: reasonOf(cause),
      next: `give it in single quotes: --${name} '{"field":"value"}'`,
      cause,
    });
  }
}
