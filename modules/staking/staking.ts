import type { Params } from "#proto/cosmos/staking/v1beta1/staking";
import type { ConsensusParams } from "#proto/tendermint/types/params";
import type { AddressCodec, ChainConfig, CoinAmount, Ctx, ErrorConstructors, ReadCtx } from "#sdk";
import type { STAKING_ERRORS } from "./errors.ts";
import type { StakingHooks } from "./hooks.ts";
import type { StakingState } from "./state.ts";

/** What staking asks of x/auth, x/bank and x/consensus. */
export interface StakingNeeds {
  readonly auth: { ensureModuleAccount(ctx: Ctx, name: string, permissions: readonly string[]): string };
  readonly bank: {
    balance(ctx: ReadCtx, owner: string, denom: string): bigint;
    supply(ctx: ReadCtx, denom: string): bigint;
    burn(ctx: Ctx, from: string, denom: string, amount: bigint): void;
    sendCoins(ctx: Ctx, from: string, to: string, coins: readonly CoinAmount[]): void;
    delegate(ctx: Ctx, delegator: string, moduleAccount: string, coins: readonly CoinAmount[]): void;
    undelegate(ctx: Ctx, moduleAccount: string, delegator: string, coins: readonly CoinAmount[]): void;
  };
  readonly consensus: { get(ctx: ReadCtx): ConsensusParams | undefined };
}

/** Staking as its transitions see it: the bound declaration. */
export interface Staking {
  readonly state: StakingState;
  readonly needs: StakingNeeds;
  readonly emit: StakingHooks;
  readonly params: { get(ctx: ReadCtx): Params; set(ctx: Ctx, params: Params): void };
  readonly err: ErrorConstructors<typeof STAKING_ERRORS>;
  readonly address: AddressCodec;
  readonly chain: ChainConfig;
}
