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
/** What is appended to errors that carry no gRPC status. */
const CODE_TEXT = /: (?:invalid request|unknown request)$/;
/** A method that is in the descriptors but that nobody serves. */
const NOT_SERVED = "unknown query path: unknown request";
/** Code 1 of codespace `sdk`: a defect of the node. */
const DEFECT = 1;
const KEY_NOT_FOUND = 22;
/** Code of codespace `store` for a height that is not kept. */
const HEIGHT_NOT_KEPT = 7;

/** Statuses with which the SDK answers a request that it could not carry out, such as a simulation that fails: never this node's defects. */
const VAGUE: ReadonlySet<number> = new Set([STATUS.Unknown, STATUS.Internal]);

/**
 * The gRPC status behind a failed ABCI answer. Only defects of the node are Internal: where the SDK says Unknown or Internal of a caller's
 * mistake, this is InvalidArgument.
 */
export function statusOfAnswer({
  code,
  codespace,
  log,
}: {
  readonly code: number;
  readonly codespace: string;
  readonly log: string;
}): GrpcStatus {
  if (log === NOT_SERVED) return { code: STATUS.Unimplemented, message: "Not Implemented" };
  const [, name, text] = RPC_ERROR.exec(log) ?? [];
  if (name !== undefined && text !== undefined) {
    const status = Object.hasOwn(STATUS, name) ? STATUS[name as keyof typeof STATUS] : STATUS.Unknown;
    return { code: VAGUE.has(status) ? STATUS.InvalidArgument : status, message: text };
  }
  const isDefect = codespace === "store" ? code !== HEIGHT_NOT_KEPT : code === DEFECT;
  if (isDefect) return { code: STATUS.Internal, message: "internal" };
  return {
    code: codespace === "sdk" && code === KEY_NOT_FOUND ? STATUS.NotFound : STATUS.InvalidArgument,
    message: log.replace(CODE_TEXT, ""),
  };
}

/** A failure of the API itself, before the state machine was asked. */
export class ApiError extends Error {
  readonly status: GrpcStatus;

  constructor(code: number, message: string) {
    super(message);
    this.status = { code, message };
  }
}
