import type { MsgRotateConsPubKey } from "#proto/cosmos/staking/v1beta1/tx";
import type { Any } from "#proto/google/protobuf/any";
import { type Ctx, durationNs, formatCoins, formatRfc3339Seconds, parseAmount, sdkError, timestampNs, toTimestamp } from "#sdk";
import { requireAllowedKeyType, requireUnlockedKey } from "./allowedKeys.ts";
import { consAddressOfPacked } from "./consKey.ts";
import { LOCK } from "./consKeyLock.ts";
import { ensureRotationFeePool } from "./pools.ts";
import { UPDATE_DELAY } from "./rotations.ts";
import type { Staking } from "./staking.ts";
import type { Validator } from "./validator.ts";
import { consAddress, findByConsAddress, getValidator } from "./validators.ts";

/**
 * MsgRotateConsPubKey: the validator signs with another key from the block after the next on. The fee is burned; what the old key did stays the
 * validator's for as long as evidence of it can come.
 * @throws sdk/37 on a chain without a fee for it; staking/3, /6, /46, /47, /48; sdk/5, sdk/8, sdk/18
 */
export function rotateConsPubKey(staking: Staking, ctx: Ctx, { validatorAddress, newPubkey }: MsgRotateConsPubKey): object {
  const { state, params, err, address } = staking;
  const { keyRotationFee, unbondingTime } = params.get(ctx);
  if (keyRotationFee === undefined) throw sdkError.notSupported("consensus keys do not change on this chain: key_rotation_fee is not set");
  if (newPubkey === undefined) throw err.noPubKey();
  requireAllowedKeyType(staking, ctx, newPubkey);
  requireUnlockedKey(staking, ctx, newPubkey);
  if (findByConsAddress(staking, ctx, consAddressOfPacked(newPubkey)) !== undefined) throw err.consKeyInUse();
  const operator = address.operator.canonical(validatorAddress);
  const validator = getValidator(staking, ctx, operator);
  if (validator.jailed) throw sdkError.invalidRequest("validator is jailed");
  if (state.rotated.has(ctx, operator)) throw err.tooManyRotations();
  const fee = { denom: keyRotationFee.denom, amount: parseAmount(keyRotationFee.amount) };
  burnFee(staking, ctx, operator, fee);
  const maturityNs = ctx.timeNs + durationNs(unbondingTime);
  const expiry = evidenceExpiry(staking, ctx, operator, maturityNs);
  enqueue(staking, ctx, validator, newPubkey, maturityNs, expiry);
  ctx.event("rotate_cons_pubkey", [
    ["validator", operator],
    ["old_cons_addr", address.consensus.format(consAddress(validator))],
    ["new_cons_addr", address.consensus.format(consAddressOfPacked(newPubkey))],
    ["apply_height", (ctx.height + UPDATE_DELAY).toString()],
    ["maturity_time", formatRfc3339Seconds(maturityNs)],
    ["evidence_expiry_time", formatRfc3339Seconds(timestampNs(expiry.expiryTime))],
    ["evidence_expiry_height", expiry.expiryHeight.toString()],
    ["fee_burned", formatCoins([fee])],
  ]);
  return {};
}

function burnFee(staking: Staking, ctx: Ctx, operator: string, fee: { readonly denom: string; readonly amount: bigint }): void {
  const { needs, address } = staking;
  const pool = ensureRotationFeePool(staking, ctx);
  needs.bank.sendCoins(ctx, address.format(address.operator.parse(operator)), pool, [fee]);
  needs.bank.burn(ctx, pool, fee.denom, fee.amount);
}

interface Expiry {
  readonly validatorAddress: Uint8Array;
  readonly expiryTime: { seconds: bigint; nanos: number };
  readonly expiryHeight: bigint;
}

/** The limits of the consensus parameters as they are now; stake that leaves meanwhile is liable for the unbonding time at least. */
function evidenceExpiry({ needs, address }: Staking, ctx: Ctx, operator: string, maturityNs: bigint): Expiry {
  const limits = needs.consensus.get(ctx)?.evidence;
  const agedNs = ctx.timeNs + durationNs(limits?.maxAgeDuration);
  return {
    validatorAddress: address.operator.parse(operator),
    expiryTime: toTimestamp(agedNs > maturityNs ? agedNs : maturityNs),
    expiryHeight: limits === undefined ? 0n : ctx.height + UPDATE_DELAY + limits.maxAgeNumBlocks,
  };
}

function enqueue({ state }: Staking, ctx: Ctx, validator: Validator, newKey: Any, maturityNs: bigint, expiry: Expiry): void {
  const { operator } = validator;
  const oldCons = consAddress(validator);
  state.rotationQueue.set(ctx, [maturityNs, operator], true);
  state.rotated.set(ctx, operator, true);
  state.evidenceQueue.set(ctx, [timestampNs(expiry.expiryTime), oldCons], expiry);
  state.consKeyLocks.set(ctx, oldCons, { kind: LOCK.pendingFrom, operator: expiry.validatorAddress });
  state.consKeyLocks.set(ctx, consAddressOfPacked(newKey), { kind: LOCK.pendingTo, operator: expiry.validatorAddress });
  state.rotationApplyQueue.set(ctx, [ctx.height + UPDATE_DELAY, operator], newKey);
}
