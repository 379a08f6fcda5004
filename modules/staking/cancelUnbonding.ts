import type { MsgCancelUnbondingDelegation } from "#proto/cosmos/staking/v1beta1/tx";
import { type Ctx, notFound, sdkError, timestampNs } from "#sdk";
import { isWorthless, stakeFromPool } from "./delegate.ts";
import { coinText, requireBondDenom, requireStake } from "./stake.ts";
import type { Staking } from "./staking.ts";
import { grown, saveUnbonding } from "./unbondings.ts";
import { STATUS } from "./validator.ts";
import { getValidator } from "./validators.ts";

/** MsgCancelUnbondingDelegation: stakes again what is being withdrawn. @throws undefined/1, sdk/18, sdk/38, staking/3, staking/7, staking/34 */
export function cancelUnbonding(staking: Staking, ctx: Ctx, msg: MsgCancelUnbondingDelegation): object {
  const { state, err, address } = staking;
  const coin = requireStake(msg.amount, "invalid amount");
  requireBondDenom(staking, ctx, coin);
  const delegator = address.canonical(msg.delegatorAddress);
  const operator = address.operator.canonical(msg.validatorAddress);
  const validator = getValidator(staking, ctx, operator);
  if (isWorthless(validator)) throw err.worthlessShares();
  if (validator.jailed) throw err.jailed();
  const unbonding = state.unbondings.find(ctx, [delegator, operator]);
  // The SDK answers with an error of gRPC here, which has no code in a transaction.
  if (unbonding === undefined)
    throw notFound(`unbonding delegation with delegator ${msg.delegatorAddress} not found for validator ${msg.validatorAddress}`);
  const entry = unbonding.entries.find(({ creationHeight }) => creationHeight === msg.creationHeight);
  if (entry === undefined) throw sdkError.notFound(`unbonding delegation entry is not found at block height ${msg.creationHeight}`);
  if (BigInt(entry.balance) < coin.amount) throw sdkError.invalidRequest("amount is greater than the unbonding delegation entry balance");
  if (timestampNs(entry.completionTime) < ctx.timeNs) throw sdkError.invalidRequest("unbonding delegation is already processed");
  stakeFromPool(staking, ctx, delegator, validator, coin.amount, STATUS.unbonding);
  const left = BigInt(entry.balance) > coin.amount ? [grown(entry, -coin.amount)] : [];
  const entries = unbonding.entries.flatMap((other) => (other === entry ? left : [other]));
  saveUnbonding(staking, ctx, { ...unbonding, entries });
  ctx.event("cancel_unbonding_delegation", [
    ["amount", coinText(coin)],
    ["validator", msg.validatorAddress],
    ["delegator", msg.delegatorAddress],
    ["creation_height", msg.creationHeight.toString()],
  ]);
  return {};
}
