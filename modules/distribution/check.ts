import type {
  MsgCommunityPoolSpend,
  MsgDepositValidatorRewardsPool,
  MsgFundCommunityPool,
  MsgSetWithdrawAddress,
  MsgUpdateParams,
  MsgWithdrawDelegatorReward,
  MsgWithdrawValidatorCommission,
} from "#proto/cosmos/distribution/v1beta1/tx";
import { AddressError, type CheckEnv, type Coin, requireAddress, requireCoins, sdkError, unregisteredError } from "#sdk";
import type { DISTRIBUTION_ERRORS } from "./errors.ts";
import { refuseProposerRewards, validateParams } from "./params.ts";

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
  /** @throws sdk/10; undefined/1 for the recipient, as the SDK */
  communityPoolSpend({ recipient, amount }: MsgCommunityPoolSpend, { address }: Env): void {
    requireAmount(amount);
    try {
      address.parse(recipient);
    } catch (error) {
      throw error instanceof AddressError ? unregisteredError(error.message) : error;
    }
  },
  /** @throws sdk/7, sdk/10 */
  depositValidatorRewardsPool({ depositor, validatorAddress, amount }: MsgDepositValidatorRewardsPool, { address }: Env): void {
    requireAddress(address, depositor, "depositor");
    requireAddress(address.operator, validatorAddress, "validator");
    requireAmount(amount);
  },
  /** @throws sdk/18 */
  updateParams({ params }: MsgUpdateParams): void {
    if (params === undefined) return;
    refuseProposerRewards(params);
    validateParams(params);
  },
};

function requireAmount(amount: readonly Coin[]): void {
  if (amount.length === 0) throw sdkError.invalidCoins("amount cannot be nil");
  requireCoins(amount);
}
