import type { AddressCodec, Ctx, ErrorConstructors, MessageService, ReadCtx } from "#sdk";
import type { AUTHZ_ERRORS } from "./errors.ts";
import type { AuthzState } from "./state.ts";

/** What the module asks of x/auth. */
export interface AuthzAccounts {
  findAccount(ctx: ReadCtx, address: string): object | undefined;
  ensureAccount(ctx: Ctx, address: string): void;
}

/** The module as its transitions see it: the bound declaration. */
export interface Authz {
  readonly state: AuthzState;
  readonly needs: { readonly auth: AuthzAccounts; readonly bank: { isBlocked(ctx: ReadCtx, receiver: string): boolean } };
  readonly ports: { readonly messages: MessageService };
  readonly err: AuthzErrors;
  readonly address: AddressCodec;
}

export type AuthzErrors = ErrorConstructors<typeof AUTHZ_ERRORS>;
