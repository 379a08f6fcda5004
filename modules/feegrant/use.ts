import { type Coin, type CoinAmount, type Ctx, formatCoins, readSpentCoins, sdkError } from "#sdk";
import { readAllowance } from "./allowance.ts";
import type { Feegrant } from "./feegrant.ts";
import { getGrant, removeGrant, updateGrant } from "./grants.ts";

/**
 * Takes a fee off the allowance of who pays it; the coins are moved by the caller. One that is used up is removed.
 * @throws sdk/38 without an allowance; feegrant/2, feegrant/3, feegrant/7 when it does not pay this fee; sdk/13 for coins that no limit can be compared with
 */
export function useGrantedFees(
  feegrant: Feegrant,
  ctx: Ctx,
  granter: string,
  grantee: string,
  fee: readonly Coin[],
  messageTypes: readonly string[],
): void {
  const { err } = feegrant;
  const allowance = readAllowance(getGrant(feegrant, ctx, granter, grantee).allowance, err);
  const left = allowance.use({ ctx, fee: () => readFee(fee), messageTypes, err });
  if (left === undefined) removeGrant(feegrant, ctx, granter, grantee);
  ctx.event("use_feegrant", [
    ["granter", granter],
    ["grantee", grantee],
  ]);
  if (left !== undefined) updateGrant(feegrant, ctx, granter, grantee, left);
}

/** @throws sdk/13 for coins that no limit can be compared with */
function readFee(fee: readonly Coin[]): readonly CoinAmount[] {
  try {
    return readSpentCoins(fee);
  } catch {
    throw sdkError.insufficientFee(`invalid fee amount: ${formatCoins(fee)}`);
  }
}
