/** Largest body in bytes: a transaction of 4 MiB in base64. */
export const MAX_BODY_BYTES = 6 * 1024 * 1024;

/** Longest path with query, in characters. */
export const MAX_URL_LENGTH = 8192;

/** Most query parameters, repeated ones counted each. */
export const MAX_PARAMETERS = 256;

/** Deepest field path of a query parameter: `pagination.limit` has depth 2. */
export const MAX_FIELD_DEPTH = 8;

/** Milliseconds within which a request must have come in whole. */
export const REQUEST_TIMEOUT_MS = 30_000;

/** Most gRPC and gRPC-web calls under way at once, of all connections together. */
export const MAX_CALLS = 1024;

/** Most streams of one gRPC connection at once. */
export const MAX_STREAMS = 100;

/** Milliseconds after which a gRPC or gRPC-web call without an answer fails; a caller's own deadline may be nearer. */
export const CALL_TIMEOUT_MS = 30_000;

/** Largest gRPC answer in bytes. */
export const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** Milliseconds after which a reflection stream is ended. */
export const REFLECTION_STREAM_MS = 300_000;

/** Most questions on one reflection stream. */
export const MAX_REFLECTION_QUESTIONS = 10_000;

/** Milliseconds that calls under way have to end when the gRPC server is closed. */
export const CLOSE_GRACE_MS = 2_000;

/** Most padded pieces that the base64 of a gRPC-web request may come in. */
export const MAX_TEXT_PIECES = 1024;
