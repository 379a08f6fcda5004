import { type Ctx, sdkError } from "#sdk";
import type { Staking } from "./staking.ts";
import type { Validator } from "./validator.ts";
import { findByConsAddress, replaceValidator } from "./validators.ts";

/** Keeps a validator out of the set from the end of the block on. @throws staking/7 when it is jailed already */
export function jailValidator(staking: Staking, ctx: Ctx, validator: Validator): Validator {
  if (validator.jailed) throw staking.err.jailed(`cannot jail already jailed validator, validator: ${validator.operator}`);
  return replaceValidator(staking, ctx, validator, { ...validator, jailed: true });
}

/** Jails the validator of a consensus address. @throws staking/3, staking/7 */
export function jail(staking: Staking, ctx: Ctx, cons: Uint8Array): void {
  jailValidator(staking, ctx, requireByConsAddress(staking, ctx, cons));
}

/** Lets a validator back in, if its stake is enough. @throws staking/3; sdk/35 when it is not jailed */
export function unjail(staking: Staking, ctx: Ctx, cons: Uint8Array): void {
  const validator = requireByConsAddress(staking, ctx, cons);
  if (!validator.jailed) throw sdkError.logic(`cannot unjail already unjailed validator, validator: ${validator.operator}`);
  replaceValidator(staking, ctx, validator, { ...validator, jailed: false });
}

function requireByConsAddress(staking: Staking, ctx: Ctx, cons: Uint8Array): Validator {
  const validator = findByConsAddress(staking, ctx, cons);
  if (validator === undefined)
    throw staking.err.noValidator(`validator with consensus-Address ${staking.address.consensus.format(cons)} not found`);
  return validator;
}
