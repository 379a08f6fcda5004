import { CHAIN } from "../../../app/hanzo.ts";
import { walletOf } from "../keyring/keyring.ts";

/** The recovery phrase that development chains everywhere use. Everybody knows it: it must never hold anything of value. */
export const LOCAL_MNEMONIC = "test test test test test test test test test test test junk";
/** Accounts that a local chain funds. */
export const LOCAL_ACCOUNTS = 10;
/** What each of them gets: 10,000 AI in base units of 10⁻¹⁸ AI. */
export const LOCAL_BALANCE = 10_000n * 10n ** 18n;

/** The addresses m/44'/118'/0'/0/0 … 9 of {@link LOCAL_MNEMONIC}. */
export async function localAddresses(): Promise<readonly string[]> {
  const addresses: string[] = [];
  for (let index = 0; index < LOCAL_ACCOUNTS; index++) {
    const wallet = await walletOf(LOCAL_MNEMONIC, CHAIN.bech32Prefix, index);
    const [account] = await wallet.getAccounts();
    if (account !== undefined) addresses.push(account.address);
  }
  return addresses;
}
