import { descriptors } from "../../../../app/descriptorImage.ts";
import { fromHex } from "../../../../app/encoding/bytes.ts";
import { type JsonValue, toProtoJson } from "../../../../app/encoding/protoJson.ts";

/** Digits after which long answers were cut when they were recorded. */
const CUT_DIGITS = 400;

/** Whether recorded bytes were cut: they have half a byte or dots at their end, or end at the place where long ones were, or the note says so. */
export function isCut(value: string, note = ""): boolean {
  return value.length % 2 === 1 || value.length === CUT_DIGITS || /\bcut\b/.test(note);
}

/** Whether own bytes begin as recorded ones do that were cut. */
export function beginsAs(recorded: string, mine: string): boolean {
  return mine.startsWith(recorded.replace(/…$/, ""));
}

/** The response of a method as JSON; undefined when the bytes hold types that are not here. */
export function answerJson(path: string, value: Uint8Array | string): JsonValue | undefined {
  const [service = "", name] = path.replace(/^\//, "").split("/");
  const method = descriptors()
    .findService(service)
    ?.methods.find((candidate) => candidate.name === name);
  if (method === undefined) return undefined;
  try {
    return toProtoJson(descriptors(), method.output, typeof value === "string" ? fromHex(value) : value);
  } catch {
    return undefined;
  }
}
