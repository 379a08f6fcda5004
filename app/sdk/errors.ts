/**
 * An expected failure of a transaction, query or genesis file. `codespace` and `code` are wire facts that wallets match; `detail` says
 * what was expected and what came. Code and data of a failed transaction are consensus, the text is not.
 */
export class ModuleError extends Error {
  readonly codespace: string;
  readonly code: number;
  readonly detail: string;

  /** An empty detail still leaves its mark in the text (`: invalid coins`), as where the SDK wraps an empty list of coins. */
  constructor(codespace: string, code: number, message: string, detail?: string) {
    super(detail === undefined ? message : `${detail}: ${message}`);
    this.name = "ModuleError";
    this.codespace = codespace;
    this.code = code;
    this.detail = detail ?? "";
  }
}

/** Table of a module's errors: name → [code ≥ 2, static message]. Codes are never reused. */
export type ErrorTable = Readonly<Record<string, readonly [code: number, message: string]>>;

/** Constructors for the errors of a table, by name: `throw err.tooSmall("3aai < 5aai")`. */
export type ErrorConstructors<E> = { readonly [K in keyof E]: (detail?: string) => ModuleError };

/** Turns an error table into constructors of {@link ModuleError} under one codespace. */
export function bindErrors<const E extends ErrorTable>(codespace: string, table: E): ErrorConstructors<E> {
  const bound: Record<string, (detail?: string) => ModuleError> = {};
  for (const [name, [code, message]] of Object.entries(table)) {
    bound[name] = (detail) => new ModuleError(codespace, code, message, detail);
  }
  return bound as ErrorConstructors<E>;
}

/** The codes that every Cosmos chain shares (codespace `sdk`); wallets match them (cosmos-sdk types/errors). */
export const SDK_ERRORS = {
  txDecode: [2, "tx parse error"],
  invalidSequence: [3, "invalid sequence"],
  unauthorized: [4, "unauthorized"],
  insufficientFunds: [5, "insufficient funds"],
  unknownRequest: [6, "unknown request"],
  invalidAddress: [7, "invalid address"],
  invalidPubKey: [8, "invalid pubkey"],
  unknownAddress: [9, "unknown address"],
  invalidCoins: [10, "invalid coins"],
  outOfGas: [11, "out of gas"],
  memoTooLarge: [12, "memo too large"],
  insufficientFee: [13, "insufficient fee"],
  tooManySignatures: [14, "maximum number of signatures exceeded"],
  noSignatures: [15, "no signatures supplied"],
  jsonMarshal: [16, "failed to marshal JSON bytes"],
  jsonUnmarshal: [17, "failed to unmarshal JSON bytes"],
  invalidRequest: [18, "invalid request"],
  txInMempoolCache: [19, "tx already in mempool"],
  mempoolIsFull: [20, "mempool is full"],
  txTooLarge: [21, "tx too large"],
  keyNotFound: [22, "key not found"],
  wrongPassword: [23, "invalid account password"],
  invalidSigner: [24, "tx intended signer does not match the given signer"],
  invalidGasAdjustment: [25, "invalid gas adjustment"],
  invalidHeight: [26, "invalid height"],
  invalidVersion: [27, "invalid version"],
  invalidChainId: [28, "invalid chain-id"],
  invalidType: [29, "invalid type"],
  txTimeoutHeight: [30, "tx timeout height"],
  unknownExtensionOptions: [31, "unknown extension options"],
  wrongSequence: [32, "incorrect account sequence"],
  packAny: [33, "failed packing protobuf message to Any"],
  unpackAny: [34, "failed unpacking protobuf message from Any"],
  logic: [35, "internal logic error"],
  conflict: [36, "conflict"],
  notSupported: [37, "feature not supported"],
  notFound: [38, "not found"],
  io: [39, "Internal IO error"],
  appConfig: [40, "error in app.toml"],
  invalidGasLimit: [41, "invalid gas limit"],
  txTimeout: [42, "tx timeout"],
} as const satisfies ErrorTable;

/** Constructors of the shared `sdk` errors. */
export const sdkError = bindErrors("sdk", SDK_ERRORS);

/** A failure without a registered code: where the SDK gives none, its answer is code 1 of codespace `undefined`, and so is this one's. */
export function unregisteredError(text: string): ModuleError {
  return new ModuleError("undefined", 1, text);
}

/** Puts words in front of a failure, which stays what it is. Out of gas says itself where it was, and a defect is nothing to explain. */
export function explainError(error: unknown, words: string): unknown {
  if (!(error instanceof ModuleError)) return error;
  if (error.codespace === "sdk" && error.code === SDK_ERRORS.outOfGas[0]) return error;
  return new ModuleError(error.codespace, error.code, error.message, words);
}

/** gRPC status codes that query handlers answer with; REST maps NotFound → 404, InvalidArgument → 400, Unimplemented → 501. */
export const GRPC_STATUS = {
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
} as const;

/** A query failure that carries a gRPC status; its text is shown as `rpc error: code = <Name> desc = <text>`. */
export class QueryError extends Error {
  readonly status: number;

  constructor(status: number, text: string) {
    super(text);
    this.name = "QueryError";
    this.status = status;
  }
}

/** A query for something that is not there (gRPC NotFound, REST 404). */
export function notFound(text: string): QueryError {
  return new QueryError(GRPC_STATUS.notFound, text);
}

/** A query whose request makes no sense (gRPC InvalidArgument, REST 400). */
export function invalidArgument(text: string): QueryError {
  return new QueryError(GRPC_STATUS.invalidArgument, text);
}
