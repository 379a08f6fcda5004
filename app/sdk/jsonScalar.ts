import { fromHex } from "../encoding/bytes.ts";
import { EncodingError } from "../encoding/encodingError.ts";
import { type ModuleError, sdkError } from "./errors.ts";

// Strict readers of the scalars in generic genesis: every value has one spelling, so that a file that was written by hand is not misread.

function unexpected(wanted: string, json: unknown): ModuleError {
  return sdkError.jsonUnmarshal(`${wanted} expected, got ${JSON.stringify(json) ?? "nothing"}`);
}

/** A whole number in decimal text. @throws sdk/17 */
export function readInteger(json: unknown): bigint {
  if (typeof json !== "string" || !/^(0|-?[1-9][0-9]*)$/.test(json)) throw unexpected("a whole number as text", json);
  return BigInt(json);
}

/** A whole number of 64 bits without sign, in decimal text. @throws sdk/17 */
export function readUint64(json: unknown): bigint {
  const number = readInteger(json);
  if (number < 0n || number >= 1n << 64n) throw unexpected("a number in [0, 2^64) as text", json);
  return number;
}

/** Text. @throws sdk/17 */
export function readText(json: unknown): string {
  if (typeof json !== "string") throw unexpected("text", json);
  return json;
}

/** True or false. @throws sdk/17 */
export function readBoolean(json: unknown): boolean {
  if (typeof json !== "boolean") throw unexpected("true or false", json);
  return json;
}

/** Bytes as hexadecimal text. @throws sdk/17 */
export function readHex(json: unknown): Uint8Array {
  try {
    return fromHex(readText(json));
  } catch (cause) {
    if (cause instanceof EncodingError) throw unexpected("hexadecimal text", json);
    throw cause;
  }
}

/** A list of two. @throws sdk/17 */
export function readPair(json: unknown): readonly [unknown, unknown] {
  if (!Array.isArray(json) || json.length !== 2) throw unexpected("a list of two", json);
  return [json[0], json[1]];
}
