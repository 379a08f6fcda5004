import type { FieldDescriptor } from "../encoding/descriptorModel.ts";
import type { Descriptors } from "../encoding/descriptors.ts";
import { ApiError, STATUS } from "./grpcStatus.ts";
import { MAX_FIELD_DEPTH } from "./limits.ts";

/** A request as proto JSON. */
export type RequestJson = Record<string, unknown>;

/**
 * Adds fields that the path binds.
 * @throws ApiError InvalidArgument `type mismatch, parameter: …`
 */
export function addPathFields(descriptors: Descriptors, typeName: string, request: RequestJson, fields: ReadonlyMap<string, string>): void {
  for (const [path, text] of fields) {
    try {
      assign(descriptors, typeName, request, path.split("."), [text]);
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      throw new ApiError(STATUS.InvalidArgument, `type mismatch, parameter: ${path}, error: ${reason}`);
    }
  }
}

/**
 * Adds query parameters: `pagination.limit=5` sets a field of a message, a repeated name fills a list (of a single field the first value counts).
 * Unknown names are ignored, as wallets append their own.
 * @throws ApiError InvalidArgument with the reason
 */
export function addQueryFields(
  descriptors: Descriptors,
  typeName: string,
  request: RequestJson,
  query: URLSearchParams,
  bound: ReadonlySet<string>,
): void {
  for (const name of new Set(query.keys())) {
    if (bound.has(name)) continue;
    try {
      assign(descriptors, typeName, request, name.split("."), query.getAll(name));
    } catch (thrown) {
      throw new ApiError(STATUS.InvalidArgument, thrown instanceof Error ? thrown.message : String(thrown));
    }
  }
}

function assign(descriptors: Descriptors, typeName: string, target: RequestJson, path: readonly string[], texts: readonly string[]): void {
  const [head, ...rest] = path;
  const field = head === undefined ? undefined : descriptors.findMessage(typeName)?.findFieldByName(head);
  if (field === undefined || path.length > MAX_FIELD_DEPTH) return;
  if (rest.length > 0) {
    if (field.kind !== "message" || field.repeated) return;
    target[field.name] ??= {};
    assign(descriptors, field.typeName, target[field.name] as RequestJson, rest, texts);
    return;
  }
  if (field.kind === "message") return;
  const values = texts.map((text) => parseScalar(descriptors, field, text));
  target[field.name] = field.repeated ? values : values[0];
}

/** Bits and sign of the whole-number kinds, as the gateway's error texts name them. */
const INTEGERS: Readonly<Record<string, { readonly parser: string; readonly min: bigint; readonly max: bigint }>> = {
  int32: { parser: "ParseInt", min: -(1n << 31n), max: (1n << 31n) - 1n },
  sint32: { parser: "ParseInt", min: -(1n << 31n), max: (1n << 31n) - 1n },
  int64: { parser: "ParseInt", min: -(1n << 63n), max: (1n << 63n) - 1n },
  sint64: { parser: "ParseInt", min: -(1n << 63n), max: (1n << 63n) - 1n },
  uint32: { parser: "ParseUint", min: 0n, max: (1n << 32n) - 1n },
  uint64: { parser: "ParseUint", min: 0n, max: (1n << 64n) - 1n },
};

function parseScalar(descriptors: Descriptors, field: FieldDescriptor, text: string): unknown {
  const integer = INTEGERS[field.kind];
  if (integer !== undefined) {
    const syntax = integer.min === 0n ? /^\d+$/ : /^[+-]?\d+$/;
    if (!syntax.test(text)) throw new RangeError(`strconv.${integer.parser}: parsing ${JSON.stringify(text)}: invalid syntax`);
    const number = BigInt(text.replace(/^\+/, ""));
    if (number < integer.min || number > integer.max)
      throw new RangeError(`strconv.${integer.parser}: parsing ${JSON.stringify(text)}: value out of range`);
    return number.toString();
  }
  if (field.kind === "bool") {
    if (/^(1|t|T|true|TRUE|True)$/.test(text)) return true;
    if (/^(0|f|F|false|FALSE|False)$/.test(text)) return false;
    throw new RangeError(`strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  if (field.kind === "bytes") return parseBase64(text);
  if (field.kind === "enum") return parseEnum(descriptors, field, text);
  return text;
}

/** Standard base64, also with the URL alphabet; the error names the first byte that does not fit. */
function parseBase64(text: string): string {
  const standard = text.replace(/-/g, "+").replace(/_/g, "/");
  const wrong = standard.search(/[^A-Za-z0-9+/=]/);
  if (wrong >= 0) throw new RangeError(`illegal base64 data at input byte ${wrong}`);
  const body = standard.replace(/=+$/, "");
  if (standard.length % 4 !== 0 || body.includes("=") || body.length % 4 === 1) {
    throw new RangeError(
      `illegal base64 data at input byte ${body.includes("=") ? body.indexOf("=") : standard.length - (standard.length % 4)}`,
    );
  }
  return standard;
}

/** In the SDK's gateway any number may stand for this one, since it knows no names for it. */
const OPEN_ENUM = "cosmos.gov.v1beta1.ProposalStatus";

function parseEnum(descriptors: Descriptors, field: FieldDescriptor, text: string): string | number {
  const type = descriptors.getEnum(field.typeName);
  if (/^-?\d+$/.test(text)) {
    const number = Number(text);
    if (type.findName(number) === undefined && field.typeName !== OPEN_ENUM)
      throw new RangeError(`${text} is not a valid ${field.typeName}`);
    return number;
  }
  if (type.findNumber(text) === undefined) throw new RangeError(`${JSON.stringify(text)} is not a valid value of ${field.typeName}`);
  return text;
}
