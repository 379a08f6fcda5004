/**
 * What is wrong with an input:
 * `length` of bytes or lists · `scale code` above 153 · `zero row`: signs in a row of code 0 · `range` of a number · `weights` that are negative
 * or too large together · `shape` that is not allowed · `params` outside of their bounds · `cid` that is not canonical · `count` of contributors.
 */
export type KernelErrorKind = "length" | "scale code" | "zero row" | "range" | "weights" | "shape" | "params" | "cid" | "count";

/** An input that no kernel computes with. The kinds of malformed shards are part of the specification. */
export class KernelError extends Error {
  override readonly name = "KernelError";
  readonly kind: KernelErrorKind;

  /** @param detail what was expected and what came */
  constructor(kind: KernelErrorKind, detail: string) {
    super(`${kind}: ${detail}`);
    this.kind = kind;
  }
}
