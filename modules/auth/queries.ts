import type { QueryDefinition } from "#proto/cosmos/auth/v1beta1/query";
import type { Any } from "#proto/google/protobuf/any";
import { type AddressCodec, AddressError, invalidArgument, notFound, paginate, type QueryHandlers, type ReadCtx } from "#sdk";
import { packAccount } from "./account.ts";
import type { Accounts } from "./accounts.ts";
import type { AuthState } from "./state.ts";

/** What the queries of x/auth read. */
export interface AuthReads {
  readonly state: AuthState;
  readonly accounts: Accounts;
  readonly address: AddressCodec;
}

/** Handlers of `cosmos.auth.v1beta1.Query`; `Params` follows from the declaration. */
export function createQueries({ state, accounts, address }: AuthReads): QueryHandlers<typeof QueryDefinition> {
  const requireAddress = (text: string, whenEmpty: string): void => {
    if (text === "") throw invalidArgument(whenEmpty);
    parseAddress(address, text);
  };
  const getPacked = (ctx: ReadCtx, text: string, label: string): Any => {
    const account = state.accounts.find(ctx, text);
    if (account === undefined) throw notFound(`account ${label} not found`);
    return packAccount(account);
  };
  return {
    account(ctx, req) {
      requireAddress(req.address, "Address cannot be empty");
      return { account: getPacked(ctx, req.address, req.address) };
    },
    accountInfo(ctx, req) {
      requireAddress(req.address, "address cannot be empty");
      const account = accounts.find(ctx, req.address);
      if (account === undefined) throw notFound(`account ${req.address} not found`);
      return { info: { ...account.base, address: req.address } };
    },
    accounts(ctx, req) {
      const { items, pagination } = paginate(ctx, state.accounts, req.pagination);
      return { accounts: items.map(([, account]) => packAccount(account)), pagination };
    },
    accountAddressByID(ctx, req) {
      if (req.id !== 0n) throw invalidArgument("requesting with id isn't supported, try to request using account-id");
      for (const [[, found]] of state.byNumber.under(ctx, req.accountId)) return { accountAddress: found };
      throw notFound(`account address not found with account number ${req.accountId}`);
    },
    moduleAccounts(ctx) {
      const named = [...state.modules.entries(ctx)].sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0));
      return { accounts: named.map(([owner, name]) => getPacked(ctx, owner, name)) };
    },
    moduleAccountByName(ctx, req) {
      if (req.name === "") throw invalidArgument("module name is empty");
      for (const [owner, name] of state.modules.entries(ctx)) if (name === req.name) return { account: getPacked(ctx, owner, name) };
      throw notFound(`account ${req.name} not found`);
    },
    bech32Prefix: () => ({ bech32Prefix: address.prefix }),
    addressBytesToString(_ctx, req) {
      if (req.addressBytes.length === 0) throw invalidArgument("empty address bytes is not allowed");
      if (req.addressBytes.length > 255)
        throw invalidArgument(`address max length is 255, got ${req.addressBytes.length}: unknown address`);
      return { addressString: address.format(req.addressBytes) };
    },
    addressStringToBytes: (_ctx, req) => ({ addressBytes: parseAddress(address, req.addressString) }),
  };
}

function parseAddress(codec: AddressCodec, text: string): Uint8Array {
  try {
    return codec.parse(text);
  } catch (cause) {
    if (cause instanceof AddressError) throw invalidArgument(cause.message);
    throw cause;
  }
}
