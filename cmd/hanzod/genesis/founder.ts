import { CHAIN } from "../../../app/hanzo.ts";
import { derivationPath, derivePrivateKey, documentSigner, publicKeyOfPrivate } from "../keyring/privateKey.ts";
import { addressOfPublicKey, secp256k1Any } from "../keyring/publicKey.ts";
import type { CoinText } from "../request/coinsText.ts";
import { type GenTxSigner, signGenTx } from "./genTx.ts";
import { LOCAL_ACCOUNTS, LOCAL_MNEMONIC } from "./localAccounts.ts";
import { consensusKeyJson, createValidatorMessage } from "./validatorTerms.ts";

/** A validator that a new chain begins with. */
export interface Founder {
  readonly moniker: string;
  /** ed25519 consensus key, 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly operator: GenTxSigner;
  /** Where peers find its node, or empty. */
  readonly memo: string;
}

/** Voting power of a founder: any equal number does. */
export const FOUNDER_POWER = 10n;
/** What a founder's operator owns, stake included: 10,000 AI in base units. */
const BALANCE = 10_000n * 10n ** 18n;

/** Name of the operator's key in a keyring. */
export const OPERATOR_KEY = "validator";

/** Which account of the public phrase operates the validator of a local node: those after the development accounts. */
export function operatorIndex(node: number): number {
  return LOCAL_ACCOUNTS + node;
}

/** Operator of the validator of a local node, of the public phrase. */
export async function localOperator(node: number): Promise<GenTxSigner> {
  return operatorOf(await derivePrivateKey(LOCAL_MNEMONIC, derivationPath(operatorIndex(node))));
}

/** Who signs with the first account of a recovery phrase. */
export async function operatorOfPhrase(phrase: string): Promise<GenTxSigner> {
  return operatorOf(await derivePrivateKey(phrase, derivationPath(0)));
}

/** Who signs with a private key of 32 bytes. */
export function operatorOf(privateKey: Uint8Array): GenTxSigner {
  const publicKey = secp256k1Any(publicKeyOfPrivate(privateKey));
  return { address: addressOfPublicKey(publicKey), publicKey, sign: documentSigner(privateKey) };
}

/** The account of a founder's operator. */
export function founderAccount({ operator }: Founder): { readonly address: string; readonly coins: readonly CoinText[] } {
  return { address: operator.address, coins: [{ denom: CHAIN.baseDenom, amount: BALANCE.toString() }] };
}

/** The genesis transaction of a founder, as JSON. */
export function founderTx({ moniker, publicKey, operator, memo }: Founder, chainId: string): unknown {
  const amount = { denom: CHAIN.baseDenom, amount: (FOUNDER_POWER * CHAIN.powerReduction).toString() };
  const message = createValidatorMessage({ moniker, pubkey: consensusKeyJson(publicKey), amount }, operator.address);
  return signGenTx({ chainId, message, memo }, operator);
}
