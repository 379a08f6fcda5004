// Where this program answers otherwise than a Cosmos SDK node. docs/DIFFERENCES.md tells users the same; a test compares the two.

/**
 * A place where answers differ. `design`: on purpose, for good. `outside`: it needs modules or history that this build does not have.
 */
export interface Difference {
  readonly kind: "design" | "outside";
  /** What differs, as the first column of docs/DIFFERENCES.md says. */
  readonly what: string;
  readonly reason: string;
}

export const DIFFERENCES = {
  callerMistake: {
    kind: "design",
    what: "A caller's mistake",
    reason: "what the caller did wrong is 400 or InvalidArgument, never a server error",
  },
  missing: {
    kind: "design",
    what: "A grant, an allowance, a delegation or a redelegation that is not there",
    reason: "what is not there is 404 or NotFound, never a server error",
  },
  failedSimulation: {
    kind: "design",
    what: "A simulation that fails",
    reason: "the message is the caller's: 400 with the gas in the text, without places in Go files",
  },
  wrappedError: {
    kind: "design",
    what: "Registered errors without a gRPC status",
    reason: "the error's own text, without codespace and code in front",
  },
  libraryText: {
    kind: "design",
    what: "Texts of Go's libraries",
    reason: "own words where Go's parsers, or places in Go files, speak in the recorded text",
  },
  decodingText: {
    kind: "design",
    what: "Texts of transactions that cannot be decoded",
    reason: "`tx parse error` stands once at the end, not twice",
  },
  grpcLibraryText: {
    kind: "design",
    what: "Unknown methods and services",
    reason: "the same code, with the text of this gRPC library",
  },
  addressText: { kind: "design", what: "Addresses in error texts", reason: "bech32 instead of raw bytes" },
  recoveredPanic: {
    kind: "design",
    what: "Missing AuthInfo, missing fee, a granter that is no address",
    reason: "codes of their own instead of that of a recovered panic",
  },
  panickedMessage: {
    kind: "design",
    what: "Messages at which the SDK panics: amounts too large for its numbers, no content, no allowance, an unknown kind of authorization, an unsorted spend limit",
    reason: "they fail with a code of their own instead of that of a recovered panic",
  },
  strictBytes: {
    kind: "design",
    what: "Bytes of a transaction",
    reason: "bytes that have more than one reading are refused",
  },
  cosmjsAmino: {
    kind: "design",
    what: "Amino sign documents",
    reason: "what stock cosmjs signs is accepted, too",
  },
  strictAmounts: { kind: "design", what: "Amounts", reason: "canonical decimals only, none of Go's other number forms" },
  messagesChecked: {
    kind: "design",
    what: "Messages in CheckTx",
    reason: "a bad message is refused before it costs a fee",
  },
  ownFigures: {
    kind: "design",
    what: "Gas figures, app hashes, raw store keys and proofs",
    reason: "they follow from this program's store",
  },
  ownProgram: {
    kind: "design",
    what: "`GetNodeInfo`, `Status` and reflection",
    reason: "they name this program, its version and its types; fields and their kinds are compared",
  },
  heightOfFailures: {
    kind: "design",
    what: "Height told with a failed ABCI query",
    reason: "the last height instead of 0, which some clients take for a chain without blocks",
  },
  noCrash: { kind: "design", what: "`/p2p/filter/x/1`", reason: "an error instead of a crash of the handler" },
  broadcastByQuery: { kind: "design", what: "`BroadcastTx` by ABCI query", reason: "it works" },
  searchPages: {
    kind: "design",
    what: "`pagination.limit` and `pagination.offset` in transaction search",
    reason: "they work",
  },
  queriesAfterRestart: {
    kind: "design",
    what: "Queries right after a restart",
    reason: "answered; the recorded node fails until the next block",
  },
  preflightHeight: {
    kind: "design",
    what: "Preflight that asks for `x-cosmos-block-height`",
    reason: "allowed: wallets that run in pages may ask for a height",
  },
  oldProposals: {
    kind: "design",
    what: "Proposals without an old form",
    reason: "v1beta1 lists the others, where the recorded node fails; names of statuses are taken as in v1",
  },
  ownVersions: {
    kind: "design",
    what: "Versions of modules",
    reason: "they count this program's own changes of their state",
  },
  textualMode: { kind: "design", what: "Sign mode TEXTUAL", reason: "not supported: code 4" },
  engineAnswers: {
    kind: "outside",
    what: "Answers of CometBFT itself",
    reason: "its cache and the sizes that it takes are the same CometBFT's",
  },
  absentModules: {
    kind: "outside",
    what: "Modules that are not here: their REST paths",
    reason: "the module is not part of this build: 501 or Unimplemented",
  },
  absentMessages: {
    kind: "outside",
    what: "Their messages",
    reason: "the message is of a module that is not part of this build",
  },
  earlierHeights: {
    kind: "outside",
    what: "Heights before a recording's last",
    reason: "the recorded history needs all of its modules; its last state is imported",
  },
} as const satisfies Readonly<Record<string, Difference>>;

/** Name of a difference. */
export type DifferenceName = keyof typeof DIFFERENCES;
