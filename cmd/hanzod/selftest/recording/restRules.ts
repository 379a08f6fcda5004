// In which requests, and how, REST answers may differ from the recorded ones. The first rule that fits decides what a failure is told about.
import type { ChainFacts } from "./chainFacts.ts";
import type { DifferenceName } from "./differences.ts";
import { anyText, hasRawBytes, isGoText, isMissing, sameButAddresses, sameFrame, type TextRule } from "./errorText.ts";
import { fieldOf, shapeOf, without } from "./jsonShape.ts";
import type { RecordedRest } from "./recording.ts";
import { foreignMessages } from "./scope.ts";
import type { Rule } from "./verdict.ts";

/** What is expected of a REST answer. */
export interface RestExpectation {
  /** Status where it is not the recorded one. */
  readonly status?: number;
  /** Whether only the header of the content counts. */
  readonly anyHeight?: boolean;
  /** How an error's text is compared; left out, exactly. */
  readonly message?: TextRule;
  /** What of both bodies counts. */
  readonly view?: (body: unknown) => unknown;
  /** The recorded body as it must be here. */
  readonly recorded?: (body: unknown) => unknown;
}

type RestRule = Rule<RecordedRest, RestExpectation>;

/** The text of an error, in whichever field it stands; empty where there is none. */
export function messageOf(body: unknown): string {
  const message = fieldOf(body, "message") ?? fieldOf(fieldOf(body, "tx_response"), "raw_log");
  return typeof message === "string" ? message : "";
}

const BAD_REQUEST = 400;
const MISSING = 404;
/** Codes of gRPC. */
const [INVALID_ARGUMENT, NOT_FOUND] = [3, 5];
/** Transactions of a page without a limit. */
const DEFAULT_LIMIT = 100;
const nothing = (): unknown => "any";

/** A caller's mistake has the status of one, whatever the recorded node made of it. */
const asMistake = (body: unknown): unknown => ({ ...(body as object), code: INVALID_ARGUMENT });

const mistake = (difference: DifferenceName, message: TextRule, fits: (request: RecordedRest, text: string) => boolean): RestRule => ({
  difference,
  matches: (request) => request.status === 500 && fits(request, messageOf(request.body)),
  expected: () => ({ status: BAD_REQUEST, message, recorded: asMistake }),
});

const own = (difference: DifferenceName, path: RegExp, view: (body: unknown) => unknown): RestRule => ({
  difference,
  matches: (request) => request.status === 200 && path.test(request.path),
  expected: () => ({ view }),
});

/** Status where the SDK fails on a list of old proposals: with names of enums as a mistake, else because one proposal fits no old form. */
const oldStatus = (path: string): number => (path.includes("=PROPOSAL_STATUS_") ? 400 : 500);
const isSimulation = ({ path }: RecordedRest): boolean => path.endsWith("/simulate");

/** Modules and versions are this program's: what counts is how one of them is told. */
function shapeOfVersions(body: unknown): unknown {
  const list = fieldOf(body, "module_versions");
  return shapeOf(Array.isArray(list) ? list[0] : list);
}

/** The rules for the answers of a recorded chain. */
export function restRules(facts: ChainFacts): readonly RestRule[] {
  return [
    ...stateRules(facts),
    own("ownProgram", /\/node_info$/, shapeOf),
    own("ownFigures", /\/node\/v1beta1\/status$/, (body) => shapeOf(without(body, ["validator_hash", "app_hash"]))),
    own("ownFigures", /\/historical_info\//, (body) => without(body, ["hist.header.app_hash"])),
    own("ownFigures", /\/simulate$/, (body) => without(body, ["gas_info.gas_used"])),
    {
      difference: "searchPages",
      matches: ({ path, status }) => status === 200 && /\/txs\?.*pagination\./.test(path),
      expected: ({ path }) => ({ recorded: (body) => onePage(body, path) }),
    },
    {
      difference: "searchPages",
      matches: ({ path, status }) => status === 200 && /\/txs\?.*pagination\./.test(path) && !isWholePage(path),
      expected: () => ({ status: BAD_REQUEST, view: nothing }),
    },
    own("ownVersions", /\/module_versions/, shapeOfVersions),
    {
      difference: "oldProposals",
      matches: ({ path, status }) => /\/gov\/v1beta1\/proposals(\?|$)/.test(path) && status === oldStatus(path),
      expected: () => ({ status: 200, view: nothing, anyHeight: true }),
    },
    {
      difference: "missing",
      matches: ({ status, body }) => status === 500 && isMissing(messageOf(body)),
      expected: () => ({ status: MISSING, message: sameFrame, recorded: (body) => ({ ...(body as object), code: NOT_FOUND }) }),
    },
    mistake("failedSimulation", sameFrame, isSimulation),
    mistake("addressText", sameButAddresses, (_request, text) => hasRawBytes(text)),
    mistake("wrappedError", sameFrame, (_request, text) => text.startsWith("codespace ")),
    mistake("callerMistake", sameFrame, () => true),
    mistake("libraryText", anyText, (_request, text) => isGoText(text)),
    {
      difference: "libraryText",
      matches: ({ method, status, body }) =>
        method === "GET" && status === BAD_REQUEST && / is not a valid \w+\.\w+$/.test(messageOf(body)),
      expected: () => ({ message: anyText }),
    },
    {
      difference: "libraryText",
      matches: ({ method, status, body }) => method === "POST" && status < 500 && isGoText(messageOf(body)),
      expected: () => ({ message: anyText }),
    },
  ];
}

/** What cannot be answered alike because the state is not whole. */
function stateRules({ height }: ChainFacts): readonly RestRule[] {
  const heightOf = ({ request_headers = {} }: RecordedRest): bigint | undefined => {
    const text = request_headers["x-cosmos-block-height"] ?? request_headers["grpc-metadata-x-cosmos-block-height"] ?? "";
    return /^[1-9]\d*$/.test(text) ? BigInt(text) : undefined;
  };
  return [
    {
      difference: "earlierHeights",
      matches: (request) => (heightOf(request) ?? height) < height,
      expected: () => ({ status: BAD_REQUEST, view: nothing, anyHeight: true }),
    },
    {
      difference: "earlierHeights",
      matches: ({ path, status }) => status === 200 && path.includes("/historical_info/"),
      expected: () => ({ status: MISSING, view: nothing, anyHeight: true }),
    },
    {
      difference: "absentMessages",
      matches: ({ status, body }) => status === 200 && foreignMessages(JSON.stringify(body ?? null)).length > 0,
      expected: () => ({ view: (body) => without(body, ["tx", "tx_response.tx"]) }),
    },
    {
      difference: "absentMessages",
      matches: ({ path, request_body }) => !path.endsWith("/txs") && sendsForeign(request_body),
      expected: () => ({ status: BAD_REQUEST, view: nothing, anyHeight: true }),
    },
    {
      difference: "absentMessages",
      matches: ({ path, request_body }) => path.endsWith("/txs") && sendsForeign(request_body),
      expected: () => ({ view: (body) => without(body, ["tx_response.code", "tx_response.codespace", "tx_response.raw_log"]) }),
    },
  ];
}

/** Whether a body hands in messages that no module here takes, as JSON or in the bytes of a transaction. */
function sendsForeign(body: unknown): boolean {
  const bytes = fieldOf(body, "tx_bytes");
  const sent = typeof bytes === "string" ? Buffer.from(bytes, "base64") : JSON.stringify(body ?? null);
  return foreignMessages(sent).length > 0;
}

/** Whether a search asks for pages that begin where one ends: others are refused. */
function isWholePage(path: string): boolean {
  const { search, offset, limit } = pageOf(path);
  return !search.has("pagination.key") && offset % limit === 0;
}

function pageOf(path: string): { readonly search: URLSearchParams; readonly offset: number; readonly limit: number } {
  const search = new URLSearchParams(path.slice(path.indexOf("?") + 1));
  const numberOf = (name: string): number => Number(search.get(name) ?? "0");
  return { search, offset: numberOf("pagination.offset"), limit: numberOf("pagination.limit") || DEFAULT_LIMIT };
}

/** The page of a recorded search that was asked for with `pagination`, which the recorded node ignores. */
function onePage(body: unknown, path: string): unknown {
  const { offset, limit } = pageOf(path);
  const { txs, tx_responses } = body as { readonly txs: unknown; readonly tx_responses: readonly unknown[] };
  const page = tx_responses.slice(offset, offset + limit);
  return {
    ...(body as object),
    txs: Array.isArray(txs) ? txs.slice(offset, offset + limit) : `(${page.length} transactions)`,
    tx_responses: page,
  };
}
