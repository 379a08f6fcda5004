import {
  MsgCommunityPoolSpend,
  MsgDepositValidatorRewardsPool,
  MsgFundCommunityPool,
  MsgSetWithdrawAddress,
  MsgUpdateParams,
  MsgWithdrawDelegatorReward,
  MsgWithdrawValidatorCommission,
} from "#proto/cosmos/distribution/v1beta1/tx";
import { distribution } from "../../../../modules/distribution/index.ts";
import { staking } from "../../../../modules/staking/index.ts";
import type { World } from "../chain/world.ts";
import { governed, type Operation, operation } from "./operation.ts";

/** Most that is given away at once: a millionth of what an actor begins with. */
const MOST = 10n ** 18n;
const gift = ({ draws, baseDenom }: World) => [{ denom: baseDenom, amount: String(1n + draws.amount(MOST)) }];
const percent = (of: number): string => String(BigInt(of) * 10n ** 16n);

/** Operations of x/distribution. */
export const distributionOperations: readonly Operation[] = [
  operation(MsgSetWithdrawAddress, 3, (world, { address }) => ({ delegatorAddress: address, withdrawAddress: world.receiver() })),
  operation(MsgWithdrawDelegatorReward, 10, (world, { address }) => {
    const own = [...world.facet(staking, "view").delegationsOf(world.ctx, address)];
    return own.length === 0 ? undefined : { delegatorAddress: address, validatorAddress: world.draws.pick(own).operator };
  }),
  operation(MsgWithdrawValidatorCommission, 4, (world, actor) => {
    const validatorAddress = actor.operator;
    const isValidator = world.facet(staking, "view").findValidator(world.ctx, validatorAddress) !== undefined;
    return isValidator || world.draws.once(20) ? { validatorAddress } : undefined;
  }),
  operation(MsgFundCommunityPool, 3, (world, { address }) => ({ depositor: address, amount: gift(world) })),
  operation(MsgDepositValidatorRewardsPool, 2, (world, { address }) => {
    const all = world.operators();
    if (all.length === 0) return undefined;
    return { depositor: address, validatorAddress: world.draws.pick(all), amount: gift(world) };
  }),
  governed(MsgCommunityPoolSpend, 2, (world, authority) => {
    const pool = world
      .facet(distribution, "view")
      .communityPool(world.ctx)
      .find(({ denom }) => denom === world.baseDenom);
    const most = (pool?.amountE18 ?? 0n) / 10n ** 18n;
    const amount = world.draws.once(8) ? most + 1n : world.draws.amount(most);
    return amount === 0n
      ? undefined
      : { authority, recipient: world.receiver(), amount: [{ denom: world.baseDenom, amount: String(amount) }] };
  }),
  governed(MsgUpdateParams, 1, ({ draws }, authority) => ({
    authority,
    params: {
      communityTax: percent(draws.below(20)),
      baseProposerReward: "0",
      bonusProposerReward: "0",
      withdrawAddrEnabled: !draws.once(4),
    },
  })),
];
