import { commandChain } from "../config/commandChain.ts";
import { GenTxError, type GenTxFacts, readGenTx } from "./readGenTx.ts";

/** The parts of a genesis document that genesis transactions depend on. CONTRACT: nothing in it was checked. */
export interface GenTxDocument {
  readonly chain_id: string;
  readonly app_state: {
    readonly genutil?: { readonly gen_txs?: unknown };
    readonly auth?: { readonly accounts?: unknown };
    readonly bank?: { readonly balances?: unknown };
  };
}

/** Something wrong with the genesis transactions of a document, or only doubtful. */
export interface GenTxProblem {
  /** `app_state.genutil.gen_txs[1].signatures[0]: what was expected and what came` */
  readonly detail: string;
  /** Whether a chain would begin with it all the same. */
  readonly doubtful: boolean;
}

/**
 * Everything that is wrong with the genesis transactions of a document, where the chain itself would name the first mistake.
 * Whether accounts and balances are in order, the modules say themselves.
 */
export function genTxProblems(document: GenTxDocument): readonly GenTxProblem[] {
  const txs = document.app_state.genutil?.gen_txs;
  if (!Array.isArray(txs)) return [];
  const found: GenTxProblem[] = [];
  const facts: GenTxFacts[] = [];
  for (const [index, json] of (txs as readonly unknown[]).entries()) {
    const at = `app_state.genutil.gen_txs[${index}]`;
    try {
      const tx = readGenTx(json, document.chain_id);
      found.push(...conflicts(tx, facts, document).map(({ detail, doubtful }) => ({ detail: `${at}${detail}`, doubtful })));
      facts.push(tx);
    } catch (error) {
      if (!(error instanceof GenTxError)) throw error;
      found.push({ detail: `${at}.${error.message}`, doubtful: false });
    }
  }
  return found;
}

/**
 * What is wrong with a genesis transaction beside others and in a document. `detail` begins behind the transaction's place.
 * @param others those that come before it
 */
export function conflicts(tx: GenTxFacts, others: readonly GenTxFacts[], document: GenTxDocument): readonly GenTxProblem[] {
  const found: GenTxProblem[] = [];
  const wrong = (detail: string, doubtful = false): void => void found.push({ detail, doubtful });
  const message = ".body.messages[0]";
  if (others.some(({ operator }) => operator === tx.operator))
    wrong(`${message}.validator_address: each operator once expected, got ${tx.operator} again`);
  const sameKey = others.find(({ key }) => key === tx.key);
  if (sameKey !== undefined)
    wrong(
      `${message}.pubkey: a consensus key of its own expected, got that of ${sameKey.moniker}: two nodes that sign with one key are slashed for it`,
    );
  if (others.some(({ moniker }) => moniker === tx.moniker))
    wrong(`${message}.description.moniker: another validator is called ${JSON.stringify(tx.moniker)}, too`, true);
  const { accounts, balances } = fundsOf(document);
  if (!accounts.has(tx.account))
    wrong(`${message}.validator_address: an account ${tx.account} in app_state.auth.accounts expected, got none`);
  for (const { denom, amount } of tx.cost) {
    const balance = balances.get(`${tx.account} ${denom}`) ?? 0n;
    if (balance < BigInt(amount))
      wrong(
        `${message}.value: at most the ${balance}${denom} that ${tx.account} owns in app_state.bank.balances expected, got ${amount}${denom}`,
      );
  }
  return found;
}

interface Funds {
  readonly accounts: ReadonlySet<string>;
  /** By address and denomination, with a space between. */
  readonly balances: ReadonlyMap<string, bigint>;
}

/** What can be read of accounts and balances; what cannot is refused by their modules. */
function fundsOf({ app_state: { auth, bank } }: GenTxDocument): Funds {
  const accounts = new Set(list(auth?.accounts).map(addressOf));
  const balances = new Map<string, bigint>();
  for (const { address, coins } of list(bank?.balances)) {
    for (const { denom, amount } of list(coins)) {
      if (typeof amount === "string" && /^\d{1,78}$/.test(amount)) balances.set(`${String(address)} ${String(denom)}`, BigInt(amount));
    }
  }
  return { accounts, balances };
}

type Fields = Readonly<Record<string, unknown>>;

const list = (value: unknown): readonly Fields[] =>
  Array.isArray(value) ? value.filter((entry): entry is Fields => typeof entry === "object" && entry !== null) : [];

/** The address of an account, whatever its type has around the base account. */
function addressOf(account: Fields): string {
  if (typeof account["address"] === "string") return account["address"];
  for (const name of ["base_account", "base_vesting_account"]) {
    const inner = account[name];
    if (typeof inner === "object" && inner !== null) return addressOf(inner as Fields);
  }
  return "";
}

/** The denomination that validators stake in a document. */
export function bondDenomOf(document: { readonly app_state: object }): string {
  const { staking } = document.app_state as { readonly staking?: { readonly params?: { readonly bond_denom?: unknown } } };
  const denom = staking?.params?.bond_denom;
  return typeof denom === "string" && denom !== "" ? denom : commandChain().baseDenom;
}
