import type { AddressCodec, CoinAmount, Ctx, ReadCtx } from "#sdk";
import type { Account } from "./account.ts";
import type { AuthState } from "./state.ts";
import { lockedCoins, trackDelegation, trackUndelegation, type Vesting } from "./vesting.ts";

const NANOSECONDS = 1_000_000_000n;

/** The transitions on accounts whose coins are locked. */
export interface Locks {
  /** Makes an account whose coins are locked. CONTRACT: the address has no account and belongs to no module. */
  createVesting(ctx: Ctx, address: string, vesting: Vesting): void;
  /** Coins that an account may not send at the time of the block: those still locked and not delegated. None for most accounts. */
  lockedCoins(ctx: ReadCtx, address: string): readonly CoinAmount[];
  /** Counts coins that an account delegates, locked ones first. @param coins valid, not more than it holds */
  trackDelegation(ctx: Ctx, address: string, coins: readonly CoinAmount[]): void;
  /** Counts coins that come back from a delegation, free ones first. @param coins valid */
  trackUndelegation(ctx: Ctx, address: string, coins: readonly CoinAmount[]): void;
}

/** What these transitions work on. */
export interface LocksParts {
  readonly state: AuthState;
  readonly codec: AddressCodec;
  readonly create: (ctx: Ctx, address: string, kind: Omit<Account, "base">) => void;
}

/** Binds the transitions to the module's state. */
export function createLocks({ state, codec, create }: LocksParts): Locks {
  const track = (ctx: Ctx, address: string, change: (vesting: Vesting) => Vesting): void => {
    const account = state.accounts.find(ctx, address);
    if (account?.vesting !== undefined) state.accounts.set(ctx, address, { ...account, vesting: change(account.vesting) });
  };
  return {
    createVesting: (ctx, address, vesting) => create(ctx, codec.canonical(address), { vesting }),
    lockedCoins(ctx, address) {
      const vesting = state.accounts.find(ctx, address)?.vesting;
      return vesting === undefined ? [] : lockedCoins(vesting, blockSeconds(ctx));
    },
    trackDelegation: (ctx, address, coins) => track(ctx, address, (vesting) => trackDelegation(vesting, coins, blockSeconds(ctx))),
    trackUndelegation: (ctx, address, coins) => track(ctx, address, (vesting) => trackUndelegation(vesting, coins)),
  };
}

/** Whole Unix seconds of the block. */
function blockSeconds({ timeNs }: ReadCtx): bigint {
  return timeNs / NANOSECONDS;
}
