import type { SignMode } from "#proto/cosmos/tx/signing/v1beta1/signing";
import type { SignerInfo } from "#proto/cosmos/tx/v1beta1/tx";
import type { Any } from "#proto/google/protobuf/any";
import { SIGN_MODE } from "../../../app/runtime/signModes.ts";
import { CliError } from "../../shared/cliError.ts";
import type { DocumentSigner } from "../keyring/privateKey.ts";
import { addressOfPublicKey } from "../keyring/publicKey.ts";
import type { AccountNumbers } from "./sender.ts";
import { signBytes } from "./signBytes.ts";
import { singleMode } from "./txBytes.ts";
import { requiredSigners } from "./txCodec.ts";
import { partsOf, type TxDocument } from "./txFile.ts";

/** Who adds a signature to a document. */
export interface DocumentParty {
  readonly address: string;
  readonly publicKey: Any;
  readonly numbers: AccountNumbers;
  readonly mode: SignMode;
  readonly sign: DocumentSigner;
}

/**
 * Adds a signature to a transaction, in the place that the order of its signers gives it; one that is there already is replaced.
 * @throws CliError when the transaction is not theirs to sign, or when others sign it too and the mode is direct
 */
export function signDocument(document: TxDocument, party: DocumentParty, chainId: string): TxDocument {
  const { address, publicKey, numbers, mode, sign } = party;
  const signers = requireSigner(document, address);
  if (mode === SIGN_MODE.direct && signers.length > 1)
    throw new CliError(`${signers.length} accounts sign this transaction`, {
      why: "in direct mode a signature covers the keys of all of them, so that the first one to sign could not know what to sign",
      next: "--sign-mode amino-json",
    });
  const info: SignerInfo = { publicKey, modeInfo: singleMode(mode), sequence: numbers.sequence };
  const { document: placed, index } = placeSigner(document, signers, address, info);
  const signature = sign(signBytes(partsOf(placed), mode, { chainId, ...numbers }));
  return { ...placed, signatures: placed.signatures.map((other, at) => (at === index ? signature : other)) };
}

/** Who must sign, in order. @throws CliError when `address` is none of them */
export function requireSigner(document: TxDocument, address: string): readonly string[] {
  const signers = requiredSigners(partsOf(document));
  if (!signers.includes(address))
    throw new CliError(`${address} does not sign this transaction`, {
      why: `its signers are: ${signers.join(", ")}`,
      next: "give --from one of them",
    });
  return signers;
}

/** Puts signer information among what is there, in the order of the signers, with an empty signature. */
export function placeSigner(
  document: TxDocument,
  signers: readonly string[],
  address: string,
  info: SignerInfo,
): { readonly document: TxDocument; readonly index: number } {
  const { authInfo, signatures } = document;
  const others = authInfo.signerInfos.map((other, index) => ({
    address: other.publicKey === undefined ? (signers[index] ?? "") : addressOfPublicKey(other.publicKey),
    info: other,
    signature: signatures[index] ?? new Uint8Array(0),
  }));
  const entries = [...others.filter((other) => other.address !== address), { address, info, signature: new Uint8Array(0) }];
  entries.sort((a, b) => signers.indexOf(a.address) - signers.indexOf(b.address));
  return {
    document: {
      ...document,
      authInfo: { ...authInfo, signerInfos: entries.map((entry) => entry.info) },
      signatures: entries.map((entry) => entry.signature),
    },
    index: entries.findIndex((entry) => entry.address === address),
  };
}
