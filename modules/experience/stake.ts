import type { ReadCtx } from "#sdk";
import type { ValidatorInfo } from "../staking/index.ts";
import { experienceError } from "./errors.ts";
import type { Registry } from "./registry.ts";

/** Status of validators in the set. */
const BONDED = 3;

/**
 * Stake that an account's entries weigh: what it has delegated to bonded validators. Stake cannot be moved to another account within the
 * unbonding time, so the same coins never weigh twice in a round that is shorter.
 * @param most delegations that are counted, in the order of operators
 * @returns native base units, each delegation rounded down
 */
export function stakeOf({ needs }: Registry, ctx: ReadCtx, owner: string, most: number): bigint {
  let [stake, counted] = [0n, 0];
  for (const { operator, sharesE18 } of needs.staking.delegationsOf(ctx, owner)) {
    if (counted++ === most) break;
    const validator = needs.staking.findValidator(ctx, operator);
    if (validator === undefined || validator.status !== BONDED || validator.sharesE18 === 0n) continue;
    stake += (sharesE18 * validator.tokens) / validator.sharesE18;
  }
  return stake;
}

/** Validator in the set whose operator an account is. */
export function findVoter({ needs, address }: Registry, ctx: ReadCtx, account: string): ValidatorInfo | undefined {
  const validator = needs.staking.findValidator(ctx, address.operator.format(address.parse(account)));
  return validator?.status === BONDED ? validator : undefined;
}

/** @throws experience/24 when the account is not the operator of a bonded validator */
export function requireVoter(registry: Registry, ctx: ReadCtx, account: string): ValidatorInfo {
  const validator = findVoter(registry, ctx, account);
  if (validator === undefined) throw experienceError.notVoter(`expected the operator of a bonded validator, got ${account}`);
  return validator;
}
