import type { SignMode } from "#proto/cosmos/tx/signing/v1beta1/signing";
import { descriptors } from "../../../app/descriptorImage.ts";
import { aminoSignDocs, directSignBytes, type SignerData } from "../../../app/encoding/signDocs.ts";
import { SIGN_MODE } from "../../../app/runtime/signModes.ts";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import type { TxBytes } from "./txBytes.ts";

/** The bytes that a key signs in a mode, direct or amino JSON. @throws CliError when amino JSON cannot say what the transaction says */
export function signBytes(parts: TxBytes, mode: SignMode, signer: SignerData): Uint8Array {
  if (mode === SIGN_MODE.direct) return directSignBytes(parts, signer);
  try {
    const [document] = aminoSignDocs(descriptors(), parts, signer);
    if (document !== undefined) return document;
  } catch (cause) {
    throw new CliError("the transaction has no amino JSON document", { why: reasonOf(cause), next: "--sign-mode direct", cause });
  }
  throw new CliError("the transaction has no amino JSON document", { next: "--sign-mode direct" });
}
