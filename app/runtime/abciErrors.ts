import { AddressError, GRPC_STATUS, isFatal, QueryError } from "#sdk";
import { StoreError } from "../store/storeError.ts";
import type { LogPort } from "./ports.ts";

/** A failure as it goes into an ABCI answer. */
export interface AbciError {
  readonly codespace: string;
  readonly code: number;
  readonly log: string;
}

/** Errors that nobody registered: the SDK answers them with code 1 of codespace `undefined`. */
const UNREGISTERED = { codespace: "undefined", code: 1 } as const;
/** A defect of the node; the stack goes to the log, never to the caller. */
const INTERNAL: AbciError = { codespace: "sdk", code: 1, log: "internal" };

/** Errors that carry a codespace and a code: of modules, of encoding, of checked arithmetic. */
export interface CodedError extends Error {
  readonly codespace: string;
  readonly code: number;
}

/** Whether a value is an error with codespace and code. */
export function isCoded(error: unknown): error is CodedError {
  return (
    error instanceof Error &&
    "codespace" in error &&
    typeof error.codespace === "string" &&
    "code" in error &&
    typeof error.code === "number"
  );
}

/** Rethrows what must stop the node. */
export function rethrowFatal(error: unknown): void {
  if (isFatal(error)) throw error;
}

/** The answer to a failed transaction. Fatal errors are rethrown; unknown ones become sdk/1 `internal` and are logged with their stack. */
export function toTxError(error: unknown, log: LogPort): AbciError {
  rethrowFatal(error);
  if (isCoded(error)) return { codespace: error.codespace, code: error.code, log: error.message };
  if (error instanceof QueryError) return { ...UNREGISTERED, log: grpcText(error) };
  log.error("a transaction hit a defect of the node", { error: error instanceof Error ? error.stack : String(error) });
  return INTERNAL;
}

/** Names of gRPC status codes as they stand in `rpc error: code = <Name>`. */
const STATUS_NAMES: Readonly<Record<number, string>> = {
  [GRPC_STATUS.unknown]: "Unknown",
  [GRPC_STATUS.invalidArgument]: "InvalidArgument",
  [GRPC_STATUS.notFound]: "NotFound",
  [GRPC_STATUS.deadlineExceeded]: "DeadlineExceeded",
  [GRPC_STATUS.resourceExhausted]: "ResourceExhausted",
  9: "FailedPrecondition",
  [GRPC_STATUS.unimplemented]: "Unimplemented",
  [GRPC_STATUS.internal]: "Internal",
  [GRPC_STATUS.unavailable]: "Unavailable",
  16: "Unauthenticated",
};

/** `rpc error: code = NotFound desc = …`: wallets match this text. */
export function grpcText(error: QueryError): string {
  return `rpc error: code = ${STATUS_NAMES[error.status] ?? "Unknown"} desc = ${error.message}`;
}

/** Which SDK error a gRPC status becomes in an ABCI answer. */
const STATUS_CODES: Readonly<Record<number, readonly [code: number, text: string]>> = {
  [GRPC_STATUS.notFound]: [22, "key not found"],
  [GRPC_STATUS.invalidArgument]: [18, "invalid request"],
  9: [18, "invalid request"],
  16: [4, "unauthorized"],
};
const UNKNOWN_REQUEST = [6, "unknown request"] as const;

/**
 * The answer to a failed query: gRPC NotFound is 22, InvalidArgument 18, any other status and coded errors 6, errors without code 18
 * (cosmos-sdk baseapp gRPCErrorToSDKError). Store errors keep codespace and code.
 */
export function toQueryError(error: unknown, log: LogPort): AbciError {
  if (error instanceof StoreError) return { codespace: error.codespace, code: error.code, log: `${error.detail}: ${error.message}` };
  if (error instanceof QueryError) {
    const [code, text] = STATUS_CODES[error.status] ?? UNKNOWN_REQUEST;
    return { codespace: "sdk", code, log: `${grpcText(error)}: ${text}` };
  }
  if (error instanceof AddressError) return { codespace: "sdk", code: 18, log: `${error.message}: invalid request` };
  if (isCoded(error)) return { codespace: "sdk", code: 6, log: `${error.message}: unknown request` };
  log.error("a query hit a defect of the node", { error: error instanceof Error ? error.stack : String(error) });
  return INTERNAL;
}
