import { bindErrors, type ReadCtx } from "#sdk";
import { STAKING_ERRORS, type ValidatorInfo } from "../staking/index.ts";
import type { Distribution } from "./distribution.ts";

/** The Cosmos SDK lets x/staking say that somebody is not there. */
const stakingError = bindErrors("staking", STAKING_ERRORS);

type Reads = Pick<Distribution, "needs">;

/** @throws staking/3 */
export function getValidator({ needs }: Reads, ctx: ReadCtx, operator: string): ValidatorInfo {
  const validator = needs.staking.findValidator(ctx, operator);
  if (validator === undefined) throw stakingError.noValidator();
  return validator;
}

/** Shares of a delegation, units of 10^-18. @throws staking/19 */
export function getShares({ needs }: Reads, ctx: ReadCtx, delegator: string, operator: string): bigint {
  const delegation = needs.staking.findDelegation(ctx, delegator, operator);
  if (delegation === undefined) throw stakingError.noDelegation();
  return delegation.sharesE18;
}
