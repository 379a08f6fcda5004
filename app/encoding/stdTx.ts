import { decodeAmino } from "./aminoDecode.ts";
import { encodeAminoNamed } from "./aminoEncode.ts";
import { messageToAmino } from "./aminoJson.ts";
import { parseNamed } from "./aminoJsonParse.ts";
import { type AminoTypes, aminoPrefix, PREFIX_LENGTH } from "./aminoTypes.ts";
import { equalBytes, toHex } from "./bytes.ts";
import { invalidRequestError } from "./encodingError.ts";
import { formatJson, type JsonTree } from "./goJson.ts";

/** Name of the transaction that amino knows. */
const NAME = "cosmos-sdk/StdTx";
const TYPE = "hanzo.legacytx.v1.StdTx";
const PREFIX = aminoPrefix(NAME);

/** Amino binary of a transaction in amino JSON. @throws sdk/18, sdk/17 for text that is none */
export function encodeStdTx(types: AminoTypes, json: string): Uint8Array {
  const tx = parseNamed(types, parseJson(json), (name) => {
    if (name !== NAME) throw invalidRequestError(`UnmarshalJSON wants to decode a ${NAME} but found a ${name.slice(0, 256)}`);
    return types.descriptors.getMessage(TYPE);
  });
  return encodeAminoNamed(types, tx);
}

/** Amino JSON of a transaction in amino binary, as go-amino writes it. @throws sdk/18 for bytes that are none */
export function decodeStdTx(types: AminoTypes, bytes: Uint8Array): string {
  if (!equalBytes(bytes.subarray(0, PREFIX_LENGTH), PREFIX)) {
    const got = toHex(bytes.subarray(0, PREFIX_LENGTH)).toUpperCase() + (bytes.length >= PREFIX_LENGTH ? "..." : "");
    const expected = toHex(PREFIX).toUpperCase();
    throw invalidRequestError(
      `UnmarshalBinaryBare expected to read prefix bytes ${expected} (since it is registered concrete) but got ${got}`,
    );
  }
  const tx = decodeAmino(types, types.descriptors.getMessage(TYPE), bytes.subarray(PREFIX_LENGTH));
  const value = messageToAmino(types.descriptors, tx, 0) as { readonly signatures: readonly Readonly<Record<string, JsonTree>>[] | null };
  // A signature without a key has none in JSON, too, in its place.
  const signatures = value.signatures?.map((signature) => ({ pub_key: null, ...signature })) ?? null;
  return formatJson({ type: NAME, value: { ...value, signatures } });
}

function parseJson(text: string): JsonTree {
  try {
    return JSON.parse(text) as JsonTree;
  } catch {
    throw invalidRequestError("a JSON object with type and value expected, got text that is no JSON");
  }
}
