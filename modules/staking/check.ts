import type { Coin } from "#proto/cosmos/base/v1beta1/coin";
import type { CommissionRates } from "#proto/cosmos/staking/v1beta1/staking";
import type {
  MsgBeginRedelegate,
  MsgCancelUnbondingDelegation,
  MsgCreateValidator,
  MsgDelegate,
  MsgEditValidator,
  MsgRotateConsPubKey,
  MsgUndelegate,
} from "#proto/cosmos/staking/v1beta1/tx";
import { type CheckEnv, E18, parseDecAtomics, requireAddress, sdkError } from "#sdk";
import { validateRates } from "./commission.ts";
import { isEmptyDescription } from "./description.ts";
import type { STAKING_ERRORS } from "./errors.ts";
import { requireStake } from "./stake.ts";
import type { Commission } from "./validator.ts";

type Env = CheckEnv<typeof STAKING_ERRORS>;

/** Stateless checks of staking's messages, in the Cosmos SDK's order: in CheckTx, and again before each handler. */
export const stakingChecks = {
  /** @throws sdk/7, sdk/18, staking/39, /9 to /14, /16 */
  createValidator(msg: MsgCreateValidator, { address, err }: Env): void {
    requireAddress(address.operator, msg.validatorAddress, "validator");
    if (msg.pubkey === undefined) throw err.noPubKey();
    const { amount } = requireStake(msg.value, "invalid delegation amount");
    if (isEmptyDescription(msg.description)) throw sdkError.invalidRequest("empty description");
    if (isEmptyCommission(msg.commission)) throw sdkError.invalidRequest("empty commission");
    validateRates(err, readRates(msg.commission));
    const least = requirePositive(msg.minSelfDelegation);
    if (amount < least) throw err.selfDelegationTooSmall();
  },
  /** @throws sdk/7, sdk/18 */
  editValidator(msg: MsgEditValidator, { address }: Env): void {
    requireAddress(address.operator, msg.validatorAddress, "validator");
    if (isEmptyDescription(msg.description)) throw sdkError.invalidRequest("empty description");
    if (msg.minSelfDelegation !== "") requirePositive(msg.minSelfDelegation);
    if (msg.commissionRate === "") return;
    const rate = parseDecAtomics(msg.commissionRate);
    if (rate > E18 || rate < 0n) throw sdkError.invalidRequest("commission rate must be between 0 and 1 (inclusive)");
  },
  /** @throws sdk/7, sdk/18 */
  delegate: ({ validatorAddress, delegatorAddress, amount }: MsgDelegate, env: Env): void =>
    requireParties(env, validatorAddress, delegatorAddress, amount, "invalid delegation amount"),
  /** @throws sdk/7, sdk/18 */
  beginRedelegate(msg: MsgBeginRedelegate, { address }: Env): void {
    requireAddress(address.operator, msg.validatorSrcAddress, "source validator");
    requireAddress(address.operator, msg.validatorDstAddress, "destination validator");
    requireAddress(address, msg.delegatorAddress, "delegator");
    requireStake(msg.amount, "invalid shares amount");
  },
  /** @throws sdk/7, sdk/18 */
  undelegate: ({ validatorAddress, delegatorAddress, amount }: MsgUndelegate, env: Env): void =>
    requireParties(env, validatorAddress, delegatorAddress, amount, "invalid shares amount"),
  /** @throws sdk/7, sdk/18 */
  cancelUnbondingDelegation(msg: MsgCancelUnbondingDelegation, env: Env): void {
    requireParties(env, msg.validatorAddress, msg.delegatorAddress, msg.amount, "invalid amount");
    if (msg.creationHeight <= 0n) throw sdkError.invalidRequest("invalid height");
  },
  /** @throws sdk/7, staking/39 */
  rotateConsPubKey({ validatorAddress, newPubkey }: MsgRotateConsPubKey, { address, err }: Env): void {
    requireAddress(address.operator, validatorAddress, "validator");
    if (newPubkey === undefined) throw err.noPubKey();
  },
};

/** Rates off the wire, 0 for those left out. @throws sdk/18 */
export function readRates(rates: CommissionRates | undefined): Omit<Commission, "updateTimeNs"> {
  return {
    rateE18: parseDecAtomics(rates?.rate ?? ""),
    maxRateE18: parseDecAtomics(rates?.maxRate ?? ""),
    maxChangeRateE18: parseDecAtomics(rates?.maxChangeRate ?? ""),
  };
}

function isEmptyCommission(rates: CommissionRates | undefined): boolean {
  return rates === undefined || (rates.rate === "" && rates.maxRate === "" && rates.maxChangeRate === "");
}

function requireParties({ address }: Env, operator: string, delegator: string, amount: Coin | undefined, text: string): void {
  requireAddress(address.operator, operator, "validator");
  requireAddress(address, delegator, "delegator");
  requireStake(amount, text);
}

function requirePositive(text: string): bigint {
  const amount = /^[1-9]\d{0,77}$/.test(text) ? BigInt(text) : 0n;
  if (amount === 0n) throw sdkError.invalidRequest("minimum self delegation must be a positive integer");
  return amount;
}
