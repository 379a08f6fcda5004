import { Bip39, EnglishMnemonic, Random, Secp256k1, Slip10, Slip10Curve, sha256, stringToPath } from "@cosmjs/crypto";
import { CHAIN } from "../../../app/hanzo.ts";
import { CliError, reasonOf } from "../../shared/cliError.ts";

/** Signs a document: secp256k1 over its SHA-256, 64 bytes with low s. */
export type DocumentSigner = (document: Uint8Array) => Uint8Array;

/** A recovery phrase of 24 words that nobody has. */
export function newPhrase(): string {
  return Bip39.encode(Random.getBytes(32)).toString();
}

/** Where account `index` of a recovery phrase lies (BIP-44), with the coin type of the chain. */
export function derivationPath(index: number): string {
  return `m/44'/${CHAIN.coinType}'/0'/0/${index}`;
}

/** The private key of a recovery phrase at a path, 32 bytes. @throws CliError when the phrase is not one */
export async function derivePrivateKey(mnemonic: string, path: string): Promise<Uint8Array> {
  try {
    const seed = await Bip39.mnemonicToSeed(new EnglishMnemonic(mnemonic.trim()));
    return Slip10.derivePath(Slip10Curve.Secp256k1, seed, stringToPath(path)).privkey;
  } catch (cause) {
    throw noPhrase(cause);
  }
}

/** The compressed public key of a private one, 33 bytes. @throws CliError when it is outside of the curve's range */
export function publicKeyOfPrivate(privateKey: Uint8Array): Uint8Array {
  try {
    return Secp256k1.compressPubkey(Secp256k1.makeKeypair(privateKey).pubkey);
  } catch (cause) {
    throw new CliError("this is no private key", { why: `32 bytes within the range of secp256k1 are expected: ${reasonOf(cause)}`, cause });
  }
}

/** Signs with a private key. */
export function documentSigner(privateKey: Uint8Array): DocumentSigner {
  return (document) => Secp256k1.createSignature(sha256(document), privateKey).toFixedLength().slice(0, 64);
}

/** The error for a text that is no recovery phrase. */
export function noPhrase(cause: unknown): CliError {
  return new CliError("this is not a recovery phrase", {
    why: `${reasonOf(cause)}; 12 to 24 words of the BIP-39 list are expected`,
    next: "hanzod keys add NAME",
    cause,
  });
}
