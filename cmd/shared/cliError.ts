/** A failure of a command: what happened, why, and the command that mends it. `main` prints the three and exits with `exitCode`. */
export class CliError extends Error {
  readonly why: string;
  readonly next: string;
  readonly exitCode: number;

  constructor(
    what: string,
    options: { readonly why?: string; readonly next?: string; readonly exitCode?: number; readonly cause?: unknown } = {},
  ) {
    super(what, options.cause === undefined ? {} : { cause: options.cause });
    this.name = "CliError";
    this.why = options.why ?? "";
    this.next = options.next ?? "";
    this.exitCode = options.exitCode ?? 1;
  }
}

/** Text of any thrown value. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
