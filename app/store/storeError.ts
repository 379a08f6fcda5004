// The errors of the store. Codes are never reused; the text is fixed and the detail says what was expected and what came.

/** Every error of codespace "store": its code and its fixed text. Code 1 is left to internal errors of the layers above. */
export const storeErrors = {
  emptyKey: [2, "key is empty"],
  emptyValue: [3, "value is empty"],
  keyTooLong: [4, "key is too long"],
  valueTooLong: [5, "value is too long"],
  unknownStore: [6, "store is unknown"],
  versionNotKept: [7, "version is not kept"],
  unknownSavepoint: [8, "savepoint is not open"],
  wrongVersion: [9, "version is out of order"],
  nothingApplied: [10, "no working version to commit"],
  badChangeSet: [11, "change set is not sorted"],
  homeInUse: [12, "home is in use by another process"],
  corruptRecord: [13, "stored record is damaged"],
  wrongRoot: [14, "replayed state differs from the committed state"],
  badNodes: [15, "tree nodes are not a valid export"],
  noProof: [16, "proof cannot be made"],
  storeClosed: [17, "store is closed"],
  backendFailed: [18, "storage backend failed"],
  incompatibleHome: [19, "home was written with other settings"],
  noHashKernel: [20, "hash kernel cannot be used"],
  badSnapshot: [21, "snapshot is not valid"],
} as const satisfies Record<string, readonly [code: number, message: string]>;

/** The name of an error of the store. */
export type StoreErrorName = keyof typeof storeErrors;

/** An error of the store. `message` is fixed per code, `detail` names the values at hand. */
export class StoreError extends Error {
  readonly codespace = "store";
  readonly code: number;
  readonly detail: string;

  /**
   * @param kind which error of the table
   * @param detail what was expected and what came, with units
   * @param options `cause`: the error underneath
   */
  constructor(kind: StoreErrorName, detail: string, options?: ErrorOptions) {
    const [code, message] = storeErrors[kind];
    super(message, options);
    this.name = "StoreError";
    this.code = code;
    this.detail = detail;
  }
}
