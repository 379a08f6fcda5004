import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { decodeUtf8 } from "./bytes.ts";
import type { FieldOptions, HttpRule } from "./descriptorModel.ts";

/** An options message as it was read: extensions are unknown fields, told apart by their numbers. */
export interface Options {
  readonly deprecated?: boolean;
  readonly $unknown?: readonly { readonly no: number; readonly wireType: number; readonly data: Uint8Array }[] | undefined;
}

/** Numbers of the extensions this chain reads (cosmos/msg, amino, cosmos_proto, google/api). */
const EXTENSION = {
  signer: 11110000,
  aminoName: 11110001,
  aminoMessageEncoding: 11110002,
  aminoEncoding: 11110003,
  aminoFieldName: 11110004,
  dontOmitempty: 11110005,
  aminoOneofName: 11110006,
  acceptsInterface: 93001,
  scalar: 93002,
  addedIn: 93003,
  http: 72295728,
} as const;

const HTTP_VERBS = new Map<number, HttpRule["verb"]>([
  [2, "GET"],
  [3, "PUT"],
  [4, "POST"],
  [5, "DELETE"],
  [6, "PATCH"],
]);
const HTTP_BODY = 7;
const HTTP_ADDITIONAL_BINDINGS = 11;

/** Options of a field. */
export function readFieldOptions(options: Options | undefined): FieldOptions {
  return Object.freeze({
    scalar: texts(options, EXTENSION.scalar)[0],
    acceptsInterface: texts(options, EXTENSION.acceptsInterface)[0],
    aminoEncoding: texts(options, EXTENSION.aminoEncoding)[0],
    aminoFieldName: texts(options, EXTENSION.aminoFieldName)[0],
    aminoOneofName: texts(options, EXTENSION.aminoOneofName)[0],
    dontOmitempty: flag(options, EXTENSION.dontOmitempty),
    isNewer: isNewer(texts(options, EXTENSION.addedIn)[0]),
    deprecated: options?.deprecated ?? false,
  });
}

/** Minor version of the Cosmos SDK 0.x whose chains this program replays and whose documents it writes. */
const BASE_VERSION = 53;

/** @param addedIn such as `cosmos-sdk 0.55` */
function isNewer(addedIn: string | undefined): boolean {
  const [, minor] = /^cosmos-sdk v?0\.(\d+)/.exec(addedIn ?? "") ?? [];
  return minor !== undefined && Number(minor) > BASE_VERSION;
}

/** Options of a message. */
export function readMessageOptions(options: Options | undefined): {
  readonly signer: readonly string[];
  readonly aminoName: string | undefined;
  readonly aminoMessageEncoding: string | undefined;
  readonly implementsInterfaces: readonly string[];
} {
  return {
    signer: Object.freeze(texts(options, EXTENSION.signer)),
    aminoName: texts(options, EXTENSION.aminoName)[0],
    aminoMessageEncoding: texts(options, EXTENSION.aminoMessageEncoding)[0],
    implementsInterfaces: Object.freeze(texts(options, EXTENSION.acceptsInterface)),
  };
}

/** Whether a service's requests are transaction messages. */
export function readIsMsgService(options: Options | undefined): boolean {
  return flag(options, EXTENSION.signer);
}

/** REST bindings of a method, the main one first. */
export function readHttpRules(options: Options | undefined): readonly HttpRule[] {
  const rules: HttpRule[] = [];
  for (const field of extensions(options, EXTENSION.http)) collectHttpRules(new BinaryReader(field).bytes(), rules);
  return Object.freeze(rules);
}

function collectHttpRules(bytes: Uint8Array, rules: HttpRule[]): void {
  const reader = new BinaryReader(bytes);
  const further: Uint8Array[] = [];
  let verb: HttpRule["verb"] | undefined;
  let path = "";
  let body = "";
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    const named = HTTP_VERBS.get(number);
    if (named !== undefined) [verb, path] = [named, reader.string()];
    else if (number === HTTP_BODY) body = reader.string();
    else if (number === HTTP_ADDITIONAL_BINDINGS) further.push(reader.bytes());
    else reader.skip(wireType, number);
  }
  if (verb !== undefined) rules.push(Object.freeze({ verb, path, body }));
  for (const binding of further) collectHttpRules(binding, rules);
}

function extensions(options: Options | undefined, number: number): readonly Uint8Array[] {
  return (options?.$unknown ?? []).filter((field) => field.no === number).map((field) => field.data);
}

function texts(options: Options | undefined, number: number): readonly string[] {
  return (options?.$unknown ?? [])
    .filter((field) => field.no === number && field.wireType === WireType.LengthDelimited)
    .map((field) => decodeUtf8(new BinaryReader(field.data).bytes()));
}

function flag(options: Options | undefined, number: number): boolean {
  return (options?.$unknown ?? []).some((field) => field.no === number && field.wireType === WireType.Varint && field.data[0] === 1);
}
