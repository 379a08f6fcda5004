import type { MsgSubmitProposal } from "#proto/cosmos/gov/v1/tx";
import type { Gov } from "./gov.ts";

/** Bytes of metadata, and of a title. */
const MAX_METADATA = 255;
/** Bytes of a summary. */
const MAX_SUMMARY = 40 * MAX_METADATA;

/** @throws gov/15 */
export function requireMetadata({ err }: Pick<Gov, "err">, metadata: string): void {
  const length = utf8Length(metadata);
  if (length > MAX_METADATA) throw err.metadataTooLong(`got metadata with length ${length}`);
}

/** @throws gov/22 */
export function requireSummary({ err }: Pick<Gov, "err">, summary: string): void {
  const length = utf8Length(summary);
  if (length > MAX_SUMMARY) throw err.summaryTooLong(`got summary with length ${length}`);
}

/**
 * Says where metadata that is a proposal's description in JSON contradicts the proposal. Anything else is an address or a text of its own and may
 * say what it likes. DETERMINISM: JSON.parse is exact to the letter in every engine, and its numbers are not looked at.
 */
export function explainMetadata({ metadata, title, summary }: MsgSubmitProposal): string | undefined {
  if (metadata === "") return undefined;
  const described = readDescription(metadata);
  if (described === undefined) return undefined;
  if (described.title !== title) return `metadata title '${described.title}' must equal proposal title '${title}'`;
  if (described.summary !== summary) return `metadata summary '${described.summary}' must equal proposal summary '${summary}'`;
  return undefined;
}

interface Description {
  readonly title: string;
  readonly summary: string;
}

/** The fields that the SDK's JSON form of a description has: texts, and the authors as a list of texts. */
const TEXTS = ["title", "summary", "details", "proposal_forum_url", "vote_option_context"];

/** @returns undefined where the SDK would not read the text as a description */
function readDescription(text: string): Description | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  // `null` is a description that says nothing.
  if (json === null) return { title: "", summary: "" };
  if (typeof json !== "object" || Array.isArray(json)) return undefined;
  const read = new Map<string, string>();
  // Names count in either case, and the last one of a name wins, as Go reads JSON.
  for (const [given, value] of Object.entries(json)) {
    const name = given.toLowerCase();
    if (name === "authors" && !isTexts(value)) return undefined;
    if (!TEXTS.includes(name) || value === null) continue;
    if (typeof value !== "string") return undefined;
    read.set(name, value);
  }
  return { title: read.get("title") ?? "", summary: read.get("summary") ?? "" };
}

function isTexts(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.every((entry) => entry === null || typeof entry === "string"));
}

/** Bytes of a text on the wire. */
export function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}
