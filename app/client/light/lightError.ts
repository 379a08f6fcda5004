/** Every error of codespace "light": its code and its fixed text. Codes are never reused. */
export const lightErrors = {
  badOptions: [2, "light client options are out of range"],
  unavailable: [3, "provider does not answer"],
  malformed: [4, "provider's answer cannot be read"],
  wrongChain: [5, "header is of another chain"],
  wrongHeight: [6, "header is of another height"],
  wrongTrust: [7, "header differs from the trusted hash"],
  expired: [8, "trusted header is too old"],
  fromFuture: [9, "header is from the future"],
  notLater: [10, "header is not later than the trusted one"],
  badValidators: [11, "validator set is invalid"],
  wrongValidators: [12, "validator set is not the header's"],
  wrongNextValidators: [13, "validator set is not the one that the header before announced"],
  badCommit: [14, "commit does not fit its header and validator set"],
  wrongBlock: [15, "commit is for another block"],
  badSignature: [16, "signature of a validator is wrong"],
  insufficientPower: [17, "votes for the block have too little power"],
  insufficientTrust: [18, "trusted validators with too little power voted for the block"],
  brokenChain: [19, "header is not the one that its successor names"],
  conflict: [20, "witness has another header"],
  notCommitted: [21, "height is not committed yet"],
  refused: [22, "node refused the query"],
  wrongAnswer: [23, "node answered another question"],
  badProof: [24, "proof does not hold"],
} as const satisfies Record<string, readonly [code: number, message: string]>;

/** The name of an error of the light client. */
export type LightErrorName = keyof typeof lightErrors;

/** What the light client refuses to believe. `message` begins with the fixed text of the kind, `detail` says what was expected and what came. */
export class LightError extends Error {
  readonly codespace = "light";
  readonly kind: LightErrorName;
  readonly code: number;
  readonly detail: string;

  /**
   * @param kind which error of the table
   * @param detail what was expected and what came
   * @param options `cause`: the error underneath
   */
  constructor(kind: LightErrorName, detail: string, options?: ErrorOptions) {
    const [code, message] = lightErrors[kind];
    super(`${message}: ${detail}`, options);
    this.name = "LightError";
    this.kind = kind;
    this.code = code;
    this.detail = detail;
  }
}
