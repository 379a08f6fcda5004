import type { Minter, Params } from "#proto/cosmos/mint/v1beta1/mint";
import {
  type AddressCodec,
  type BoundItem,
  type CoinAmount,
  type Ctx,
  formatDecimal,
  moduleAddress,
  parseDecAtomics,
  type ReadCtx,
} from "#sdk";
import { FEE_COLLECTOR } from "../auth/index.ts";
import { annualProvisions, blockProvision, nextInflation } from "./math.ts";
import { ruleOf } from "./params.ts";

/** The module as its transitions see it: the bound declaration. */
export interface Mint {
  readonly state: { readonly minter: BoundItem<Minter> };
  readonly params: { get(ctx: ReadCtx): Params; set(ctx: Ctx, params: Params): void };
  readonly address: AddressCodec;
  readonly account: string;
  readonly needs: {
    readonly auth: { ensureModuleAccount(ctx: Ctx, name: string, permissions: readonly string[]): string };
    readonly bank: {
      supply(ctx: ReadCtx, denom: string): bigint;
      mint(ctx: Ctx, to: string, denom: string, amount: bigint): void;
      sendCoins(ctx: Ctx, from: string, to: string, coins: readonly CoinAmount[]): void;
    };
    readonly staking: { bondDenom(ctx: ReadCtx): string; bondedRatioE18(ctx: ReadCtx): bigint };
  };
}

/** Moves the inflation one block on and mints the block's coins for the fee collector. Runs before fees are shared out. */
export function mintBlock({ state, params, needs, address, account }: Mint, ctx: Ctx): void {
  const current = params.get(ctx);
  const rule = ruleOf(current);
  const supply = needs.bank.supply(ctx, needs.staking.bondDenom(ctx));
  const ratio = needs.staking.bondedRatioE18(ctx);
  const inflation = nextInflation(parseDecAtomics(state.minter.get(ctx).inflation), rule, ratio);
  const annual = annualProvisions(inflation, supply);
  state.minter.set(ctx, { inflation: inflation.toString(), annualProvisions: annual.toString() });
  const amount = blockProvision(annual, rule.blocksPerYear);
  needs.bank.mint(ctx, account, current.mintDenom, amount);
  // What collects the fees is told of nothing minted, too.
  const minted = amount > 0n ? [{ denom: current.mintDenom, amount }] : [];
  needs.bank.sendCoins(ctx, account, address.format(moduleAddress(FEE_COLLECTOR)), minted);
  ctx.event("mint", [
    ["bonded_ratio", formatDecimal(ratio)],
    ["inflation", formatDecimal(inflation)],
    ["annual_provisions", formatDecimal(annual)],
    ["amount", amount.toString()],
  ]);
}
