import type { Params } from "#proto/cosmos/distribution/v1beta1/distribution";
import { E18, formatDecimal, parseDecAtomics, sdkError, unregisteredError } from "#sdk";

/** Parameters of a new chain: 2 % of fees and new coins for the community (cosmos-sdk x/distribution DefaultParams). */
export const DEFAULT_PARAMS: Params = {
  communityTax: (E18 / 50n).toString(),
  baseProposerReward: "0",
  bonusProposerReward: "0",
  withdrawAddrEnabled: true,
};

/** The community pool's part, 0 to 10^18. */
export function communityTaxOf({ communityTax }: Params): bigint {
  return parseDecAtomics(communityTax);
}

/** In the words of the SDK, which has no code for it. @throws undefined/1 for a tax that is no fraction */
export function validateParams(params: Params): void {
  if (params.communityTax === "") throw unregisteredError("community tax must be not nil");
  const tax = communityTaxOf(params);
  if (tax < 0n) throw unregisteredError(`community tax must be positive: ${formatDecimal(tax)}`);
  if (tax > E18) throw unregisteredError(`community tax too large: ${formatDecimal(tax)}`);
}

/** What may come into force: rewards of proposers, which old chains had, cannot be switched on again. @throws sdk/18 for these; undefined/1 */
export function validateNewParams(params: Params): void {
  const { baseProposerReward, bonusProposerReward } = params;
  if (parseDecAtomics(baseProposerReward) !== 0n || parseDecAtomics(bonusProposerReward) !== 0n)
    throw sdkError.invalidRequest("cannot update base or bonus proposer reward because these are deprecated fields");
  validateParams(params);
}
