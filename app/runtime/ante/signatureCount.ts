import { sdkError } from "#sdk";
import { countKeys } from "../pubKey.ts";
import type { AnteStep } from "./anteRun.ts";

/** Bounds the keys of one transaction, members of multisigs counted one by one. @throws sdk/14 */
export const checkSignatureCount: AnteStep = ({ tx, mode, params, signers }) => {
  if (mode !== "simulate" && tx.facts().lacksMode) throw sdkError.tooManySignatures("SignatureData is required");
  let count = 0n;
  for (const { key } of signers) {
    if (key === undefined) continue;
    count += BigInt(countKeys(key));
    if (count > params.txSigLimit) throw sdkError.tooManySignatures(`signatures: ${count}, limit: ${params.txSigLimit}`);
  }
};
