import { type Ctx, hook } from "#sdk";

type OfValidator = readonly [operator: string];
type OfSigner = readonly [cons: Uint8Array, operator: string];
type OfDelegation = readonly [delegator: string, operator: string];
/** `isStrict`: within a user's message, which fails with the subscriber; a slash goes on and finds another way. */
type Strict = readonly [isStrict: boolean];

/**
 * What staking tells others, in the Cosmos SDK's order. Operators are bech32 text, `cons` is the consensus address. A subscriber that throws fails
 * the transition.
 */
export const hooks = {
  /** Before its first stake. */
  afterValidatorCreated: hook<OfValidator>(),
  /** Before its commission changes, and before it is slashed. */
  beforeValidatorModified: hook<OfValidator>(),
  /** It is no longer in state. */
  afterValidatorRemoved: hook<readonly [...OfSigner, ...Strict]>(),
  /** Votes are signed with its new key from this block on. */
  afterValidatorConsKeyUpdated: hook<readonly [oldCons: Uint8Array, newCons: Uint8Array, operator: string]>(),
  /** It comes into the set. */
  afterValidatorBonded: hook<OfSigner>(),
  /** It leaves the set. */
  afterValidatorBeginUnbonding: hook<OfSigner>(),
  beforeDelegationCreated: hook<OfDelegation>(),
  beforeDelegationSharesModified: hook<readonly [...OfDelegation, ...Strict]>(),
  beforeDelegationRemoved: hook<OfDelegation>(),
  afterDelegationModified: hook<OfDelegation>(),
  /** `fractionE18`: what it loses of its tokens, rounded up, at most 10^18. */
  beforeValidatorSlashed: hook<readonly [operator: string, fractionE18: bigint]>(),
  /** `id`: of an unbonding delegation's entry, a redelegation's entry or a validator's unbonding. */
  afterUnbondingInitiated: hook<readonly [id: bigint]>(),
};

/** Calls the subscribers. */
export type StakingHooks = {
  readonly [N in keyof typeof hooks]: (typeof hooks)[N] extends { readonly args?: infer A extends readonly unknown[] }
    ? (ctx: Ctx, ...args: A) => void
    : never;
};
