import type { RecordedAccount, RecordedState } from "./recording.ts";

/**
 * `app_state` of a recorded chain for the modules that are here. Vesting accounts become plain ones, since no module here keeps their schedules.
 * @param modules names of the modules that are here
 */
export function importableState(state: RecordedState, modules: ReadonlySet<string>): Readonly<Record<string, unknown>> {
  const known = Object.fromEntries(Object.entries(state).filter(([name, value]) => modules.has(name) && value !== null));
  return { ...known, auth: { ...state.auth, accounts: state.auth.accounts.map(plainAccount) } };
}

function plainAccount(account: RecordedAccount): unknown {
  const base = account.base_vesting_account?.base_account;
  return base === undefined ? account : { "@type": "/cosmos.auth.v1beta1.BaseAccount", ...base };
}

/** A JSON answer with its vesting accounts as this chain imports them. */
export function withPlainAccounts(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(withPlainAccounts);
  if (typeof json !== "object" || json === null) return json;
  const inner = "base_vesting_account" in json ? plainAccount(json as RecordedAccount) : json;
  return Object.fromEntries(Object.entries(inner as object).map(([name, value]) => [name, withPlainAccounts(value)]));
}

/** Addresses of accounts that vest. */
export function vestingAddresses({ auth }: RecordedState): ReadonlySet<string> {
  return new Set(auth.accounts.flatMap((account) => account.base_vesting_account?.base_account.address ?? []));
}
