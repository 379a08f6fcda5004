import type { AnyTypes } from "./anyTypes.ts";
import type { Descriptors } from "./descriptors.ts";
import { EncodingError } from "./encodingError.ts";
import { createPlans } from "./strictPlan.ts";
import { type Scan, type StrictLimits, scanMessage } from "./strictScan.ts";

/**
 * What to do with unknown fields: `reject` all of them (TxRaw, AuthInfo), or accept those whose number has bit 11 set (`nonCritical`: TxBody and
 * messages), as the SDK does.
 */
export type UnknownFields = "reject" | "nonCritical";

/** A transaction taken apart; the parts are views into the given bytes. */
export interface TxParts {
  readonly bodyBytes: Uint8Array;
  readonly authInfoBytes: Uint8Array;
  readonly signatures: readonly Uint8Array[];
  /** Whether the body has unknown non-critical fields; such a transaction cannot be signed in amino mode. */
  readonly hasNonCritical: boolean;
}

/** Refuses bytes that have more than one reading. Generated decoders accept all of what is refused here, silently. */
export interface StrictDecoder {
  /**
   * Checks one encoded message and everything inside of it, also inside Any. TxRaw must besides have its fields in order (ADR-027).
   * @returns whether unknown non-critical fields were skipped
   * @throws sdk/2 when the bytes are not strict, sdk/21 when there are too many
   */
  checkStrict(typeName: string, bytes: Uint8Array, unknown: UnknownFields): boolean;
  /**
   * Checks a whole transaction: TxRaw, TxBody, AuthInfo. An empty body or AuthInfo passes: that is for the checks behind to judge.
   * @throws sdk/2 when the bytes are not strict, sdk/21 when there are too many
   */
  decodeTx(bytes: Uint8Array): TxParts;
}

/** Bytes of the default block (CometBFT 0.38), Any as many and as deep as the SDK unpacks; far above any honest transaction. */
export const DEFAULT_STRICT_LIMITS: StrictLimits = { bytes: 4_194_304, fields: 262_144, depth: 64, anyDepth: 10, anys: 100 };

const TX_RAW = "cosmos.tx.v1beta1.TxRaw";
const TX_BODY = "cosmos.tx.v1beta1.TxBody";
const AUTH_INFO = "cosmos.tx.v1beta1.AuthInfo";
const EMPTY = new Uint8Array(0);

/**
 * Makes a strict decoder. Work is linear in the bytes; memory does not grow with them.
 * @param descriptors types of the chain
 * @param anyTypes what may be packed into an Any
 */
export function createStrictDecoder(
  descriptors: Descriptors,
  anyTypes: AnyTypes,
  limits: StrictLimits = DEFAULT_STRICT_LIMITS,
): StrictDecoder {
  const planOf = createPlans(descriptors);
  const checkStrict = (typeName: string, bytes: Uint8Array, unknown: UnknownFields): boolean => {
    if (bytes.length > limits.bytes)
      throw new EncodingError("sdk", 21, "tx too large", `at most ${limits.bytes} bytes expected, got ${bytes.length}`);
    const scan: Scan = {
      bytes,
      planOf,
      anyTypes,
      limits,
      allowNonCritical: unknown === "nonCritical",
      fieldsLeft: limits.fields,
      anysLeft: limits.anys,
      low: 0,
      high: 0,
      next: 0,
      skipped: false,
    };
    scanMessage(scan, planOf(typeName), 0, bytes.length, 0, 0);
    return scan.skipped;
  };
  return {
    checkStrict,
    decodeTx(bytes) {
      checkStrict(TX_RAW, bytes, "reject");
      const { bodyBytes, authInfoBytes, signatures } = splitTxRaw(bytes);
      const hasNonCritical = checkStrict(TX_BODY, bodyBytes, "nonCritical");
      checkStrict(AUTH_INFO, authInfoBytes, "reject");
      return { bodyBytes, authInfoBytes, signatures, hasNonCritical };
    },
  };
}

/** Fields of a TxRaw. CONTRACT: the bytes have passed the strict check, so lengths are right and nothing else is in there. */
function splitTxRaw(bytes: Uint8Array): { bodyBytes: Uint8Array; authInfoBytes: Uint8Array; signatures: Uint8Array[] } {
  let bodyBytes: Uint8Array = EMPTY;
  let authInfoBytes: Uint8Array = EMPTY;
  const signatures: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length) {
    const number = (bytes[at++] ?? 0) >>> 3;
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0;
      length |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    const value = bytes.subarray(at, at + length);
    at += length;
    if (number === 1) bodyBytes = value;
    else if (number === 2) authInfoBytes = value;
    else signatures.push(value);
  }
  // A list that grew has room for sixteen more, which would wait with the transaction.
  return { bodyBytes, authInfoBytes, signatures: signatures.slice() };
}
