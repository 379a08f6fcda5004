import type { Params } from "#proto/cosmos/bank/v1beta1/bank";
import type { AddressCodec, CoinAmount, Ctx, ErrorConstructors, ReadCtx } from "#sdk";
import type { BANK_ERRORS } from "./errors.ts";
import type { BankState } from "./state.ts";

/** What the bank asks of x/auth. */
export interface BankAccounts {
  isModuleAccount(ctx: ReadCtx, address: string): boolean;
  ensureAccount(ctx: Ctx, address: string): void;
  /** Coins that an account may not send. */
  lockedCoins(ctx: ReadCtx, address: string): readonly CoinAmount[];
  /** Counts what of an account's coins is delegated. */
  trackDelegation(ctx: Ctx, address: string, coins: readonly CoinAmount[]): void;
  /** Counts what comes back. */
  trackUndelegation(ctx: Ctx, address: string, coins: readonly CoinAmount[]): void;
}

/** The bank as its transitions see it: the bound declaration. */
export interface Bank {
  readonly state: BankState;
  readonly needs: { readonly auth: BankAccounts };
  readonly params: { get(ctx: ReadCtx): Params; set(ctx: Ctx, params: Params): void };
  readonly err: ErrorConstructors<typeof BANK_ERRORS>;
  readonly address: AddressCodec;
  readonly authority: string;
}
