import { DirectSecp256k1HdWallet, makeCosmoshubPath } from "@cosmjs/proto-signing";

/** The phrase of development chains. Everybody knows it. */
const PUBLIC_PHRASE = "test test test test test test test test test test test junk";
const PREFIX = "hanzo";
const STORAGE_KEY = "hanzo.test-wallet.phrase";

/** A key in this page. */
export interface PageKey {
  readonly wallet: DirectSecp256k1HdWallet;
  readonly address: string;
  readonly label: string;
}

/** One of the funded accounts of a local chain. @param index 0 to 9 */
export function developmentKey(index: number): Promise<PageKey> {
  return open(PUBLIC_PHRASE, index, `development account ${index}`);
}

/** A new key, kept in this browser. */
export async function createKey(): Promise<PageKey> {
  const { mnemonic } = await DirectSecp256k1HdWallet.generate(12, { prefix: PREFIX });
  return importKey(mnemonic);
}

/** The key of a phrase, kept in this browser. @throws Error when it is no phrase */
export async function importKey(phrase: string): Promise<PageKey> {
  const words = phrase.trim().toLowerCase().split(/\s+/).join(" ");
  const key = await open(words, 0, "own test key");
  localStorage.setItem(STORAGE_KEY, words);
  return key;
}

/** The key that this browser keeps, if any. */
export async function findKeptKey(): Promise<PageKey | undefined> {
  const words = localStorage.getItem(STORAGE_KEY);
  return words === null ? undefined : open(words, 0, "own test key");
}

/** Phrase of the kept key, to write down. */
export function keptPhrase(): string | undefined {
  return localStorage.getItem(STORAGE_KEY) ?? undefined;
}

async function open(phrase: string, index: number, label: string): Promise<PageKey> {
  const wallet = await DirectSecp256k1HdWallet.fromMnemonic(phrase, { prefix: PREFIX, hdPaths: [makeCosmoshubPath(index)] });
  const [account] = await wallet.getAccounts();
  if (account === undefined) throw new Error("The phrase gives no account.");
  return { wallet, address: account.address, label };
}
