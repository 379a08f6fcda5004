import { E18, type ReadCtx } from "#sdk";
import { splitReward, stepAt } from "./math.ts";
import { scheduleOf, sharesOf } from "./params.ts";
import type { Emissions } from "./state.ts";

/** What a year of blocks like the next one adds. */
export interface Inflation {
  /** Base units in existence. */
  readonly supply: bigint;
  /** Base units minted and authorised in a year. */
  readonly annualReward: bigint;
  /** Base units minted for validators and delegators in a year. */
  readonly annualValidators: bigint;
  readonly blocksPerYear: bigint;
}

/** Reads off the schedule what the next year of blocks adds, as if its next step did not come. */
export function inflationOf({ params, needs, chain }: Emissions, ctx: ReadCtx): Inflation {
  const current = params.get(ctx);
  const { reward } = stepAt(scheduleOf(current), ctx.height + 1n);
  const { validators } = splitReward(reward, sharesOf(current));
  const { blocksPerYear } = current;
  return {
    supply: needs.bank.supply(ctx, chain.baseDenom),
    annualReward: reward * blocksPerYear,
    annualValidators: validators * blocksPerYear,
    blocksPerYear,
  };
}

/** An amount as a fraction of a supply, times 10^18, rounded down; of nothing it is 0. */
export function fractionE18(amount: bigint, supply: bigint): bigint {
  return supply === 0n ? 0n : (amount * E18) / supply;
}
