import { coin, type OfflineAminoSigner, Secp256k1Wallet } from "@cosmjs/amino";
import { DirectSecp256k1Wallet } from "@cosmjs/proto-signing";
import { HDKey } from "@scure/bip32";
import { mnemonicToSeedSync } from "@scure/bip39";
import { encodeBech32 } from "../../app/encoding/bech32.ts";
import { moduleAddress } from "../../app/sdk/address.ts";

/** Mnemonic of the accounts of every local chain; known to everyone, worth nothing. */
export const JUNK_MNEMONIC = "test test test test test test test test test test test junk";

/** Someone who can sign. */
export interface TestAccount {
  readonly address: string;
  /** Compressed secp256k1 key. */
  readonly publicKey: Uint8Array;
  readonly privateKey: Uint8Array;
  readonly direct: DirectSecp256k1Wallet;
  readonly amino: OfflineAminoSigner;
}

const seeds = new Map<string, Uint8Array>();

/** Accounts of a mnemonic: path m/44'/118'/0'/0/index. */
export async function testAccounts(count: number, prefix: string, mnemonic = JUNK_MNEMONIC): Promise<TestAccount[]> {
  let seed = seeds.get(mnemonic);
  if (seed === undefined) {
    seed = mnemonicToSeedSync(mnemonic);
    seeds.set(mnemonic, seed);
  }
  const root = HDKey.fromMasterSeed(seed).derive("m/44'/118'/0'/0");
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const { privateKey } = root.deriveChild(index);
      if (privateKey === null || privateKey === undefined) throw new Error("a private key expected");
      const direct = await DirectSecp256k1Wallet.fromKey(privateKey, prefix);
      const amino = await Secp256k1Wallet.fromKey(privateKey, prefix);
      const [first] = await direct.getAccounts();
      if (first === undefined) throw new Error("an account expected");
      return { address: first.address, publicKey: first.pubkey, privateKey, direct, amino };
    }),
  );
}

/** Text address of a module's account. */
export function moduleAccount(name: string, prefix: string): string {
  return encodeBech32(prefix, moduleAddress(name));
}

/** Coins as genesis files write them. */
export const coins = (amounts: Readonly<Record<string, bigint>>): { denom: string; amount: string }[] =>
  Object.keys(amounts)
    .sort()
    .map((denom) => coin(String(amounts[denom]), denom));
