import type { MsgUpdateParams } from "#proto/cosmos/staking/v1beta1/tx";
import { type Ctx, type ReadCtx, requireAuthority, sdkError, withoutGas } from "#sdk";
import { validateParams } from "./params.ts";
import { poolBalance } from "./pools.ts";
import type { Staking } from "./staking.ts";
import { STATUS } from "./validator.ts";

/**
 * MsgUpdateParams. The staked denomination stays while anything is staked or being withdrawn: all of it was paid in the old one, and would be owed in
 * the new one, which the pools do not hold. Costs the gas of the update alone.
 * @throws gov/13 from anybody but the authority; sdk/18; undefined/1 for parameters out of range
 */
export function updateParams(staking: Staking & { readonly authority: string }, ctx: Ctx, { authority, params }: MsgUpdateParams): object {
  requireAuthority(staking.authority, authority);
  if (params === undefined) throw sdkError.invalidRequest("params must be set");
  validateParams(params);
  requireSameDenom(staking, withoutGas(ctx), params.bondDenom);
  staking.params.set(ctx, params);
  return {};
}

function requireSameDenom(staking: Staking, ctx: ReadCtx, next: string): void {
  const { bondDenom } = staking.params.get(ctx);
  if (next === bondDenom) return;
  const staked = poolBalance(staking, ctx, STATUS.bonded) + poolBalance(staking, ctx, STATUS.unbonded);
  if (staked > 0n)
    throw sdkError.invalidRequest(
      `bond_denom ${bondDenom} expected while ${staked}${bondDenom} are staked or being withdrawn, got ${next}`,
    );
}
