import type { Params } from "#proto/hanzo/hmm/v1/types";
import { BPS, type Ctx, divUp, E18, requireUint, subUint } from "#sdk";
import { hmmError } from "../errors.ts";
import type { Market } from "../market.ts";
import { SUPPLY_BITS } from "../records.ts";

/**
 * Least bond of committed units.
 * @param units resource base units
 * @param priceE18 time-weighted average price, credit per resource base unit, times 10¹⁸; credit is worth as many native base units
 * @returns ⌈units·price·bond_bps⌉, native base units
 */
export function leastBond({ bondBps }: Pick<Params, "bondBps">, units: bigint, priceE18: bigint): bigint {
  return divUp(units * priceE18 * BigInt(bondBps), E18 * BPS);
}

/** @throws hmm/33 when a bond is below the least */
export function requireBond(params: Params, units: bigint, priceE18: bigint, bond: bigint): void {
  const least = leastBond(params, units, priceE18);
  if (bond >= least) return;
  throw hmmError.bondTooSmall(
    `expected at least ${least} native base units (${params.bondBps} bps of ${units} at an average price of ${priceE18}/10^18), got ${bond}`,
  );
}

/**
 * Turns native tokens that lie on the market's account already, a bond, into credit on it: they are locked behind it from now on.
 * @param amount base units; nothing happens for 0
 */
export function lockBond({ state, needs, account }: Market, ctx: Ctx, amount: bigint): void {
  if (amount === 0n) return;
  const vault = state.vault.get(ctx);
  const locked = requireUint(vault.locked + amount, SUPPLY_BITS, "vault.locked");
  needs.bank.mint(ctx, account, vault.creditDenom, amount);
  state.vault.set(ctx, { ...vault, locked });
}

/**
 * Burns credit that lies on the market's account and pays the native tokens behind it to another.
 * @param amount base units; nothing happens for 0
 */
export function releaseTo({ state, needs, chain, account }: Market, ctx: Ctx, to: string, amount: bigint): void {
  if (amount === 0n) return;
  const vault = state.vault.get(ctx);
  needs.bank.burn(ctx, account, vault.creditDenom, amount);
  needs.bank.send(ctx, account, to, chain.baseDenom, amount);
  state.vault.set(ctx, { ...vault, locked: subUint(vault.locked, amount, "vault.locked") });
}
