// Apart from the guard: settings know the limits, and the gRPC library is loaded where there is a server.
import { MAX_CALLS } from "./limits.ts";

/** What a gRPC server grants its callers. */
export interface GrpcLimits {
  /** Connections at a time; further ones are closed at once. */
  readonly maxConnections: number;
  /** Milliseconds within which a request must have come in whole, and a new connection must have begun a call; later without calls six times as long. */
  readonly readTimeoutMs: number;
  /** Milliseconds that a caller has to take an answer before its connection is closed; 0 for no end. */
  readonly writeTimeoutMs: number;
  /** Largest request in bytes. */
  readonly maxReceiveBytes: number;
  /** Largest answer in bytes. */
  readonly maxSendBytes: number;
  /** Streams of one connection at a time. */
  readonly maxStreams: number;
  /** Queries under way at a time, of all connections together. */
  readonly maxCalls: number;
}

/** What a server grants unless it is told otherwise. */
export const DEFAULT_GRPC_LIMITS: GrpcLimits = {
  maxConnections: 1000,
  readTimeoutMs: 10_000,
  writeTimeoutMs: 60_000,
  maxReceiveBytes: 10 * 1024 * 1024,
  maxSendBytes: 64 * 1024 * 1024,
  maxStreams: 100,
  maxCalls: MAX_CALLS,
};
