// The errors of the content store. Codes are never reused; the text is fixed and the detail says what was expected and what came.

/** Every error of codespace "content": its code and its fixed text. */
export const contentErrors = {
  badCid: [2, "not a content identifier of this store"],
  tooLarge: [3, "block is too large"],
  missing: [4, "block is not kept"],
  mismatch: [5, "bytes do not have their hash"],
  badArchive: [6, "archive is not valid"],
  unreachable: [7, "block cannot be fetched"],
} as const satisfies Record<string, readonly [code: number, message: string]>;

/** The name of an error of the content store. */
export type ContentErrorName = keyof typeof contentErrors;

/** An error of the content store. `message` is fixed per code, `detail` names the values at hand. */
export class ContentError extends Error {
  readonly codespace = "content";
  readonly code: number;
  readonly detail: string;

  /**
   * @param kind which error of the table
   * @param detail what was expected and what came
   * @param options `cause`: the error underneath
   */
  constructor(kind: ContentErrorName, detail: string, options?: ErrorOptions) {
    const [code, message] = contentErrors[kind];
    super(message, options);
    this.name = "ContentError";
    this.code = code;
    this.detail = detail;
  }
}
