import type { AddressCodec, Ctx, ErrorConstructors, ReadCtx } from "#sdk";
import type { FEEGRANT_ERRORS } from "./errors.ts";
import type { FeegrantState } from "./state.ts";

/** What the module asks of x/auth. */
export interface FeegrantAccounts {
  findAccount(ctx: ReadCtx, address: string): object | undefined;
  ensureAccount(ctx: Ctx, address: string): void;
}

/** The module as its transitions see it: the bound declaration. */
export interface Feegrant {
  readonly state: FeegrantState;
  readonly needs: { readonly auth: FeegrantAccounts; readonly bank: { isBlocked(ctx: ReadCtx, receiver: string): boolean } };
  readonly err: FeegrantErrors;
  readonly address: AddressCodec;
}

export type FeegrantErrors = ErrorConstructors<typeof FEEGRANT_ERRORS>;
