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
