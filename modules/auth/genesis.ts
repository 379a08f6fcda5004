import type { Params } from "#proto/cosmos/auth/v1beta1/auth";
import type { GenesisState } from "#proto/cosmos/auth/v1beta1/genesis";
import { type AddressCodec, AddressError, type Ctx, type GenesisHandlers, moduleAddress, type ReadCtx, sdkError } from "#sdk";
import { type Account, packAccount, unpackAccount } from "./account.ts";
import { type Accounts, FEE_COLLECTOR } from "./accounts.ts";
import { explainVesting } from "./explainVesting.ts";
import { DEFAULT_PARAMS, validateParams } from "./params.ts";
import type { AuthState } from "./state.ts";

/** What genesis of x/auth reads and writes. */
export interface AuthWrites {
  readonly state: AuthState;
  readonly accounts: Accounts;
  readonly address: AddressCodec;
  readonly params: { get(ctx: ReadCtx): Params; set(ctx: Ctx, params: Params): void };
}

/** Genesis of x/auth in the format of the Cosmos SDK. */
export function createGenesis({ state, accounts, address, params }: AuthWrites): GenesisHandlers<GenesisState> {
  return {
    default: () => ({ params: DEFAULT_PARAMS, accounts: [] }),
    validate: (genesis) => void readGenesis(genesis, address),
    init(ctx, genesis) {
      params.set(ctx, genesis.params ?? DEFAULT_PARAMS);
      const numbered = assignNumbers(readGenesis(genesis, address));
      for (const account of numbered) accounts.insert(ctx, account);
      state.nextNumber.set(ctx, (numbered.at(-1)?.base.accountNumber ?? -1n) + 1n);
      accounts.ensureModule(ctx, FEE_COLLECTOR, []);
    },
    export: (ctx) => ({ params: params.get(ctx), accounts: [...state.accounts.entries(ctx)].map(([, account]) => packAccount(account)) }),
  };
}

/** Accounts of a genesis file, each address once. @throws sdk/18 naming the entry that is wrong. */
function readGenesis(genesis: GenesisState, codec: AddressCodec): Account[] {
  if (genesis.params !== undefined) validateParams(genesis.params);
  const seen = new Set<string>();
  return genesis.accounts.map((packed, i) => {
    const at = `auth.accounts[${i}]`;
    const account = unpackAccount(packed);
    const reason = account.vesting === undefined ? undefined : explainVesting(account.vesting);
    if (reason !== undefined) throw sdkError.invalidRequest(`${at}: ${reason}`);
    const address = requireAddress(codec, account.base.address, at);
    if (seen.has(address)) throw sdkError.invalidRequest(`${at}: duplicate account found in genesis state; address: ${address}`);
    seen.add(address);
    checkModule(codec, account, address, at);
    return { ...account, base: { ...account.base, address } };
  });
}

function requireAddress(codec: AddressCodec, text: string, at: string): string {
  try {
    return codec.canonical(text);
  } catch (cause) {
    if (cause instanceof AddressError) throw sdkError.invalidRequest(`${at}.address: ${cause.message}`);
    throw cause;
  }
}

function checkModule(codec: AddressCodec, { module }: Account, address: string, at: string): void {
  if (module === undefined) return;
  if (module.name.trim() === "") throw sdkError.invalidRequest(`${at}.name: module account name cannot be blank`);
  const expected = codec.format(moduleAddress(module.name));
  if (address !== expected) throw sdkError.invalidRequest(`${at}.address: ${expected} of module ${module.name} expected, got ${address}`);
}

/**
 * Numbers accounts as the Cosmos SDK does: the first holder of a number keeps it; every other one gets the lowest number that nobody holds, in the
 * order of the numbers given and, within a number, of the file. The result is sorted by number.
 */
export function assignNumbers(accounts: readonly Account[]): Account[] {
  const taken = new Set<bigint>();
  const numbered: Account[] = [];
  const others: Account[] = [];
  for (const account of accounts) {
    const first = !taken.has(account.base.accountNumber);
    taken.add(account.base.accountNumber);
    (first ? numbered : others).push(account);
  }
  let free = 0n;
  for (const account of others.sort(byNumber)) {
    while (taken.has(free)) free++;
    taken.add(free);
    numbered.push({ ...account, base: { ...account.base, accountNumber: free } });
  }
  return numbered.sort(byNumber);
}

/** DETERMINISM: sorting is stable, so equal numbers keep the order of the file. */
function byNumber(a: Account, b: Account): number {
  return a.base.accountNumber < b.base.accountNumber ? -1 : a.base.accountNumber > b.base.accountNumber ? 1 : 0;
}
