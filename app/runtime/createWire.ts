import { MultiSignature } from "#proto/cosmos/crypto/multisig/v1beta1/multisig";
import { type Module, msgServicesOf, sdkError } from "#sdk";
import { type AminoTypes, createAminoTypes } from "../encoding/aminoTypes.ts";
import { createAnyTypes } from "../encoding/anyTypes.ts";
import type { Descriptors } from "../encoding/descriptors.ts";
import { toProtoJson } from "../encoding/protoJson.ts";
import { fromProtoJson } from "../encoding/protoJsonParse.ts";
import { aminoSignDocs } from "../encoding/signDocs.ts";
import { decodeStdTx, encodeStdTx } from "../encoding/stdTx.ts";
import { createStrictDecoder } from "../encoding/strictDecode.ts";
import { createEventFormatter } from "./eventFormat.ts";
import type { SignerPath, Wire } from "./wire.ts";

/** The wire knowledge of a chain of these modules: messages that none of them handles cannot be resolved. */
export function createWire(descriptors: Descriptors, modules: readonly Module[]): Wire {
  const anyTypes = createAnyTypes(descriptors, msgServicesOf(modules));
  const decoder = createStrictDecoder(descriptors, anyTypes);
  let amino: AminoTypes | undefined;
  // Few nodes are ever asked for it.
  const aminoTypes = (): AminoTypes => {
    amino ??= createAminoTypes(descriptors, anyTypes);
    return amino;
  };
  const signers = new Map<string, readonly SignerPath[]>();
  return {
    splitTx: (bytes) => decoder.decodeTx(bytes),
    splitMultiSignature(bytes) {
      decoder.checkStrict(MultiSignature.$type, bytes, "reject");
      return MultiSignature.decode(bytes).signatures;
    },
    signerPaths(typeName) {
      let paths = signers.get(typeName);
      if (paths === undefined) {
        paths = signerPaths(descriptors, typeName);
        signers.set(typeName, paths);
      }
      return paths;
    },
    aminoDocuments: (parts, signer) => aminoSignDocs(descriptors, parts, signer),
    encodeStdTx: (json) => encodeStdTx(aminoTypes(), json),
    decodeStdTx: (bytes) => decodeStdTx(aminoTypes(), bytes),
    formatEvent: createEventFormatter(descriptors),
    toJson: (typeName, bytes) => toProtoJson(descriptors, typeName, bytes),
    fromJson: (typeName, json) => fromProtoJson(descriptors, typeName, json),
  };
}

/** A signer field is a text, or messages that name their signers themselves. */
function signerPaths(descriptors: Descriptors, typeName: string): readonly SignerPath[] {
  const message = descriptors.getMessage(typeName);
  if (message.signer.length === 0) throw sdkError.appConfig(`message ${typeName} names no signer`);
  return message.signer.flatMap((name) => {
    const field = message.findFieldByName(name);
    if (field === undefined) throw sdkError.appConfig(`signer field ${name} of ${typeName} does not exist`);
    if (field.kind !== "message")
      return [{ fields: [field.localName], isOperator: field.options.scalar === "cosmos.ValidatorAddressString" }];
    return signerPaths(descriptors, field.typeName).map(({ fields, ...form }) => ({ fields: [field.localName, ...fields], ...form }));
  });
}
