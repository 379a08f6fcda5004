// The query language of transaction searches (CometBFT's pubsub query): conditions joined by AND, such as
//   message.sender='hanzo1…' AND tx.height>=5 AND transfer.amount CONTAINS 'aai' AND hanzo.hmm.v1.EventTrade.pool_id EXISTS

import { invalidArgument } from "#sdk";
import { parseTimestamp } from "../../encoding/timeText.ts";

/** How a condition compares. */
export type Operator = "=" | "<" | "<=" | ">" | ">=" | "CONTAINS" | "EXISTS";

/** What a condition compares with: a text, a decimal as digits and how many of them stand behind the point, or a time. */
export type Operand =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "number"; readonly text: string; readonly digits: bigint; readonly scale: number }
  | { readonly kind: "time"; readonly ns: bigint }
  | { readonly kind: "none" };

/** One condition: `key` is an event's type and an attribute's name joined by a point, `tx.height` or `tx.hash`. */
export interface Condition {
  readonly key: string;
  readonly operator: Operator;
  readonly operand: Operand;
}

/** Longest query, and most conditions in it. */
const MAX_LENGTH = 2048;
const MAX_CONDITIONS = 16;

const KEY = /\s*([A-Za-z_][\w./-]*)\s*/y;
const OPERATOR = /(<=|>=|=|<|>|CONTAINS\b|EXISTS\b)\s*/y;
const TEXT = /'((?:[^'\\]|\\.)*)'\s*/y;
const TIME = /TIME\s+([0-9T:.+Z-]{10,40})\s*/y;
const DATE = /DATE\s+([0-9]{4}-[0-9]{2}-[0-9]{2})\s*/y;
const NUMBER = /([0-9]{1,96})(?:\.([0-9]{1,18}))?(?![\w.])\s*/y;
const JOINT = /AND\s+/y;

/**
 * Reads a query.
 * @throws QueryError InvalidArgument with the place and what was expected there
 */
export function parseTxQuery(query: string): readonly Condition[] {
  if (query.length > MAX_LENGTH) throw invalidArgument(`a query of at most ${MAX_LENGTH} characters expected, got ${query.length}`);
  const conditions: Condition[] = [];
  let at = 0;
  const find = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(query) ?? undefined;
    if (found !== undefined) at = pattern.lastIndex;
    return found;
  };
  const need = (pattern: RegExp, what: string): RegExpExecArray => find(pattern) ?? fail(query, at, what);
  for (;;) {
    const key = need(KEY, "the name of an attribute, such as message.sender,")[1] ?? "";
    const operator = need(OPERATOR, "=, <, <=, >, >=, CONTAINS or EXISTS")[1] as Operator;
    conditions.push({ key, operator, operand: readOperand(query, operator, find, () => at) });
    if (conditions.length > MAX_CONDITIONS) throw invalidArgument(`at most ${MAX_CONDITIONS} conditions expected`);
    if (at === query.length) return conditions;
    need(JOINT, "AND or the end");
  }
}

function fail(query: string, at: number, what: string): never {
  const rest = query.slice(at, at + 24);
  throw invalidArgument(`${what} expected at character ${at} of the query, got ${rest === "" ? "its end" : JSON.stringify(rest)}`);
}

function readOperand(query: string, operator: Operator, find: (p: RegExp) => RegExpExecArray | undefined, at: () => number): Operand {
  if (operator === "EXISTS") return { kind: "none" };
  const text = find(TEXT)?.[1];
  if (text !== undefined) {
    if (operator !== "=" && operator !== "CONTAINS") fail(query, at(), `a number or a time behind ${operator}`);
    return { kind: "text", text: text.replace(/\\(.)/g, "$1") };
  }
  if (operator === "CONTAINS") fail(query, at(), "text in quotes");
  const time = find(TIME)?.[1];
  if (time !== undefined) return readTime(query, at(), time);
  const date = find(DATE)?.[1];
  if (date !== undefined) return readTime(query, at(), `${date}T00:00:00Z`);
  const number = find(NUMBER);
  if (number === undefined) return fail(query, at(), "text in quotes, a number, TIME or DATE");
  const [, whole = "", fraction = ""] = number;
  return {
    kind: "number",
    text: fraction === "" ? whole : `${whole}.${fraction}`,
    digits: BigInt(whole + fraction),
    scale: fraction.length,
  };
}

function readTime(query: string, at: number, text: string): Operand {
  try {
    const { seconds, nanos } = parseTimestamp(text);
    return { kind: "time", ns: seconds * 1_000_000_000n + BigInt(nanos) };
  } catch {
    return fail(query, at, `a time such as 2026-01-31T12:00:00Z, not ${text},`);
  }
}
