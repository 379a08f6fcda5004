/** The error with which the chain refused a query or a transaction. */
export interface Refusal {
  readonly codespace: string;
  readonly code: number;
}

/** A failure of a command: what happened, why, and the command that mends it. `main` prints the three and exits with `exitCode`. */
export class CliError extends Error {
  readonly why: string;
  readonly next: string;
  readonly exitCode: number;
  /** The chain's own error, when the chain refused. */
  readonly refusal: Refusal | undefined;

  constructor(
    what: string,
    options: {
      readonly why?: string;
      readonly next?: string;
      readonly exitCode?: number;
      readonly refusal?: Refusal;
      readonly cause?: unknown;
    } = {},
  ) {
    super(what, options.cause === undefined ? {} : { cause: options.cause });
    this.name = "CliError";
    this.why = options.why ?? "";
    this.next = options.next ?? "";
    this.exitCode = options.exitCode ?? 1;
    this.refusal = options.refusal;
  }
}

/** Text of any thrown value. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
