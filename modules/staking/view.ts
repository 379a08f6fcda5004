import type { Delegation } from "#proto/cosmos/staking/v1beta1/staking";
import type { Any } from "#proto/google/protobuf/any";
import { derived, durationNs, formatKeyText, type ReadCtx } from "#sdk";
import { bondedRatioE18, poolBalance } from "./pools.ts";
import { findByRotatedConsAddress } from "./rotations.ts";
import { type ShareRate, tokensOfShares, tokensOfSharesDown } from "./shares.ts";
import type { Staking } from "./staking.ts";
import { STATUS, type Status, type Validator } from "./validator.ts";
import { consAddress, findByConsAddress } from "./validators.ts";

/** What others may know of a validator. */
export interface ValidatorInfo {
  /** Bech32 text of the operator. */
  readonly operator: string;
  /** 20 bytes. */
  readonly consAddress: Uint8Array;
  /** 1 unbonded, 2 unbonding, 3 bonded. */
  readonly status: Status;
  readonly jailed: boolean;
  /** Atomic units. */
  readonly tokens: bigint;
  /** Units of 10^-18. */
  readonly sharesE18: bigint;
  readonly commissionE18: bigint;
  readonly minSelfDelegation: bigint;
}

/** A delegation as others may know it. */
export interface DelegationInfo {
  readonly delegator: string;
  readonly operator: string;
  readonly sharesE18: bigint;
}

/** What other modules may ask. */
export interface StakingView {
  bondDenom(ctx: ReadCtx): string;
  unbondingTimeNs(ctx: ReadCtx): bigint;
  readonly powerReduction: bigint;
  findValidator(ctx: ReadCtx, operator: string): ValidatorInfo | undefined;
  findByConsAddress(ctx: ReadCtx, cons: Uint8Array): ValidatorInfo | undefined;
  /** A number that stands for all validators: where it is found again, they are the same ones. Undefined where reads cost gas. */
  validatorsStamp(ctx: ReadCtx): number | undefined;
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
  const findSigner = createSignerIndex(staking);
  return {
    bondDenom: (ctx) => params.get(ctx).bondDenom,
    unbondingTimeNs: (ctx) => durationNs(params.get(ctx).unbondingTime),
    powerReduction: chain.powerReduction,
    findValidator: (ctx, operator) => optional(state.validators.find(ctx, operator), infoOf),
    findByConsAddress: findSigner,
    // What is found by a consensus address is found by the validators' keys, too.
    validatorsStamp: (ctx) => state.validators.stamp(ctx),
    findByRotatedConsAddress: (ctx, cons) => optional(findByRotatedConsAddress(staking, ctx, cons), infoOf),
    *bondedByPower(ctx) {
      let left = params.get(ctx).maxValidators;
      for (const [{ operator }] of state.byPower.entries(ctx, { reverse: true })) {
        if (left === 0) return;
        const validator = state.validators.get(ctx, operator);
        if (validator.status !== STATUS.bonded) continue;
        left--;
        yield infoOf(validator);
      }
    },
    *allValidators(ctx) {
      for (const [, validator] of state.validators.entries(ctx)) yield infoOf(validator);
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

/** Finds validators by consensus address. Every vote asks, so that answers are kept for as long as no validator changes. */
function createSignerIndex(staking: Staking): StakingView["findByConsAddress"] {
  const { state } = staking;
  const answers = derived([state.validators, state.byConsAddress], () => new Map<string, ValidatorInfo | undefined>());
  return (ctx, cons) => {
    const known = answers(ctx);
    const name = formatKeyText(cons);
    const found = known.get(name);
    if (found !== undefined || known.has(name)) return found;
    const validator = optional(findByConsAddress(staking, ctx, cons), infoOf);
    known.set(name, validator);
    return validator;
  };
}

function optional<A, B>(value: A | undefined, map: (value: A) => B): B | undefined {
  return value === undefined ? undefined : map(value);
}

function infoOf(validator: Validator): ValidatorInfo {
  const { operator, status, jailed, tokens, sharesE18, commission, minSelfDelegation } = validator;
  return {
    operator,
    consAddress: consAddress(validator),
    status,
    jailed,
    tokens,
    sharesE18,
    commissionE18: commission.rateE18,
    minSelfDelegation,
  };
}

function delegationOf({ delegatorAddress, validatorAddress, shares }: Delegation): DelegationInfo {
  return { delegator: delegatorAddress, operator: validatorAddress, sharesE18: BigInt(shares) };
}
