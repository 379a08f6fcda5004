import type { Ctx } from "#sdk";
import { rulesOf } from "./params.ts";
import type { Slashing } from "./slashing.ts";

/**
 * Burns the part of a validator's stake that signing twice costs, also of what left it since.
 * @param height of the validator set that signed; what began to leave before stays whole
 * @param power the validator's at that height, in CometBFT's units
 */
export function slashDoubleSign(
  { needs, address, params }: Slashing,
  ctx: Ctx,
  consAddress: Uint8Array,
  height: bigint,
  power: bigint,
): void {
  const burned = needs.staking.slash(ctx, consAddress, height, power, rulesOf(params.get(ctx)).doubleSignFractionE18);
  ctx.event("slash", [
    ["address", address.consensus.format(consAddress)],
    ["power", power.toString()],
    ["reason", "double_sign"],
    ["burned_coins", burned.toString()],
  ]);
}

/** Takes a validator out of the set. */
export function jail({ needs, address }: Slashing, ctx: Ctx, consAddress: Uint8Array): void {
  needs.staking.jail(ctx, consAddress);
  ctx.event("slash", [["jailed", address.consensus.format(consAddress)]]);
}
