import { pick } from "../../../../cmd/hanzod/sim/operations/randomMessage.ts";
import { coinsOf, type ModuleMessages, operatorOf, ownOrAnyOperator } from "./maker.ts";

/** Messages of x/distribution. */
export const distributionMessages: ModuleMessages = {
  likely: {
    "cosmos.distribution.v1beta1.MsgSetWithdrawAddress": (random, world) => ({ withdraw_address: pick(random, world.addresses) }),
    "cosmos.distribution.v1beta1.MsgWithdrawDelegatorReward": (random, world, sender) => ({
      validator_address: ownOrAnyOperator(random, world, sender),
    }),
    "cosmos.distribution.v1beta1.MsgWithdrawValidatorCommission": (_random, _world, sender) => ({ validator_address: operatorOf(sender) }),
    "cosmos.distribution.v1beta1.MsgFundCommunityPool": (random) => ({ amount: coinsOf(random) }),
    "cosmos.distribution.v1beta1.MsgDepositValidatorRewardsPool": (random, world, sender) => ({
      validator_address: ownOrAnyOperator(random, world, sender),
      amount: coinsOf(random),
    }),
  },
  governed: {
    "cosmos.distribution.v1beta1.MsgUpdateParams": (random) => ({
      params: {
        community_tax: `0.0${1 + random.below(9)}`,
        base_proposer_reward: "0",
        bonus_proposer_reward: "0",
        withdraw_addr_enabled: random.below(4) > 0,
      },
    }),
    "cosmos.distribution.v1beta1.MsgCommunityPoolSpend": (random, world) => ({
      recipient: pick(random, world.addresses),
      amount: coinsOf(random),
    }),
  },
};
