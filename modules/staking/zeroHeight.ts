import type { Ctx } from "#sdk";
import { restartRotations } from "./rotationGenesis.ts";
import type { Staking } from "./staking.ts";

/**
 * Makes the state that of a chain that begins: heights at which withdrawals, moves and unbondings began are before the first block
 * (cosmos-sdk simapp prepForZeroHeightGenesis). Times stay: nobody's stake is free any earlier.
 */
export function prepareZeroHeight(staking: Staking, ctx: Ctx): void {
  const { state } = staking;
  for (const [key, redelegation] of [...state.redelegations.entries(ctx)])
    state.redelegations.set(ctx, key, {
      ...redelegation,
      entries: redelegation.entries.map((entry) => ({ ...entry, creationHeight: 0n })),
    });
  for (const [key, unbonding] of [...state.unbondings.entries(ctx)])
    state.unbondings.set(ctx, key, { ...unbonding, entries: unbonding.entries.map((entry) => ({ ...entry, creationHeight: 0n })) });
  for (const [operator, validator] of [...state.validators.entries(ctx)])
    state.validators.set(ctx, operator, { ...validator, unbondingHeight: 0n });
  restartRotations(staking, ctx);
}
