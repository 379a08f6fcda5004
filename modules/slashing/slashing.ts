import type { Params } from "#proto/cosmos/slashing/v1beta1/slashing";
import type { Any } from "#proto/google/protobuf/any";
import type { AddressCodec, Ctx, ErrorConstructors, ReadCtx } from "#sdk";
import type { ValidatorInfo } from "../staking/index.ts";
import type { SLASHING_ERRORS } from "./errors.ts";
import type { SlashingState } from "./state.ts";

/** What x/slashing asks of x/staking. */
export interface SlashingStaking {
  findValidator(ctx: ReadCtx, operator: string): ValidatorInfo | undefined;
  findByConsAddress(ctx: ReadCtx, consAddress: Uint8Array): ValidatorInfo | undefined;
  /** In the order of the votes. */
  findSigners(ctx: ReadCtx, votes: readonly { readonly address: Uint8Array }[]): readonly (ValidatorInfo | undefined)[];
  allValidators(ctx: ReadCtx): Iterable<ValidatorInfo>;
  consPubKey(ctx: ReadCtx, consAddress: Uint8Array): Any | undefined;
  findDelegation(ctx: ReadCtx, delegator: string, operator: string): { readonly sharesE18: bigint } | undefined;
  tokensOfShares(validator: ValidatorInfo, sharesE18: bigint): bigint;
  slash(ctx: Ctx, consAddress: Uint8Array, infractionHeight: bigint, power: bigint, fractionE18: bigint): bigint;
  jail(ctx: Ctx, consAddress: Uint8Array): void;
  unjail(ctx: Ctx, consAddress: Uint8Array): void;
}

/** x/slashing as its transitions see it: the bound declaration. */
export interface Slashing {
  readonly state: SlashingState;
  readonly needs: { readonly staking: SlashingStaking };
  readonly params: { get(ctx: ReadCtx): Params; set(ctx: Ctx, params: Params): void };
  readonly err: ErrorConstructors<typeof SLASHING_ERRORS>;
  readonly address: AddressCodec;
}
