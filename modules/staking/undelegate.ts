import type { MsgUndelegate } from "#proto/cosmos/staking/v1beta1/tx";
import { type Ctx, durationNs, encodeCoin, formatRfc3339Seconds, toTimestamp } from "#sdk";
import { moveStake } from "./pools.ts";
import { coinText, requireBondDenom, requireStake } from "./stake.ts";
import type { Staking } from "./staking.ts";
import { requireSomebodyLeft, sharesToUnbond, unbond } from "./unbond.ts";
import { addUnbonding } from "./unbondings.ts";
import { STATUS } from "./validator.ts";
import { getValidator } from "./validators.ts";

/** MsgUndelegate: begins to withdraw stake. @throws sdk/18, staking/3, staking/19, staking/22, staking/27, staking/64 */
export function undelegate(staking: Staking, ctx: Ctx, msg: MsgUndelegate): object {
  const { state, params, err, address } = staking;
  const asked = requireStake(msg.amount, "invalid shares amount");
  const delegator = address.canonical(msg.delegatorAddress);
  const operator = address.operator.canonical(msg.validatorAddress);
  const sharesE18 = sharesToUnbond(staking, ctx, delegator, operator, asked.amount);
  requireBondDenom(staking, ctx, asked);
  const { status } = getValidator(staking, ctx, operator);
  const { maxEntries, unbondingTime } = params.get(ctx);
  if ((state.unbondings.find(ctx, [delegator, operator])?.entries.length ?? 0) >= maxEntries) throw err.tooManyUnbondings();
  const amount = unbond(staking, ctx, delegator, operator, sharesE18, true);
  moveStake(staking, ctx, status, STATUS.unbonding, amount);
  if (status === STATUS.bonded) requireSomebodyLeft(staking, ctx);
  const completionNs = ctx.timeNs + durationNs(unbondingTime);
  addUnbonding(staking, ctx, delegator, operator, completionNs, amount);
  const paid = { denom: asked.denom, amount };
  ctx.event("unbond", [
    ["validator", msg.validatorAddress],
    ["delegator", msg.delegatorAddress],
    ["amount", coinText(paid)],
    ["completion_time", formatRfc3339Seconds(completionNs)],
  ]);
  return { completionTime: toTimestamp(completionNs), amount: encodeCoin(paid) };
}
