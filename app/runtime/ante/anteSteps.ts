import type { AnteStep } from "./anteRun.ts";
import { checkBasics } from "./basicChecks.ts";
import { deductFee } from "./fee.ts";
import { checkGasLimit } from "./gasLimit.ts";
import { checkMemo } from "./memo.ts";
import { setPubKeys } from "./pubKeys.ts";
import { incrementSequences } from "./sequence.ts";
import { checkSignatureCount } from "./signatureCount.ts";
import { chargeSignatures } from "./signatureGas.ts";
import { checkTimeouts } from "./timeouts.ts";
import { chargeMissingBytes, chargeTxSize } from "./txSize.ts";
import { useUnorderedNonces } from "./unordered.ts";
import { verifySignatures } from "./verifySignatures.ts";

/** Everything between decoding and the messages. The order decides which code a transaction with several faults gets; it is the SDK's. */
export const anteSteps: readonly AnteStep[] = [
  checkGasLimit,
  checkBasics,
  checkTimeouts,
  checkMemo,
  chargeTxSize,
  deductFee,
  setPubKeys,
  chargeMissingBytes,
  checkSignatureCount,
  chargeSignatures,
  useUnorderedNonces,
  verifySignatures,
  incrementSequences,
];
