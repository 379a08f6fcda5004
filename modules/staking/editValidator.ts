import type { MsgEditValidator } from "#proto/cosmos/staking/v1beta1/tx";
import { type Ctx, parseDecAtomics } from "#sdk";
import { changeRate, formatCommission, requireMinRate } from "./commission.ts";
import { editDescription } from "./description.ts";
import type { Staking } from "./staking.ts";
import type { Commission, Validator } from "./validator.ts";
import { getValidator, saveValidator } from "./validators.ts";

/** MsgEditValidator. @throws sdk/18; staking/3, /9, /11, /12, /15, /16, /17 */
export function editValidator(staking: Staking, ctx: Ctx, msg: MsgEditValidator): object {
  const { address } = staking;
  const rateE18 = msg.commissionRate === "" ? undefined : parseDecAtomics(msg.commissionRate);
  if (rateE18 !== undefined) requireMinRate(staking, ctx, rateE18);
  const before = getValidator(staking, ctx, address.operator.canonical(msg.validatorAddress));
  const after: Validator = {
    ...before,
    description: editDescription(before.description, msg.description ?? before.description),
    commission: rateE18 === undefined ? before.commission : newCommission(staking, ctx, before, rateE18),
    minSelfDelegation: msg.minSelfDelegation === "" ? before.minSelfDelegation : raise(staking, before, BigInt(msg.minSelfDelegation)),
  };
  saveValidator(staking, ctx, after);
  ctx.event("edit_validator", [
    ["commission_rate", formatCommission(after.commission)],
    ["min_self_delegation", after.minSelfDelegation.toString()],
  ]);
  return {};
}

function newCommission(staking: Staking, ctx: Ctx, { commission, operator }: Validator, rateE18: bigint): Commission {
  const changed = changeRate(staking, ctx, commission, rateE18);
  staking.emit.beforeValidatorModified(ctx, operator);
  return changed;
}

/** The minimum only rises: delegators may rely on it. @throws staking/16, staking/17 */
function raise({ err }: Staking, { minSelfDelegation, tokens }: Validator, wanted: bigint): bigint {
  if (wanted <= minSelfDelegation) throw err.minSelfDelegationDecreased();
  if (wanted > tokens) throw err.selfDelegationTooSmall();
  return wanted;
}
