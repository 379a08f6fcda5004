import type { Params } from "#proto/cosmos/bank/v1beta1/bank";
import type { AddressCodec, Ctx, ErrorConstructors, ReadCtx } from "#sdk";
import type { BANK_ERRORS } from "./errors.ts";
import type { BankState } from "./state.ts";

/** What the bank asks of x/auth. */
export interface BankAccounts {
  isModuleAccount(ctx: ReadCtx, address: string): boolean;
  ensureAccount(ctx: Ctx, address: string): void;
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
