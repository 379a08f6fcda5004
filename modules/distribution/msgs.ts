import type { MsgDefinition, MsgDepositValidatorRewardsPool, MsgSetWithdrawAddress } from "#proto/cosmos/distribution/v1beta1/tx";
import { type Ctx, encodeCoins, type MsgHandlers, requireAuthority, requireCoins, sdkError, toDecCoins, withBareAddressErrors } from "#sdk";
import { rewardValidator } from "./allocate.ts";
import { checkPoolSpend } from "./check.ts";
import type { Distribution } from "./distribution.ts";
import { validateNewParams } from "./params.ts";
import { fundCommunityPool, spendFromPool } from "./pool.ts";
import { getValidator } from "./validators.ts";
import { withdrawCommission, withdrawDelegatorReward } from "./withdraw.ts";

/** Handlers of `cosmos.distribution.v1beta1.Msg`. */
export function createMsgs(distribution: Distribution): MsgHandlers<typeof MsgDefinition> {
  return {
    setWithdrawAddress: (ctx, msg) => setWithdrawAddress(distribution, ctx, msg),
    withdrawDelegatorReward: (ctx, { delegatorAddress, validatorAddress }) => ({
      amount: encodeCoins(withdrawDelegatorReward(distribution, ctx, ...canonical(distribution, delegatorAddress, validatorAddress))),
    }),
    withdrawValidatorCommission: (ctx, { validatorAddress }) => ({
      amount: encodeCoins(withdrawCommission(distribution, ctx, distribution.address.operator.canonical(validatorAddress))),
    }),
    fundCommunityPool(ctx, { amount, depositor }) {
      fundCommunityPool(distribution, ctx, depositor, requireCoins(amount));
      return {};
    },
    communityPoolSpend(ctx, msg) {
      requireAuthority(distribution.authority, msg.authority);
      checkPoolSpend(msg, distribution);
      spendFromPool(distribution, ctx, msg.recipient, requireCoins(msg.amount));
      return {};
    },
    updateParams(ctx, { authority, params }) {
      requireAuthority(distribution.authority, authority);
      if (params === undefined) throw sdkError.invalidRequest("params must be set");
      validateNewParams(params);
      distribution.params.set(ctx, params);
      return {};
    },
    depositValidatorRewardsPool: (ctx, msg) => depositRewards(distribution, ctx, msg),
  };
}

function canonical({ address }: Distribution, delegator: string, operator: string): [delegator: string, operator: string] {
  return [address.canonical(delegator), address.operator.canonical(operator)];
}

/** A delegator chooses who gets the rewards. @throws sdk/4 for an account that may not receive, distribution/8 */
function setWithdrawAddress(distribution: Distribution, ctx: Ctx, { delegatorAddress, withdrawAddress }: MsgSetWithdrawAddress): object {
  const { state, needs, params, address, err } = distribution;
  const chosen = address.canonical(withdrawAddress);
  if (needs.bank.isBlocked(ctx, chosen)) throw sdkError.unauthorized(`${chosen} is not allowed to receive external funds`);
  if (!params.get(ctx).withdrawAddrEnabled) throw err.withdrawAddressDisabled();
  ctx.event("set_withdraw_address", [["withdraw_address", chosen]]);
  state.withdrawAddresses.set(ctx, delegatorAddress, address.parse(chosen));
  return {};
}

/** Somebody gives a validator and its delegators a reward. @throws sdk/5; undefined/1, sdk/35 for a bad operator; staking/3 */
function depositRewards(distribution: Distribution, ctx: Ctx, msg: MsgDepositValidatorRewardsPool): object {
  const { needs, account, address } = distribution;
  const coins = msg.amount.length === 0 ? [] : requireCoins(msg.amount);
  needs.bank.sendCoins(ctx, msg.depositor, account, coins);
  const operator = withBareAddressErrors(() => address.operator.canonical(msg.validatorAddress));
  const validator = getValidator(distribution, ctx, operator);
  rewardValidator(distribution, ctx, validator, toDecCoins(coins));
  return {};
}
