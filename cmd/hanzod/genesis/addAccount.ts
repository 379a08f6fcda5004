import { CliError } from "../../shared/cliError.ts";
import { type CoinText, sumCoins } from "../request/coinsText.ts";
import { baseAccount } from "./chainGenesis.ts";

/** What is added to a genesis document. */
export interface AccountGrant {
  readonly address: string;
  readonly coins: readonly CoinText[];
  /** Whether coins are added to those of an account that is there already. */
  readonly append: boolean;
  /** JSON of the account where its coins are locked at first. */
  readonly vesting?: object;
}

interface Balance {
  readonly address: string;
  coins: readonly CoinText[];
}

interface GenesisAccountJson {
  readonly address?: string;
  readonly base_account?: { readonly address: string };
  readonly base_vesting_account?: { readonly base_account?: { readonly address: string } };
}

/** The parts of a document that an account stands in. CONTRACT: the document was checked. */
interface Funded {
  app_state: {
    auth?: { accounts?: GenesisAccountJson[] };
    bank?: { balances?: Balance[]; supply?: readonly CoinText[] };
  };
}

/**
 * Adds an account and its coins to a genesis document, and the coins to the supply where the document has one.
 * @param document a valid genesis; changed in place
 * @throws CliError when the account is there already and `append` does not say that coins are to be added to it
 */
export function addGenesisAccount(document: object, { address, coins, append, vesting }: AccountGrant): void {
  const { app_state: state } = document as Funded;
  state.auth ??= {};
  state.bank ??= {};
  state.auth.accounts ??= [];
  state.bank.balances ??= [];
  const { accounts } = state.auth;
  const { balances } = state.bank;
  const account = accounts.find((known) => addressOf(known) === address);
  const balance = balances.find((known) => known.address === address);
  if (!append && (account !== undefined || balance !== undefined))
    throw new CliError(`${address} is in the genesis file already`, {
      why: "an account stands in it once",
      next: "add --append to give it these coins, too",
    });
  if (account !== undefined && vesting !== undefined)
    throw new CliError(`${address} is an account already`, {
      why: "coins of an account that is there cannot be locked",
      next: "leave the vesting options out",
    });
  if (account === undefined) accounts.push(vesting ?? baseAccount(address));
  if (balance === undefined) balances.push({ address, coins });
  else balance.coins = sumCoins([...balance.coins, ...coins]);
  if (state.bank.supply !== undefined && state.bank.supply.length > 0) state.bank.supply = sumCoins([...state.bank.supply, ...coins]);
}

function addressOf({ address, base_account: base, base_vesting_account: vesting }: GenesisAccountJson): string | undefined {
  return vesting?.base_account?.address ?? base?.address ?? address;
}
