const CODES = {
  /** The chain refused a transaction or carried it out without success. */
  refused: 1,
  /** An answer of the node lacks something that it must have. */
  badAnswer: 2,
  /** A document does not fit the message that it should be. */
  badDocument: 3,
} as const;

/** What went wrong in this client; a chain's own error is in `chain`. */
export class ClientError extends Error {
  readonly codespace = "client";
  readonly code: number;
  readonly detail: string;
  /** Codespace and code with which the chain refused a transaction. */
  readonly chain: { readonly codespace: string; readonly code: number } | undefined;

  constructor(kind: keyof typeof CODES, detail: string, chain?: { readonly codespace: string; readonly code: number }) {
    super(detail);
    this.name = "ClientError";
    this.code = CODES[kind];
    this.detail = detail;
    this.chain = chain;
  }
}
