import { type Ctx, type ReadCtx, sdkError } from "#sdk";
import { consAddressOfPacked } from "./consKey.ts";
import { powerOf, sharesOfTokens, tokensLeaving } from "./shares.ts";
import type { Staking } from "./staking.ts";
import { STATUS, type Validator } from "./validator.ts";

type Reads = Pick<Staking, "state" | "address" | "err">;
type Writes = Reads & Pick<Staking, "chain" | "emit">;

/** @throws staking/3 */
export function getValidator({ state, err }: Pick<Reads, "state" | "err">, ctx: ReadCtx, operator: string): Validator {
  const validator = state.validators.find(ctx, operator);
  if (validator === undefined) throw err.noValidator();
  return validator;
}

/** The validator whose key signs under a consensus address. */
export function findByConsAddress(
  { state, address }: Pick<Reads, "state" | "address">,
  ctx: ReadCtx,
  cons: Uint8Array,
): Validator | undefined {
  const operator = state.byConsAddress.find(ctx, cons);
  return operator === undefined ? undefined : state.validators.find(ctx, address.operator.format(operator));
}

/** Consensus address of a validator, 20 bytes. */
export function consAddress({ consPubKey }: Pick<Validator, "consPubKey">): Uint8Array {
  return consAddressOfPacked(consPubKey);
}

/** Writes the validator alone; its place by power is moved by {@link placeByPower} and {@link unplaceByPower}. */
export function saveValidator({ state }: Pick<Writes, "state">, ctx: Ctx, validator: Validator): void {
  state.validators.set(ctx, validator.operator, validator);
}

/** Lets votes and evidence find a validator. */
export function saveConsAddress({ state, address }: Pick<Writes, "state" | "address">, ctx: Ctx, validator: Validator): void {
  state.byConsAddress.set(ctx, consAddress(validator), address.operator.parse(validator.operator));
}

/** Gives a validator its place by power. INVARIANT: jailed validators have none. */
export function placeByPower({ state, address, chain }: Writes, ctx: Ctx, { jailed, operator, tokens }: Validator): void {
  if (jailed) return;
  const power = powerOf(tokens, chain.powerReduction);
  state.byPower.set(ctx, { power, operator }, address.operator.parse(operator));
}

/** Takes a validator's place by power away. CONTRACT: its tokens are those it was placed with. */
export function unplaceByPower({ state, chain }: Writes, ctx: Ctx, { operator, tokens }: Validator): void {
  state.byPower.delete(ctx, { power: powerOf(tokens, chain.powerReduction), operator });
}

/** Writes a validator whose tokens, status or jail changed, and moves its place by power. */
export function replaceValidator(staking: Writes, ctx: Ctx, before: Validator, after: Validator): Validator {
  unplaceByPower(staking, ctx, before);
  saveValidator(staking, ctx, after);
  placeByPower(staking, ctx, after);
  return after;
}

/**
 * Adds stake to a validator.
 * @returns the shares that it gave for it, units of 10^-18, rounded down
 * @throws staking/34 when its shares are worth nothing
 */
export function addStake(staking: Writes, ctx: Ctx, validator: Validator, amount: bigint): bigint {
  const addedE18 = sharesOfTokens(validator, amount);
  if (addedE18 === undefined) throw staking.err.worthlessShares();
  const sharesE18 = validator.sharesE18 + addedE18;
  replaceValidator(staking, ctx, validator, { ...validator, tokens: validator.tokens + amount, sharesE18 });
  return addedE18;
}

/** Takes shares off a validator, with the tokens that they are worth, rounded down; the last shares take all. */
export function removeShares(
  staking: Writes,
  ctx: Ctx,
  validator: Validator,
  partE18: bigint,
): { readonly validator: Validator; readonly amount: bigint } {
  const amount = tokensLeaving(validator, partE18);
  const tokens = validator.tokens - amount;
  if (tokens < 0n) throw sdkError.logic(`at most ${validator.tokens} tokens of ${validator.operator} expected, got ${amount}`);
  const after = { ...validator, tokens, sharesE18: validator.sharesE18 - partE18 };
  return { validator: replaceValidator(staking, ctx, validator, after), amount };
}

/**
 * Forgets a validator that is out of the set and holds nothing.
 * @param isStrict whether subscribers may fail it
 * @throws staking/8
 */
export function removeValidator(staking: Writes, ctx: Ctx, operator: string, isStrict: boolean): void {
  const { state, err, emit } = staking;
  const validator = state.validators.find(ctx, operator);
  if (validator === undefined) return;
  if (validator.status !== STATUS.unbonded) throw err.badRemoval("cannot call RemoveValidator on bonded or unbonding validators");
  if (validator.tokens > 0n) throw err.badRemoval("attempting to remove a validator which still contains tokens");
  const cons = consAddress(validator);
  state.validators.delete(ctx, operator);
  state.byConsAddress.delete(ctx, cons);
  unplaceByPower(staking, ctx, validator);
  emit.afterValidatorRemoved(ctx, cons, operator, isStrict);
}
