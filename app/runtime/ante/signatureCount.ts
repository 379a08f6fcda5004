import { sdkError } from "#sdk";
import { countKeys } from "../pubKey.ts";
import type { AnteStep } from "./anteRun.ts";

/** Bounds the keys that stand in one transaction, members of multisigs counted one by one; those that accounts are known by are not. @throws sdk/14 */
export const checkSignatureCount: AnteStep = ({ tx, mode, params }) => {
  if (mode !== "simulate" && tx.facts().lacksMode) throw sdkError.tooManySignatures("SignatureData is required");
  let count = 0n;
  for (const read of tx.keys) {
    if (read === undefined) continue;
    count += BigInt(countKeys(read.key));
    if (count > params.txSigLimit) throw sdkError.tooManySignatures(`signatures: ${count}, limit: ${params.txSigLimit}`);
  }
};
