// What is booked of a validator: three records as the Cosmos SDK has them, and what blocks have given it since those were written. A block writes that
// in one record for all validators; whoever changes a validator's own records settles first.
import { addDecCoins, type Ctx, type DecCoins, decAmountOf, type ReadCtx, withoutGas } from "#sdk";
import { type Accrual, Accruals, type Parts } from "./accrued.ts";
import type { Distribution } from "./distribution.ts";

type Books = Pick<Distribution, "state">;

const NOTHING: Parts = { commission: [], shared: [] };

/** Commission that a validator has not withdrawn. */
export function commissionOf({ state }: Books, ctx: ReadCtx, operator: string): DecCoins {
  return addDecCoins(state.commission.find(ctx, operator) ?? [], accruedOf({ state }, ctx, operator).commission);
}

/** What a validator and its delegators have not withdrawn. */
export function outstandingOf({ state }: Books, ctx: ReadCtx, operator: string): DecCoins {
  return addDecCoins(state.outstanding.find(ctx, operator) ?? [], sumOf(accruedOf({ state }, ctx, operator)));
}

/** What a validator's own records do not have yet. GAS: free, as the writing that a block put off is, so that nobody pays for coming first. */
export function accruedOf({ state }: Books, ctx: ReadCtx, operator: string): Parts {
  const free = withoutGas(ctx);
  const accrual = state.accrued.get(free).find(operator);
  return accrual === undefined || isMarked(state.settled.get(free), accrual) ? NOTHING : accrual;
}

/** All that validators' own records do not have yet. */
export function* allAccrued({ state }: Books, ctx: ReadCtx): Iterable<readonly [operator: string, parts: Parts]> {
  const settled = state.settled.get(ctx);
  for (const [operator, accrual] of state.accrued.get(ctx)) if (!isMarked(settled, accrual)) yield [operator, accrual];
}

/** What validators' own records do not have yet of a denomination, all of them together. */
export function totalAccrued({ state }: Books, ctx: ReadCtx, denom: string): bigint {
  if (state.settled.get(ctx) === 0n) return state.accrued.get(ctx).total(denom);
  let total = 0n;
  for (const [, { commission, shared }] of allAccrued({ state }, ctx)) total += decAmountOf(commission, denom) + decAmountOf(shared, denom);
  return total;
}

/** The whole reward. */
export function sumOf({ commission, shared }: Parts): DecCoins {
  return addDecCoins(commission, shared);
}

/**
 * Brings a validator's own records up to date. What had accrued is marked, and gone with the next block: a record of several kilobytes is not written
 * for each delegation.
 */
export function settle({ state }: Books, ctx: Ctx, operator: string): void {
  const free = withoutGas(ctx);
  const accrual = state.accrued.get(free).find(operator);
  if (accrual === undefined) return;
  const settled = state.settled.get(free);
  if (isMarked(settled, accrual)) return;
  book({ state }, free, operator, accrual);
  state.settled.set(free, settled | (1n << BigInt(accrual.place)));
}

function isMarked(settled: bigint, { place }: Accrual): boolean {
  return settled !== 0n && ((settled >> BigInt(place)) & 1n) === 1n;
}

/** Adds to a validator's own records. @throws sdk/38 for one that has none */
export function book({ state }: Books, ctx: Ctx, operator: string, parts: Parts): void {
  state.commission.set(ctx, operator, addDecCoins(state.commission.find(ctx, operator) ?? [], parts.commission));
  const { rewards, period } = state.current.get(ctx, operator);
  state.current.set(ctx, operator, { rewards: addDecCoins(rewards, parts.shared), period });
  state.outstanding.set(ctx, operator, addDecCoins(state.outstanding.find(ctx, operator) ?? [], sumOf(parts)));
}

/**
 * Adds what a block gives. Whoever was not among the last block's validators gets it into the own records, and whoever is no longer among them has
 * those brought up to date: the one record holds the validators of the last commit and no others.
 * @param rewards one for each validator
 */
export function accrue({ state }: Books, ctx: Ctx, rewards: readonly (readonly [operator: string, parts: Parts])[]): void {
  const before = state.accrued.get(ctx);
  const settled = state.settled.get(ctx);
  // Mostly the validators are those of the block before, and nobody has settled.
  const accrued = (settled === 0n ? before.plus(rewards) : undefined) ?? accrueAnew({ state }, ctx, rewards, before, settled);
  state.accrued.set(ctx, accrued);
  if (settled !== 0n) state.settled.set(ctx, 0n);
}

/** {@link accrue} for other validators than before, and after somebody has settled. */
function accrueAnew(
  { state }: Books,
  ctx: Ctx,
  rewards: readonly (readonly [operator: string, parts: Parts])[],
  before: Accruals,
  settled: bigint,
): Accruals {
  const accrued = new Map<string, Parts>();
  for (const [operator, parts] of rewards) {
    const known = before.find(operator);
    if (known === undefined) book({ state }, ctx, operator, parts);
    accrued.set(operator, known === undefined ? NOTHING : grown(isMarked(settled, known) ? NOTHING : known, parts));
  }
  for (const [operator, accrual] of before)
    if (!accrued.has(operator) && !isMarked(settled, accrual)) book({ state }, ctx, operator, accrual);
  return Accruals.of(accrued);
}

function grown({ commission, shared }: Parts, parts: Parts): Parts {
  return { commission: addDecCoins(commission, parts.commission), shared: addDecCoins(shared, parts.shared) };
}
