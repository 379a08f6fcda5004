import type { MsgUnjail } from "#proto/cosmos/slashing/v1beta1/tx";
import { type AddressCodec, AddressError, bindErrors, type Ctx, decTruncate, sdkError, timestampNs } from "#sdk";
import { STAKING_ERRORS } from "../staking/index.ts";
import type { Slashing } from "./slashing.ts";

/** The Cosmos SDK lets x/staking say that somebody is not there. */
const stakingError = bindErrors("staking", STAKING_ERRORS);

/** Stateless check of a request. @throws sdk/7 */
export function checkUnjail({ validatorAddr }: MsgUnjail, { address }: { readonly address: AddressCodec }): void {
  try {
    address.operator.parse(validatorAddr);
  } catch (cause) {
    if (cause instanceof AddressError) throw sdkError.invalidAddress(`validator input address: ${cause.message}`);
    throw cause;
  }
}

/**
 * Brings a jailed validator back into the set, if its stake is still enough for it. One that was jailed because its own stake fell below the
 * minimum before it was ever bonded has no record and may come back at any time.
 * @throws staking/3, staking/19, slashing/7, slashing/5, slashing/4
 */
export function unjail({ state, needs, address, err }: Slashing, ctx: Ctx, { validatorAddr }: MsgUnjail): object {
  const operator = address.operator.canonical(validatorAddr);
  const validator = needs.staking.findValidator(ctx, operator);
  if (validator === undefined) throw stakingError.noValidator();
  const own = needs.staking.findDelegation(ctx, address.format(address.operator.parse(operator)), operator);
  if (own === undefined) throw stakingError.noDelegation();
  const tokens = decTruncate(needs.staking.tokensOfShares(validator, own.sharesE18));
  if (tokens < validator.minSelfDelegation) throw err.selfDelegationTooLow(`${tokens} less than ${validator.minSelfDelegation}`);
  if (!validator.jailed) throw err.validatorNotJailed();
  const info = state.signingRecords.find(ctx, validator.consAddress)?.info;
  if (info !== undefined && (info.tombstoned || ctx.timeNs < timestampNs(info.jailedUntil))) throw err.validatorJailed();
  needs.staking.unjail(ctx, validator.consAddress);
  return {};
}
