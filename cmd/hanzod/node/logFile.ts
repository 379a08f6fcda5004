import { closeSync, fstatSync, openSync, renameSync, writeSync } from "node:fs";

/** Size at which a log file makes way for a new one, in bytes; the one before it is kept. */
const ROTATE_BYTES = 64 * 1024 * 1024;

/** A log file of bounded size with its last lines at hand. */
export class LogFile {
  readonly #path: string;
  readonly #keep: number;
  readonly #last: string[] = [];
  #file: number | undefined;
  #size: number;

  /**
   * @param path appended to; its folder exists.
   * @param keep lines remembered for `lastLines`.
   */
  constructor(path: string, keep: number) {
    this.#path = path;
    this.#keep = keep;
    this.#file = openSync(path, "a", 0o600);
    this.#size = fstatSync(this.#file).size;
  }

  /** The newest lines, oldest first. */
  get lastLines(): readonly string[] {
    return this.#last;
  }

  /** Appends a line. A disk that is full loses the line and nothing else. */
  write(line: string): void {
    this.#last.push(line);
    if (this.#last.length > this.#keep) this.#last.shift();
    if (this.#file === undefined) return;
    try {
      this.#size += writeSync(this.#file, `${line}\n`);
      if (this.#size > ROTATE_BYTES) this.#rotate(this.#file);
    } catch {
      // The log must never take the node down; the lines stay in memory for the report.
    }
  }

  /** Forgets the remembered lines: they belong to a process that has ended. */
  forget(): void {
    this.#last.length = 0;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #rotate(file: number): void {
    closeSync(file);
    this.#file = undefined;
    renameSync(this.#path, `${this.#path}.1`);
    this.#file = openSync(this.#path, "a", 0o600);
    this.#size = 0;
  }
}
