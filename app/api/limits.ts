/** Longest path with query, in characters. */
export const MAX_URL_LENGTH = 8192;

/** Most query parameters, repeated ones counted each. */
export const MAX_PARAMETERS = 256;

/** Deepest field path of a query parameter: `pagination.limit` has depth 2. */
export const MAX_FIELD_DEPTH = 8;

/** Most calls under way at once by default, of all connections of a server together. */
export const MAX_CALLS = 1024;

/** Most requests of one HTTP connection at once: nobody but benchmarks sends the next before the answer to the last. */
export const MAX_PIPELINED = 64;

/** Most gRPC streams whose request is not whole, of all connections together. */
export const MAX_OPEN_STREAMS = 8192;

/** Milliseconds between two pings of a gRPC connection, and the time for its answer. */
export const GRPC_PING_MS = 60_000;
export const GRPC_PONG_MS = 20_000;

/** Memory that one gRPC connection may make the HTTP/2 library hold, in MB. */
export const GRPC_SESSION_MB = 16;

/** Milliseconds after which a gRPC or gRPC-web call without an answer fails; a caller's own deadline may be nearer. */
export const CALL_TIMEOUT_MS = 30_000;

/** Milliseconds after which a reflection stream is ended. */
export const REFLECTION_STREAM_MS = 300_000;

/** Most questions on one reflection stream. */
export const MAX_REFLECTION_QUESTIONS = 10_000;

/** Milliseconds that calls under way have to end when the gRPC server is closed. */
export const CLOSE_GRACE_MS = 2_000;

/** Most padded pieces that the base64 of a gRPC-web request may come in. */
export const MAX_TEXT_PIECES = 1024;
