// What this program answers otherwise than the recorded Cosmos SDK node, and how a test may compare it all the same. docs/DIFFERENCES.md
// lists the same for users.
import { INDEXED, type Recording } from "./recordedNode.ts";

/** How an answer is compared. */
export interface Difference {
  readonly why: string;
  /** Status where it is not the recorded one. */
  readonly status?: number;
  /** What of the body counts: all, nothing of an error's text, names and types only, nothing. */
  readonly body: "exact" | "anyText" | "shape" | "any";
  /** Fields whose values are this node's own, by path. */
  readonly own?: readonly string[];
}

interface Rule extends Difference {
  matches(recording: Recording): boolean;
}

/** Vesting accounts come as plain ones. */
const VESTING = new Set(["vcont", "vdelay", "vperiod", "vlocked", "vnew4"]);
const SEARCH = /^\/cosmos\/tx\/v1beta1\/txs\?query=(?!tx\.)/;
/** Texts made by Go's parsers and decoders, or with places in Go files, and where an SDK error is put in front. */
const GO_TEXT = /invalid character|encoding\/hex|unknown (value|message type)|\.go:\d+|^codespace |invalid field number|offset 7/;

const isError = ({ status }: Recording, ...statuses: readonly number[]): boolean => statuses.includes(status);
const messageOf = ({ body }: Recording): string => String((body as { readonly message?: unknown } | undefined)?.message ?? "");

/** The first rule that matches an answer decides. */
const RULES: readonly Rule[] = [
  {
    why: "no vesting accounts yet: they are imported as plain ones",
    matches: ({ note = "", path }) =>
      VESTING.has(note) && (path.includes("/auth/") || (note !== "vcont" && path.includes("/spendable_balances/"))),
    body: "any",
  },
  {
    why: "heights before the import are not there",
    matches: ({ request_headers, status }) => status === 200 && Object.values(request_headers ?? {}).includes("3"),
    status: 400,
    body: "any",
  },
  { why: "another program", matches: ({ path }) => path.endsWith("/node_info"), body: "shape" },
  { why: "another state tree", matches: ({ path }) => path.endsWith("/node/v1beta1/status"), body: "exact", own: ["app_hash"] },
  {
    why: "another state tree and tree costs",
    matches: ({ path, status }) => path.endsWith("/simulate") && status === 200,
    body: "exact",
    own: ["gas_info.gas_used"],
  },
  {
    why: "transactions of the recorded history are not replayed: their sequences are used up",
    matches: ({ path, status, note = "send" }) =>
      status === 200 && /\/txs\/[0-9A-Fa-f]{64}$/.test(path) && INDEXED.includes(note === "lower case" ? "send" : note),
    body: "exact",
    own: [
      "tx_response.height",
      "tx_response.codespace",
      "tx_response.code",
      "tx_response.data",
      "tx_response.raw_log",
      "tx_response.gas_used",
      "tx_response.gas_wanted",
      "tx_response.timestamp",
      "tx_response.events",
    ],
  },
  {
    why: "transactions of modules that are not here",
    matches: ({ path, status }) => status === 200 && /\/txs\/[0-9A-Fa-f]{64}$/.test(path),
    status: 404,
    body: "any",
  },
  {
    why: "a caller's mistake is never a server error",
    matches: (r) => isError(r, 500) && SEARCH.test(r.path),
    status: 400,
    body: "any",
  },
  {
    why: "pages beyond a history that is not replayed",
    matches: ({ path }) => SEARCH.test(path) && /[?&](page|pagination\.offset)=2/.test(path),
    status: 400,
    body: "any",
  },
  {
    why: "the recorded history is not replayed",
    matches: ({ path }) => path.includes("query=tx.height") || SEARCH.test(path),
    body: "any",
  },
  {
    why: "a caller's mistake is never a server error",
    matches: (r) => isError(r, 500) && GO_TEXT.test(messageOf(r)),
    status: 400,
    body: "anyText",
  },
  { why: "a caller's mistake is never a server error", matches: (r) => isError(r, 500), status: 400, body: "exact" },
  { why: "texts of Go's libraries", matches: (r) => r.method === "POST" && /base64/.test(messageOf(r)), body: "anyText" },
  { why: "texts of Go's libraries", matches: (r) => isError(r, 400, 404) && GO_TEXT.test(messageOf(r)), body: "anyText" },
  {
    why: "texts of Go's libraries",
    matches: ({ request_body }) => (request_body as { readonly tx_bytes?: string } | undefined)?.tx_bytes === "AAAA",
    body: "exact",
    own: ["tx_response.raw_log"],
  },
];

/** How an answer is compared: exactly, unless a rule says otherwise. */
export function differenceOf(recording: Recording): Difference {
  return RULES.find((rule) => rule.matches(recording)) ?? { why: "", body: "exact" };
}
