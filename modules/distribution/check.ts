import type {
  MsgCommunityPoolSpend,
  MsgDepositValidatorRewardsPool,
  MsgFundCommunityPool,
  MsgSetWithdrawAddress,
  MsgUpdateParams,
  MsgWithdrawDelegatorReward,
  MsgWithdrawValidatorCommission,
} from "#proto/cosmos/distribution/v1beta1/tx";
import { type CheckEnv, type Coin, requireAddress, requireCoins, sdkError, withBareAddressErrors } from "#sdk";
import type { DISTRIBUTION_ERRORS } from "./errors.ts";
import { validateNewParams } from "./params.ts";

type Env = CheckEnv<typeof DISTRIBUTION_ERRORS>;

/** Stateless checks of the messages: in CheckTx, and again before each handler. */
export const distributionChecks = {
  /** @throws sdk/7 */
  setWithdrawAddress({ delegatorAddress, withdrawAddress }: MsgSetWithdrawAddress, { address }: Env): void {
    requireAddress(address, delegatorAddress, "delegator");
    requireAddress(address, withdrawAddress, "withdraw");
  },
  /** @throws sdk/7 */
  withdrawDelegatorReward({ delegatorAddress, validatorAddress }: MsgWithdrawDelegatorReward, { address }: Env): void {
    requireAddress(address.operator, validatorAddress, "validator");
    requireAddress(address, delegatorAddress, "delegator");
  },
  /** @throws sdk/7 */
  withdrawValidatorCommission({ validatorAddress }: MsgWithdrawValidatorCommission, { address }: Env): void {
    requireAddress(address.operator, validatorAddress, "validator");
  },
  /** @throws sdk/7, sdk/10 */
  fundCommunityPool({ amount, depositor }: MsgFundCommunityPool, { address }: Env): void {
    requireAddress(address, depositor, "depositor");
    requireAmount(amount);
  },
  /** Nothing may be given, too: it changes nothing. @throws sdk/10; undefined/1, sdk/35 */
  depositValidatorRewardsPool({ depositor, amount }: MsgDepositValidatorRewardsPool, { address }: Env): void {
    withBareAddressErrors(() => address.parse(depositor));
    if (amount.length > 0) requireCoins(amount);
  },
};

/** What handlers refuse after they have looked into state or who sends the message, as the SDK does; the mempool refuses it for that alone. */
export const distributionForesight = {
  /** @throws undefined/1, sdk/35 for a bad address */
  depositValidatorRewardsPool({ validatorAddress }: MsgDepositValidatorRewardsPool, { address }: Env): void {
    withBareAddressErrors(() => address.operator.parse(validatorAddress));
  },
  communityPoolSpend: checkPoolSpend,
  /** @throws sdk/18, undefined/1 */
  updateParams({ params }: MsgUpdateParams): void {
    if (params !== undefined) validateNewParams(params);
  },
};

/** @throws sdk/10; undefined/1, sdk/35 for the recipient, as the SDK */
export function checkPoolSpend({ recipient, amount }: MsgCommunityPoolSpend, { address }: Pick<Env, "address">): void {
  requireAmount(amount);
  withBareAddressErrors(() => address.parse(recipient));
}

function requireAmount(amount: readonly Coin[]): void {
  if (amount.length === 0) throw sdkError.invalidCoins("amount cannot be nil");
  requireCoins(amount);
}
