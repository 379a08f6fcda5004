/** A document that does not fit the message that it should be: codespace client, code 1. */
export class ClientError extends Error {
  readonly codespace = "client";
  readonly code = 1;
  readonly detail: string;

  constructor(detail: string) {
    super(detail);
    this.name = "ClientError";
    this.detail = detail;
  }
}
