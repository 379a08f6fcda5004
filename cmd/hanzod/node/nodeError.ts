/** Exit codes of `hanzod` that scripts and service managers may rely on (sysexits.h where one fits). */
export const EXIT = {
  ok: 0,
  failed: 1,
  /** Configuration or environment is wrong: nothing was started. */
  config: 78,
  /** Another process holds the home or a port. */
  busy: 75,
  /** A part of the node died and restarting it was no use. */
  stopped: 70,
} as const;

/** A node problem told to its operator: what happened, why, and the next command. */
export class NodeError extends Error {
  override readonly name = "NodeError";
  /** Entry of the runbook, for example `HZN-LOCK`. */
  readonly code: string;
  /** What the operator can do next. */
  readonly next: string;
  readonly exitCode: number;

  constructor(code: string, what: string, next: string, exitCode: number = EXIT.config) {
    super(what);
    this.code = code;
    this.next = next;
    this.exitCode = exitCode;
  }

  /** The three parts as lines for a terminal. */
  format(): string {
    return `error ${this.code}: ${this.message}\n  next: ${this.next}`;
  }
}
