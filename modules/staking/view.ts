import type { Delegation } from "#proto/cosmos/staking/v1beta1/staking";
import type { Any } from "#proto/google/protobuf/any";
import { durationNs, type ReadCtx } from "#sdk";
import { type ValidatorInfo, validatorInfo } from "./info.ts";
import { bondedRatioE18, poolBalance } from "./pools.ts";
import { findByRotatedConsAddress } from "./rotations.ts";
import { type ShareRate, tokensOfShares, tokensOfSharesDown } from "./shares.ts";
import { createSignerIndex, type SignerIndex } from "./signers.ts";
import type { Staking } from "./staking.ts";
import { STATUS } from "./validator.ts";
import { findByConsAddress } from "./validators.ts";

/** A delegation as others may know it. */
export interface DelegationInfo {
  readonly delegator: string;
  readonly operator: string;
  readonly sharesE18: bigint;
}

/** What other modules may ask. */
export interface StakingView extends SignerIndex {
  bondDenom(ctx: ReadCtx): string;
  unbondingTimeNs(ctx: ReadCtx): bigint;
  readonly powerReduction: bigint;
  findValidator(ctx: ReadCtx, operator: string): ValidatorInfo | undefined;
  /** The validator that gave a key up and is still liable for what it signed. */
  findByRotatedConsAddress(ctx: ReadCtx, cons: Uint8Array): ValidatorInfo | undefined;
  /** Validators in the set, most power first, at most `max_validators`. */
  bondedByPower(ctx: ReadCtx): Iterable<ValidatorInfo>;
  /** In the order of operator addresses. */
  allValidators(ctx: ReadCtx): Iterable<ValidatorInfo>;
  consPubKey(ctx: ReadCtx, cons: Uint8Array): Any | undefined;
  findDelegation(ctx: ReadCtx, delegator: string, operator: string): { readonly sharesE18: bigint } | undefined;
  delegationsOf(ctx: ReadCtx, delegator: string): Iterable<DelegationInfo>;
  /** For genesis, exports and invariants; never in a block. */
  allDelegations(ctx: ReadCtx): Iterable<DelegationInfo>;
  /** Atomic units staked on validators in the set. */
  totalBonded(ctx: ReadCtx): bigint;
  /** Part of the supply that is, rounded down. */
  bondedRatioE18(ctx: ReadCtx): bigint;
  /** Worth of shares in 10^-18 atomic units, half to even. */
  tokensOfShares(validator: ShareRate, sharesE18: bigint): bigint;
  /** The same rounded down. */
  tokensOfSharesDown(validator: ShareRate, sharesE18: bigint): bigint;
}

/** Binds the view. */
export function createView(staking: Staking): StakingView {
  const { state, params, chain } = staking;
  return {
    bondDenom: (ctx) => params.get(ctx).bondDenom,
    unbondingTimeNs: (ctx) => durationNs(params.get(ctx).unbondingTime),
    powerReduction: chain.powerReduction,
    findValidator: (ctx, operator) => optional(state.validators.find(ctx, operator), validatorInfo),
    ...createSignerIndex(staking),
    findByRotatedConsAddress: (ctx, cons) => optional(findByRotatedConsAddress(staking, ctx, cons), validatorInfo),
    *bondedByPower(ctx) {
      let left = params.get(ctx).maxValidators;
      for (const [{ operator }] of state.byPower.entries(ctx, { reverse: true })) {
        if (left === 0) return;
        const validator = state.validators.get(ctx, operator);
        if (validator.status !== STATUS.bonded) continue;
        left--;
        yield validatorInfo(validator);
      }
    },
    *allValidators(ctx) {
      for (const [, validator] of state.validators.entries(ctx)) yield validatorInfo(validator);
    },
    consPubKey: (ctx, cons) => findByConsAddress(staking, ctx, cons)?.consPubKey,
    findDelegation: (ctx, delegator, operator) => optional(state.delegations.find(ctx, [delegator, operator]), delegationOf),
    *delegationsOf(ctx, delegator) {
      for (const [, delegation] of state.delegations.under(ctx, delegator)) yield delegationOf(delegation);
    },
    *allDelegations(ctx) {
      for (const [, delegation] of state.delegations.entries(ctx)) yield delegationOf(delegation);
    },
    totalBonded: (ctx) => poolBalance(staking, ctx, STATUS.bonded),
    bondedRatioE18: (ctx) => bondedRatioE18(staking, ctx),
    tokensOfShares,
    tokensOfSharesDown,
  };
}

function optional<A, B>(value: A | undefined, map: (value: A) => B): B | undefined {
  return value === undefined ? undefined : map(value);
}

function delegationOf({ delegatorAddress, validatorAddress, shares }: Delegation): DelegationInfo {
  return { delegator: delegatorAddress, operator: validatorAddress, sharesE18: BigInt(shares) };
}
