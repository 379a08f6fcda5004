import type { BaseAccount } from "#proto/cosmos/auth/v1beta1/auth";
import type { Any } from "#proto/google/protobuf/any";
import { type AddressCodec, type Ctx, derived, KV_GAS, moduleAddress, type ReadCtx, sdkError, type ValuePlace, withoutGas } from "#sdk";
import type { Account } from "./account.ts";
import { createLocks, type Locks } from "./locks.ts";
import type { AuthState } from "./state.ts";

/** Name of the account that fees are paid into; it exists from genesis on. */
export const FEE_COLLECTOR = "fee_collector";

/** What others may know of an account. */
export interface AccountInfo {
  readonly address: string;
  readonly accountNumber: bigint;
  /** Ordered transactions signed so far: the sequence that the next one must carry. */
  readonly sequence: bigint;
  /** Undefined until the account first signs. */
  readonly pubKey?: Any | undefined;
}

/** The transitions on accounts that x/auth offers to other modules and to the checks of a transaction. */
export interface Accounts extends Locks {
  find(ctx: ReadCtx, address: string): Account | undefined;
  /** @param place where the caller keeps the account, to read it again */
  findInfo(ctx: ReadCtx, address: string, place?: ValuePlace<Account>): AccountInfo | undefined;
  /** Sets the key that signs for an account. @throws sdk/9 */
  setPubKey(ctx: Ctx, address: string, pubKey: Any): void;
  /** Counts a transaction. @throws sdk/9 */
  incrementSequence(ctx: Ctx, address: string): void;
  /** Whether an address belongs to a module: nobody signs for it, and users may not send to it. */
  isModule(ctx: ReadCtx, address: string): boolean;
  /** Makes the account if there is none: everyone who receives something has one. */
  ensure(ctx: Ctx, address: string): void;
  /** Makes a module's account, or turns the account that somebody funded before into it. Returns its address. */
  ensureModule(ctx: Ctx, name: string, permissions: readonly string[]): string;
  /** Writes an account with the number that it carries; genesis alone chooses numbers. */
  insert(ctx: Ctx, account: Account): void;
}

/** What the transitions work on. */
export interface AccountsParts {
  readonly state: AuthState;
  readonly address: AddressCodec;
  /** Names of the chain's modules: their addresses are theirs even before they are first used. */
  readonly modules: readonly string[];
}

/** Binds the transitions to the module's state. */
export function createAccounts({ state, address: codec, modules }: AccountsParts): Accounts {
  const moduleNames = new Map([...modules, FEE_COLLECTOR].map((name) => [codec.format(moduleAddress(name)), name]));
  const moduleAccounts = derived([state.modules], (ctx) => new Set([...state.modules.entries(ctx)].map(([address]) => address)));
  // Every transaction does this: spreading an object and changing it costs a call into V8's runtime, so what has other parts alone is spread.
  const update = (ctx: Ctx, address: string, change: (base: BaseAccount) => BaseAccount): void => {
    const account = state.accounts.find(ctx, address);
    if (account === undefined) throw sdkError.unknownAddress(`account ${address} does not exist`);
    const base = change(account.base);
    const isPlain = account.module === undefined && account.vesting === undefined;
    state.accounts.set(ctx, address, isPlain ? { base } : { ...account, base });
  };
  const insert = (ctx: Ctx, account: Account): void => {
    const { address, accountNumber } = account.base;
    state.accounts.set(ctx, address, account);
    state.byNumber.set(ctx, [accountNumber, address], true);
    if (account.module !== undefined) state.modules.set(ctx, address, account.module.name);
  };
  const create = (ctx: Ctx, address: string, kind: Omit<Account, "base"> = {}): void => {
    const accountNumber = state.nextNumber.get(ctx);
    state.nextNumber.set(ctx, accountNumber + 1n);
    insert(ctx, { ...kind, base: { address, pubKey: undefined, accountNumber, sequence: 0n } });
  };
  return {
    find: state.accounts.find,
    findInfo: (ctx, address, place) => state.accounts.find(ctx, address, place)?.base,
    setPubKey: (ctx, address, pubKey) =>
      update(ctx, address, ({ address, accountNumber, sequence }) => ({ address, pubKey, accountNumber, sequence })),
    incrementSequence: (ctx, address) =>
      update(ctx, address, ({ address, pubKey, accountNumber, sequence }) => ({ address, pubKey, accountNumber, sequence: sequence + 1n })),
    isModule(ctx, address) {
      const canonical = codec.canonical(address);
      if (moduleNames.has(canonical)) return true;
      // GAS: as if the row was looked for. It is asked of everyone who receives something, and nearly nobody has one.
      ctx.gas(KV_GAS.has, "Has");
      return moduleAccounts(withoutGas(ctx)).has(canonical);
    },
    ensure(ctx, address) {
      if (state.accounts.has(ctx, address)) return;
      const canonical = codec.canonical(address);
      const name = moduleNames.get(canonical);
      create(ctx, canonical, name === undefined ? {} : { module: { name, permissions: [] } });
    },
    ensureModule(ctx, name, permissions) {
      const address = codec.format(moduleAddress(name));
      const account = state.accounts.find(ctx, address);
      if (account === undefined) create(ctx, address, { module: { name, permissions } });
      else if (account.module === undefined) insert(ctx, { base: account.base, module: { name, permissions } });
      return address;
    },
    ...createLocks({ state, codec, create }),
    insert,
  };
}
