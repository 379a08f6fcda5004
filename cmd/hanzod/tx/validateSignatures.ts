import { addressOfPublicKey } from "../keyring/publicKey.ts";
import type { AccountNumbers } from "./sender.ts";
import { encodeTx } from "./txBytes.ts";
import { txCodec } from "./txCodec.ts";
import { partsOf, type TxDocument } from "./txFile.ts";

/** What is to say of one signature. */
export interface SignatureVerdict {
  readonly address: string;
  readonly valid: boolean;
  /** Why not; empty when it is valid. */
  readonly reason: string;
}

/**
 * Judges every signature that a transaction needs, as the chain would.
 * @param numbers account number and sequence of the signers, in their order
 */
export function validateSignatures(
  document: TxDocument,
  signers: readonly string[],
  numbers: readonly AccountNumbers[],
  chainId: string,
): readonly SignatureVerdict[] {
  const codec = txCodec();
  const tx = codec.decode(encodeTx(partsOf(document), document.signatures));
  const judge = (address: string, index: number): string | undefined => {
    const info = document.authInfo.signerInfos[index];
    const account = numbers[index];
    if (info === undefined || account === undefined || document.signatures[index] === undefined) return "no signature";
    if (info.publicKey === undefined) return "no public key";
    if (addressOfPublicKey(info.publicKey) !== address) return `the key in its place is that of ${addressOfPublicKey(info.publicKey)}`;
    if (info.sequence !== account.sequence) return `sequence ${account.sequence} is expected, ${info.sequence} was signed`;
    return codec.whyWrong(tx, index, { address, account }, chainId);
  };
  return signers.map((address, index) => {
    const reason = judge(address, index);
    return { address, valid: reason === undefined, reason: reason ?? "" };
  });
}
