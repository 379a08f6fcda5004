/** Something that reads bytes of strangers. */
export interface FuzzTarget {
  /** Also the folder of its findings below `test/fuzz/corpus`. */
  readonly name: string;
  /** Executions of this target among a thousand of all. */
  readonly share: number;
  /** Valid inputs, which are changed. */
  readonly seeds: readonly Uint8Array[];
  /** Puts checksums or brackets right again, so that more than the first check is met. */
  readonly mend?: (bytes: Uint8Array) => Uint8Array;
  /** Reads the input. @throws whatever is a finding; refusals as they are promised are none */
  run(bytes: Uint8Array): void | Promise<void>;
}

/** Runs `read`; an error of one of the expected classes is a proper refusal. @returns whether the input was accepted */
export function isAccepted(read: () => unknown, ...refusals: readonly (abstract new (...args: never[]) => Error)[]): boolean {
  try {
    read();
    return true;
  } catch (cause) {
    if (refusals.some((refusal) => cause instanceof refusal)) return false;
    throw cause;
  }
}
