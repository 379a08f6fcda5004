import type { Status, Validator } from "./validator.ts";
import { consAddress } from "./validators.ts";

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

/** That of validators as they stand in state, which stay the same objects until they change. */
const known = new WeakMap<Validator, ValidatorInfo>();

/** What others may know of a validator; the same object for the same one. */
export function validatorInfo(validator: Validator): ValidatorInfo {
  let info = known.get(validator);
  if (info === undefined) {
    const { operator, status, jailed, tokens, sharesE18, commission, minSelfDelegation } = validator;
    const commissionE18 = commission.rateE18;
    info = { operator, consAddress: consAddress(validator), status, jailed, tokens, sharesE18, commissionE18, minSelfDelegation };
    // A walk over many leaves nothing behind: what it reads is not frozen.
    if (Object.isFrozen(validator)) known.set(validator, info);
  }
  return info;
}
