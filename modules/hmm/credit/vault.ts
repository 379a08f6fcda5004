// The vault: every credit base unit in existence has one native base unit locked behind it.
// INVARIANT: supply(credit) = locked ≤ native balance of the market's account. A gift to the account therefore changes nothing.
import { type Ctx, requireUint, subUint } from "#sdk";
import type { Market } from "../market.ts";
import { SUPPLY_BITS } from "../records.ts";

/**
 * Locks native tokens of an account and mints as much credit to it.
 * @param amount base units, > 0
 * @returns native base units locked afterwards
 * @throws sdk/5 when the account lacks the tokens
 */
export function lockAndMint({ state, needs, chain, account }: Market, ctx: Ctx, owner: string, amount: bigint): bigint {
  const vault = state.vault.get(ctx);
  const locked = requireUint(vault.locked + amount, SUPPLY_BITS, "vault.locked");
  needs.bank.send(ctx, owner, account, chain.baseDenom, amount);
  needs.bank.mint(ctx, owner, vault.creditDenom, amount);
  state.vault.set(ctx, { ...vault, locked });
  return locked;
}

/**
 * Burns credit of an account and releases as many native tokens to it.
 * @param amount base units, > 0
 * @returns native base units locked afterwards
 * @throws sdk/5 when the account lacks the credit
 */
export function burnAndRelease({ state, needs, chain, account }: Market, ctx: Ctx, owner: string, amount: bigint): bigint {
  const vault = state.vault.get(ctx);
  needs.bank.burn(ctx, owner, vault.creditDenom, amount);
  const locked = subUint(vault.locked, amount, "vault.locked");
  needs.bank.send(ctx, account, owner, chain.baseDenom, amount);
  state.vault.set(ctx, { ...vault, locked });
  return locked;
}

/**
 * Burns credit of the market's account together with the native tokens behind it: the supply of both falls (whitepaper §9.3).
 * @param amount base units, ≥ 0; nothing happens for 0
 */
export function burnBacked({ state, needs, chain, account }: Market, ctx: Ctx, amount: bigint): void {
  if (amount === 0n) return;
  const vault = state.vault.get(ctx);
  needs.bank.burn(ctx, account, vault.creditDenom, amount);
  needs.bank.burn(ctx, account, chain.baseDenom, amount);
  state.vault.set(ctx, { ...vault, locked: subUint(vault.locked, amount, "vault.locked") });
}
