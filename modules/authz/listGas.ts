import type { Ctx } from "#sdk";

/** Gas of a look at one entry of an authorization's list (cosmos-sdk x/bank and x/staking gasCostPerIteration). */
const ENTRY_GAS = 10n;

/** Charges for the entries that were looked at. */
export function charge(ctx: Ctx, entries: number, why: string): void {
  ctx.gas(ENTRY_GAS * BigInt(entries), why);
}
