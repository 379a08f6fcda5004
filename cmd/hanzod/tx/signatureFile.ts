import { type SignatureDescriptor, SignatureDescriptors } from "#proto/cosmos/tx/signing/v1beta1/signing";
import { descriptors } from "../../../app/descriptorImage.ts";
import { toProtoJson } from "../../../app/encoding/protoJson.ts";
import { fromProtoJson } from "../../../app/encoding/protoJsonParse.ts";
import { CliError, reasonOf } from "../../shared/cliError.ts";

/** Signatures outside of a transaction, as the SDK's tools write them: `{"signatures": [{"public_key": …, "data": …, "sequence": …}]}`. */
export function signaturesJson(signatures: readonly SignatureDescriptor[]): unknown {
  return toProtoJson(descriptors(), SignatureDescriptors.$type, SignatureDescriptors.encode({ signatures: [...signatures] }).finish());
}

/** Reads what {@link signaturesJson} gives. @throws CliError when the text is something else */
export function parseSignaturesJson(text: string, source: string): readonly SignatureDescriptor[] {
  try {
    return SignatureDescriptors.decode(fromProtoJson(descriptors(), SignatureDescriptors.$type, JSON.parse(text))).signatures;
  } catch (cause) {
    throw new CliError(`${source} holds no signatures`, {
      why: reasonOf(cause),
      next: "each member makes one with hanzod tx sign FILE --from MEMBER --multisig NAME",
      cause,
    });
  }
}
