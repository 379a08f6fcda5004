import type { MsgCreateValidator } from "#proto/cosmos/staking/v1beta1/tx";
import type { Any } from "#proto/google/protobuf/any";
import { type Ctx, formatDecimal, type ReadCtx } from "#sdk";
import { allowedKeyTypes, requireAllowedKeyType, requireUnlockedKey } from "./allowedKeys.ts";
import { readRates } from "./check.ts";
import { validateRates } from "./commission.ts";
import { consAddressOfPacked } from "./consKey.ts";
import { stakeFromAccount } from "./delegate.ts";
import { requireShort } from "./description.ts";
import { coinText, requireBondDenom, requireStake } from "./stake.ts";
import type { Staking } from "./staking.ts";
import { STATUS, type Validator } from "./validator.ts";
import { findByConsAddress, placeByPower, saveConsAddress, saveValidator } from "./validators.ts";

/** MsgCreateValidator: makes the sender a validator. @throws staking/4, /5, /6, /9 to /14, /39, /40, /47; sdk/5, sdk/8, sdk/18 */
export function createValidator(staking: Staking, ctx: Ctx, msg: MsgCreateValidator): object {
  const { state, params, err, address, emit } = staking;
  const operator = address.operator.canonical(msg.validatorAddress);
  const rates = readRates(msg.commission);
  const least = BigInt(params.get(ctx).minCommissionRate);
  if (rates.rateE18 < least)
    throw err.commissionBelowMin(`cannot set validator commission to less than minimum rate of ${formatDecimal(least)}`);
  if (state.validators.has(ctx, operator)) throw err.operatorTaken();
  if (msg.pubkey === undefined) throw err.noPubKey();
  const consKey = msg.pubkey;
  requireFreeKey(staking, ctx, consKey);
  const value = requireStake(msg.value, "invalid delegation amount");
  requireBondDenom(staking, ctx, value);
  const description = requireShort(msg.description ?? NO_DESCRIPTION);
  requireAllowedKeyType(staking, ctx, consKey);
  validateRates(err, rates);
  const validator: Validator = {
    operator,
    consPubKey: consKey,
    jailed: false,
    status: STATUS.unbonded,
    tokens: 0n,
    sharesE18: 0n,
    description,
    unbondingHeight: 0n,
    unbondingTimeNs: 0n,
    commission: { ...rates, updateTimeNs: ctx.timeNs },
    minSelfDelegation: BigInt(msg.minSelfDelegation),
    onHold: 0n,
    unbondingIds: [],
  };
  saveValidator(staking, ctx, validator);
  saveConsAddress(staking, ctx, validator);
  placeByPower(staking, ctx, validator);
  emit.afterValidatorCreated(ctx, operator);
  stakeFromAccount(staking, ctx, address.format(address.operator.parse(operator)), validator, value.amount);
  ctx.event("create_validator", [
    ["validator", msg.validatorAddress],
    ["amount", coinText(value)],
  ]);
  return {};
}

const NO_DESCRIPTION = { moniker: "", identity: "", website: "", securityContact: "", details: "" };

/** Two validators with one key would count twice for one signature. @throws staking/5, staking/47; sdk/8 for what is no key */
function requireFreeKey(staking: Staking, ctx: ReadCtx, packed: Any): void {
  const { allowed } = allowedKeyTypes(staking, ctx, packed);
  // A key of a kind that cannot be read belongs to nobody; the next check refuses it.
  if (!allowed) return;
  requireUnlockedKey(staking, ctx, packed);
  if (findByConsAddress(staking, ctx, consAddressOfPacked(packed)) !== undefined) throw staking.err.keyTaken();
}
