import type { Params } from "#proto/cosmos/distribution/v1beta1/distribution";
import type { AddressCodec, ChainConfig, CoinAmount, Ctx, ErrorConstructors, ReadCtx } from "#sdk";
import type { StakingView } from "../staking/index.ts";
import type { DISTRIBUTION_ERRORS } from "./errors.ts";
import type { DistributionState } from "./state.ts";

/** What distribution asks of x/auth, x/bank and x/staking. */
export interface DistributionNeeds {
  readonly auth: { ensureModuleAccount(ctx: Ctx, name: string, permissions: readonly string[]): string };
  readonly bank: {
    balance(ctx: ReadCtx, owner: string, denom: string): bigint;
    balances(ctx: ReadCtx, owner: string): readonly CoinAmount[];
    isBlocked(ctx: ReadCtx, address: string): boolean;
    sendCoins(ctx: Ctx, from: string, to: string, coins: readonly CoinAmount[]): void;
  };
  readonly staking: StakingView;
}

/** Distribution as its transitions see it: the bound declaration. */
export interface Distribution {
  readonly state: DistributionState;
  readonly needs: DistributionNeeds;
  readonly params: { get(ctx: ReadCtx): Params; set(ctx: Ctx, params: Params): void };
  readonly err: ErrorConstructors<typeof DISTRIBUTION_ERRORS>;
  readonly address: AddressCodec;
  readonly chain: ChainConfig;
  /** Holds all coins that are not withdrawn, the community pool's among them. */
  readonly account: string;
  readonly authority: string;
}
