/**
 * Bytes or text that this chain does not accept. `codespace` and `code` are what a transaction carrying them answers with; `detail` says what
 * was expected and what came. The texts follow the SDK's (`<detail>: tx parse error`).
 */
export class EncodingError extends Error {
  readonly codespace: string;
  readonly code: number;
  readonly detail: string;

  constructor(codespace: string, code: number, message: string, detail = "") {
    super(detail === "" ? message : `${detail}: ${message}`);
    this.name = "EncodingError";
    this.codespace = codespace;
    this.code = code;
    this.detail = detail;
  }
}

/** Transaction bytes that cannot be read: codespace sdk, code 2 (cosmos-sdk ErrTxDecode). */
export function txParseError(detail: string): EncodingError {
  return new EncodingError("sdk", 2, "tx parse error", detail);
}

/** JSON that cannot be read as the wanted message: codespace sdk, code 17 (cosmos-sdk ErrJSONUnmarshal). */
export function jsonParseError(detail: string): EncodingError {
  return new EncodingError("sdk", 17, "failed to unmarshal JSON bytes", detail);
}

/** A value that cannot be written as JSON: codespace sdk, code 16 (cosmos-sdk ErrJSONMarshal). */
export function jsonFormatError(detail: string): EncodingError {
  return new EncodingError("sdk", 16, "failed to marshal JSON bytes", detail);
}

/** A request that makes no sense: codespace sdk, code 18 (cosmos-sdk ErrInvalidRequest). */
export function invalidRequestError(detail: string): EncodingError {
  return new EncodingError("sdk", 18, "invalid request", detail);
}

/** A document that cannot be built for signing, so no signature can be right: codespace sdk, code 4 (cosmos-sdk ErrUnauthorized). */
export function unsignableError(detail: string): EncodingError {
  return new EncodingError("sdk", 4, "unauthorized", detail);
}
