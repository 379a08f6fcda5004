import { cutLike, fieldOf } from "./jsonShape.ts";
import type { RawAnswer } from "./rawRequest.ts";
import type { RecordedNode } from "./recordedNode.ts";
import type { RecordedRest, Recording } from "./recording.ts";
import { messageOf, type RestExpectation, restRules } from "./restRules.ts";
import { isOwnRestPath } from "./scope.ts";
import { type Case, differs, failed, judge, type Rule, rulesFor, unlike, type Verdict } from "./verdict.ts";

/** Headers that clients read. */
const HEADERS = [
  "content-type",
  "grpc-metadata-content-type",
  "grpc-metadata-x-cosmos-block-height",
  "x-cosmos-block-height",
  "access-control-allow-origin",
] as const;

/** Statuses of the recorded node's modules; any other is the gateway's own. */
const ANSWERED = new Set([200, 400, 404, 500]);

/** What the gateway answers where nobody serves a path. */
const NOT_IMPLEMENTED = '{"code":12,"message":"Not Implemented","details":[]}';

/**
 * Recorded REST requests with the judge of each.
 * @param more rules for a node that stands on more than the recorded state
 */
export function restCases(
  node: Pick<RecordedNode, "facts" | "isWhole" | "askRest">,
  { rest, genesis }: Recording,
  more: readonly Rule<RecordedRest, RestExpectation>[] = [],
): readonly Case[] {
  if (rest === undefined || genesis === undefined) return [];
  const rules = [...rulesFor(node, restRules(node.facts)), ...more];
  return rest.requests.map((request) => ({
    name: nameOf(request),
    async judge() {
      const answer = await node.askRest(request);
      if (!isOwnRestPath(request.path) && ANSWERED.has(request.status)) return judgeAbsent(answer);
      return judge(request, {}, rules, (expected) => compareRest(request, rest.default_headers, answer, expected));
    },
  }));
}

/** A request as a person writes it: method, path, note and headers. */
function nameOf({ method, path, note, request_headers = {}, request_body }: RecordedRest): string {
  const body = request_body === undefined ? undefined : `body ${JSON.stringify(request_body).slice(0, 40)}`;
  const headers = Object.entries(request_headers).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${path}`, note, ...headers, body].filter((part) => part !== undefined).join(" · ");
}

function judgeAbsent({ status, text }: RawAnswer): Verdict {
  const reason = unlike("a path of an absent module", [501, NOT_IMPLEMENTED], [status, text]);
  return reason === undefined ? differs("absentModules") : failed(reason);
}

/** What of an answer is not as expected, undefined when all is. */
function compareRest(
  request: RecordedRest,
  defaultHeaders: Readonly<Record<string, string>>,
  answer: RawAnswer,
  expected: RestExpectation,
): string | undefined {
  const status = unlike("status", expected.status ?? request.status, answer.status);
  if (status !== undefined) return `${status} ${answer.text.slice(0, 200)}`;
  const wanted = request.headers ?? defaultHeaders;
  for (const name of HEADERS) {
    if (expected.anyHeight === true && name !== "content-type") continue;
    const different = unlike(`header ${name}`, wanted[name], answer.headers[name]);
    if (different !== undefined) return different;
  }
  return request.method === "HEAD" ? undefined : compareBody(request, answer, expected);
}

function compareBody({ body, note = "" }: RecordedRest, { text }: RawAnswer, expected: RestExpectation): string | undefined {
  const { message, view = (one: unknown) => one, recorded = (one: unknown) => one } = expected;
  const theirs = recorded(body);
  let mine: unknown;
  try {
    mine = JSON.parse(text);
  } catch {
    return `body: JSON expected, got ${text.slice(0, 100)}`;
  }
  if (/\bcut\b/.test(note) || /"\(\d+ \w+\)"/.test(JSON.stringify(theirs ?? null))) mine = cutLike(theirs, mine);
  if (message !== undefined) {
    const [wanted, got] = [messageOf(theirs), messageOf(mine)];
    if (!message(wanted, got)) return unlike("text", wanted, got) ?? `text: another one than ${wanted} expected`;
    mine = withMessage(mine, wanted);
  }
  return unlike("body", view(theirs), view(mine));
}

/** A body with the recorded text of its error, which was compared. */
function withMessage(body: unknown, message: string): unknown {
  if (fieldOf(body, "message") !== undefined) return { ...(body as object), message };
  return { ...(body as object), tx_response: { ...(fieldOf(body, "tx_response") as object), raw_log: message } };
}

/** Recorded requests to a node that lets pages of any origin call, some right after a restart. */
export function corsCases(node: RecordedNode, { rest }: Recording): readonly Case[] {
  return (rest?.with_unsafe_cors_enabled ?? []).map((request) => ({
    name: `with CORS: ${nameOf(request)}`,
    judge: async () => judgeCors(request, await node.askOpenRest(request)),
  }));
}

function judgeCors(request: RecordedRest, { status, headers, text }: RawAnswer): Verdict {
  const asked = request.request_headers?.["access-control-request-headers"] ?? "";
  const allowed = String(headers["access-control-allow-headers"] ?? "").toLowerCase();
  if (request.status === 403 && status === 200 && asked !== "" && allowed.includes(asked.toLowerCase())) return differs("preflightHeight");
  if (request.status === 500 && status === 200 && /context did not contain latest block height/.test(messageOf(request.body)))
    return differs("queriesAfterRestart");
  const [wanted, got] = [request.headers?.["access-control-allow-origin"], headers["access-control-allow-origin"]];
  const granted = request.headers?.["access-control-allow-headers"]?.toLowerCase() ?? "";
  const reason =
    unlike("status", request.status, status) ??
    unlike("header access-control-allow-origin", wanted, got) ??
    (allowed.includes(granted) ? undefined : unlike("header access-control-allow-headers", granted, allowed)) ??
    (request.body === undefined
      ? unlike("text", (request as { text?: string }).text ?? "", text)
      : unlike("body", request.body, JSON.parse(text)));
  return reason === undefined ? { kind: "same" } : failed(reason);
}
