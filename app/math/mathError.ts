/** Failure of checked arithmetic. The code is part of consensus data when it ends a transaction, so codes are never reused. */
export class MathError extends Error {
  readonly codespace = "math";
  /** 2 out of range · 3 division by zero · 4 malformed integer. */
  readonly code: number;
  /** What was expected and what came. */
  readonly detail: string;

  /**
   * @param code one of the codes above
   * @param detail what was expected and what came
   */
  constructor(code: number, detail: string) {
    super(detail);
    this.name = "MathError";
    this.code = code;
    this.detail = detail;
  }
}

/** Code of a value outside its allowed range. */
export const OUT_OF_RANGE = 2;
/** Code of a division by zero. */
export const DIVISION_BY_ZERO = 3;
/** Code of a text that is no canonical integer. */
export const MALFORMED_INTEGER = 4;
