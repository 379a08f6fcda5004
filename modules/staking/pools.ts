import { type Ctx, E18, moduleAddress, type ReadCtx } from "#sdk";
import type { Staking } from "./staking.ts";
import { STATUS, type Status } from "./validator.ts";

/** Name of the account that holds the stake of validators in the set. */
export const BONDED_POOL = "bonded_tokens_pool";
/** Name of the account that holds the stake of all others, and what is being withdrawn. */
export const NOT_BONDED_POOL = "not_bonded_tokens_pool";
/** Name of the account that fees for new consensus keys are burned from; it holds nothing between messages. */
export const ROTATION_FEE_POOL = "key_rotation_fee_pool";
const PERMISSIONS = ["burner", "staking"] as const;

type Pools = Pick<Staking, "needs" | "params" | "address">;

const BONDED = moduleAddress(BONDED_POOL);
const NOT_BONDED = moduleAddress(NOT_BONDED_POOL);

/** Makes the two accounts, as genesis does; what they hold already stays theirs. */
export function ensurePools({ needs }: Pools, ctx: Ctx): void {
  for (const name of [BONDED_POOL, NOT_BONDED_POOL]) needs.auth.ensureModuleAccount(ctx, name, PERMISSIONS);
}

/** The account that fees for new consensus keys are burned from, made where it is not there yet. @returns its address */
export function ensureRotationFeePool({ needs }: Pools, ctx: Ctx): string {
  return needs.auth.ensureModuleAccount(ctx, ROTATION_FEE_POOL, ["burner"]);
}

/** Address of the account that holds the stake of validators of a status. */
export function poolOf({ address }: Pick<Pools, "address">, status: Status): string {
  return address.format(status === STATUS.bonded ? BONDED : NOT_BONDED);
}

/** Atomic units of the staked denomination in a pool. */
export function poolBalance(staking: Pools, ctx: ReadCtx, status: Status): bigint {
  return staking.needs.bank.balance(ctx, poolOf(staking, status), staking.params.get(ctx).bondDenom);
}

/** Part of the whole supply that is staked on validators in the set, in 10^-18, rounded down; 0 without supply. */
export function bondedRatioE18(staking: Pools, ctx: ReadCtx): bigint {
  const supply = staking.needs.bank.supply(ctx, staking.params.get(ctx).bondDenom);
  return supply > 0n ? (poolBalance(staking, ctx, STATUS.bonded) * E18) / supply : 0n;
}

/** Moves stake to the pool of another status; nothing happens within one pool. @throws sdk/5 */
export function moveStake(staking: Pools, ctx: Ctx, from: Status, to: Status, amount: bigint): void {
  const [source, destination] = [poolOf(staking, from), poolOf(staking, to)];
  if (source === destination) return;
  const coins = amount === 0n ? [] : [{ denom: staking.params.get(ctx).bondDenom, amount }];
  staking.needs.bank.sendCoins(ctx, source, destination, coins);
}

/** Destroys stake. @param amount at least 0; 0 does nothing @throws sdk/5 */
export function burnStake(staking: Pools, ctx: Ctx, status: Status, amount: bigint): void {
  staking.needs.bank.burn(ctx, poolOf(staking, status), staking.params.get(ctx).bondDenom, amount);
}
