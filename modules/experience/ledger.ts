// Where coins go: every bond comes in once and leaves once, to the unit.

import type { Ledger, Params, Totals } from "#proto/hanzo/experience/v1/types";
import { BPS, type Ctx, moduleAddress, type ReadCtx } from "#sdk";
import type { Registry } from "./registry.ts";

/** Ways out of the registry's account, and the way in. */
export type LedgerPart = keyof Ledger;

/** Books without anything. */
export const EMPTY_LEDGER: Ledger = { escrowed: "0", refunded: "0", burned: "0", bounty: "0", treasury: "0" };

/** How a forfeited amount was shared out, base units. */
export interface Forfeit {
  readonly bounty: bigint;
  readonly burned: bigint;
  readonly treasury: bigint;
}

/** A ledger with an amount more in one part. */
export function addToLedger(ledger: Ledger | undefined, part: LedgerPart, amount: bigint): Ledger {
  const before = ledger ?? EMPTY_LEDGER;
  return { ...before, [part]: (BigInt(before[part]) + amount).toString() };
}

/** A ledger with a forfeit more. */
export function addForfeit(ledger: Ledger | undefined, { bounty, burned, treasury }: Forfeit): Ledger {
  return addToLedger(addToLedger(addToLedger(ledger, "bounty", bounty), "burned", burned), "treasury", treasury);
}

/** What of a ledger has not left yet, base units. */
export function heldOf(ledger: Ledger | undefined): bigint {
  const { escrowed, refunded, burned, bounty, treasury } = ledger ?? EMPTY_LEDGER;
  return BigInt(escrowed) - BigInt(refunded) - BigInt(burned) - BigInt(bounty) - BigInt(treasury);
}

/** The module's books. */
export function totalsOf({ state }: Registry, ctx: ReadCtx): Totals {
  return state.totals.find(ctx) ?? { held: "0", ledger: EMPTY_LEDGER };
}

function book({ state }: Registry, ctx: Ctx, ledger: Ledger): void {
  state.totals.set(ctx, { held: heldOf(ledger).toString(), ledger });
}

/** Takes a bond or stake in. @throws sdk/5 when the account does not have it */
export function escrow(registry: Registry, ctx: Ctx, from: string, amount: bigint): void {
  registry.needs.bank.send(ctx, from, registry.account, registry.chain.baseDenom, amount);
  book(registry, ctx, addToLedger(totalsOf(registry, ctx).ledger, "escrowed", amount));
}

/** Pays a bond or stake back; 0 does nothing. */
export function refund(registry: Registry, ctx: Ctx, to: string, amount: bigint): void {
  if (amount === 0n) return;
  registry.needs.bank.send(ctx, registry.account, to, registry.chain.baseDenom, amount);
  book(registry, ctx, addToLedger(totalsOf(registry, ctx).ledger, "refunded", amount));
}

/**
 * Shares a lost amount out: the challenger's part rounded down, of the rest the burned part rounded down, and what remains to the treasury.
 * @param challenger who proved it; without one nobody gets a bounty
 */
export function forfeit(registry: Registry, ctx: Ctx, params: Params, amount: bigint, challenger?: string): Forfeit {
  const { account, chain, address, needs } = registry;
  const parts = splitForfeit(params, amount, challenger !== undefined);
  const { bounty, burned, treasury } = parts;
  if (challenger !== undefined) needs.bank.send(ctx, account, challenger, chain.baseDenom, bounty);
  if (burned > 0n) needs.bank.burn(ctx, account, chain.baseDenom, burned);
  needs.bank.send(ctx, account, address.format(moduleAddress(params.treasuryModule)), chain.baseDenom, treasury);
  book(registry, ctx, addForfeit(totalsOf(registry, ctx).ledger, parts));
  return parts;
}

/** The shares of a lost amount. They add up to it. */
export function splitForfeit({ challengerBps, burnBps }: Params, amount: bigint, challenged: boolean): Forfeit {
  const bounty = challenged ? (amount * BigInt(challengerBps)) / BPS : 0n;
  const burned = ((amount - bounty) * BigInt(burnBps)) / BPS;
  return { bounty, burned, treasury: amount - bounty - burned };
}
