/** A failed call as gRPC and REST show it. */
export interface GrpcStatus {
  /** gRPC status code. */
  readonly code: number;
  readonly message: string;
}

/** gRPC status codes by name. */
export const STATUS = {
  Canceled: 1,
  Unknown: 2,
  InvalidArgument: 3,
  DeadlineExceeded: 4,
  NotFound: 5,
  AlreadyExists: 6,
  PermissionDenied: 7,
  ResourceExhausted: 8,
  FailedPrecondition: 9,
  Aborted: 10,
  OutOfRange: 11,
  Unimplemented: 12,
  Internal: 13,
  Unavailable: 14,
  DataLoss: 15,
  Unauthenticated: 16,
} as const;

/** HTTP status of a gRPC code, as gateways map them (google.rpc.Code). */
const HTTP_STATUS: Readonly<Record<number, number>> = {
  [STATUS.Canceled]: 499,
  [STATUS.InvalidArgument]: 400,
  [STATUS.DeadlineExceeded]: 504,
  [STATUS.NotFound]: 404,
  [STATUS.AlreadyExists]: 409,
  [STATUS.PermissionDenied]: 403,
  [STATUS.ResourceExhausted]: 429,
  [STATUS.FailedPrecondition]: 400,
  [STATUS.Aborted]: 409,
  [STATUS.OutOfRange]: 400,
  [STATUS.Unimplemented]: 501,
  [STATUS.Unavailable]: 503,
  [STATUS.Unauthenticated]: 401,
};

/** HTTP status of a gRPC code; 500 for those that say nothing. */
export function httpStatusOf(code: number): number {
  return HTTP_STATUS[code] ?? 500;
}

/** The text that ABCI answers carry when a handler failed with a gRPC status; the last part is the ABCI code's own text. */
const RPC_ERROR = /^rpc error: code = (\w+) desc = ([\s\S]*): (?:key not found|invalid request|unknown request|unauthorized)$/;
/** What the SDK appends to errors that carry no gRPC status. */
const CODE_TEXT = /: (?:invalid request|unknown request)$/;

/** Codes of codespace `sdk` that say the caller asked for something impossible. */
const CALLER_MISTAKES = new Set([6, 7, 10, 18, 26]);

/**
 * The gRPC status behind a failed ABCI answer. Errors without a status are the caller's mistakes, unless the node says `internal`:
 * a caller's mistake is never a server error.
 */
export function statusOfAnswer({ code, codespace, log }: { readonly code: number; readonly codespace: string; readonly log: string }): GrpcStatus {
  const rpc = RPC_ERROR.exec(log);
  if (rpc !== null) {
    const name = rpc[1] as keyof typeof STATUS;
    return { code: STATUS[name] ?? STATUS.Unknown, message: rpc[2] ?? "" };
  }
  const message = log.replace(CODE_TEXT, "");
  if (codespace === "sdk" && code === 22) return { code: STATUS.NotFound, message };
  if (codespace === "store" || (codespace === "sdk" && CALLER_MISTAKES.has(code))) return { code: STATUS.InvalidArgument, message };
  return { code: STATUS.Internal, message };
}

/** A failure of the API itself, before or after the state machine was asked. */
export class ApiError extends Error {
  readonly status: GrpcStatus;
  /** Whether the state machine was reached; the gateway's own errors carry no height header. */
  readonly height: bigint | undefined;

  constructor(code: number, message: string, height?: bigint) {
    super(message);
    this.status = { code, message };
    this.height = height;
  }
}
