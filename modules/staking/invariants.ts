import type { ReadCtx } from "#sdk";
import { poolBalance } from "./pools.ts";
import { powerOf } from "./shares.ts";
import type { Staking } from "./staking.ts";
import { STATUS } from "./validator.ts";
import { consAddress, findByConsAddress } from "./validators.ts";

/** The pools hold what validators and withdrawals add up to. */
export function poolsHoldTheStake(staking: Staking, ctx: ReadCtx): string | undefined {
  let bonded = 0n;
  let notBonded = 0n;
  for (const [, { status, tokens }] of staking.state.validators.entries(ctx)) {
    if (status === STATUS.bonded) bonded += tokens;
    else notBonded += tokens;
  }
  for (const [, { entries }] of staking.state.unbondings.entries(ctx)) for (const { balance } of entries) notBonded += BigInt(balance);
  const held = { bonded: poolBalance(staking, ctx, STATUS.bonded), notBonded: poolBalance(staking, ctx, STATUS.unbonded) };
  if (held.bonded !== bonded) return `${bonded} in the bonded pool expected, got ${held.bonded}`;
  // Anybody may have sent something to the other pool before it was a module's.
  return held.notBonded === notBonded ? undefined : `${notBonded} in the pool of those not bonded expected, got ${held.notBonded}`;
}

/** Every delegation holds something of a validator, and all of them together hold all of its shares. */
export function delegationsAddUpToShares({ state }: Staking, ctx: ReadCtx): string | undefined {
  const sums = new Map<string, bigint>();
  for (const [[delegator, operator], { shares }] of state.delegations.entries(ctx)) {
    const sharesE18 = BigInt(shares);
    if (sharesE18 <= 0n) return `positive shares of ${operator} expected, ${delegator} has ${sharesE18}`;
    if (!state.delegationsByValidator.has(ctx, [operator, delegator])) return `a row of ${delegator} under ${operator} expected`;
    sums.set(operator, (sums.get(operator) ?? 0n) + sharesE18);
  }
  for (const [operator, { sharesE18, tokens }] of state.validators.entries(ctx)) {
    const sum = sums.get(operator) ?? 0n;
    if (sum !== sharesE18) return `${sharesE18} shares of ${operator} with its delegators expected, got ${sum}`;
    if (tokens < 0n) return `tokens of ${operator} of at least 0 expected, got ${tokens}`;
    sums.delete(operator);
  }
  for (const operator of sums.keys()) return `a validator ${operator} expected, somebody holds shares of it`;
  return undefined;
}

/** Every validator that is not jailed stands by its power, nobody else does, and each is found by its key. */
export function validatorsAreIndexed(staking: Staking, ctx: ReadCtx): string | undefined {
  const { state, chain } = staking;
  let free = 0;
  for (const [operator, validator] of state.validators.entries(ctx)) {
    const power = powerOf(validator.tokens, chain.powerReduction);
    if (!validator.jailed) free++;
    if (state.byPower.has(ctx, { power, operator }) === validator.jailed) return `${operator} among the powers unless jailed expected`;
    if (findByConsAddress(staking, ctx, consAddress(validator))?.operator !== operator)
      return `${operator} under its consensus address expected`;
  }
  const placed = [...state.byPower.entries(ctx)].length;
  return placed === free ? undefined : `${free} validators among the powers expected, got ${placed}`;
}

/** The set that CometBFT knows is that of the validators in the set. */
export function setIsBonded({ state }: Staking, ctx: ReadCtx): string | undefined {
  let total = 0n;
  for (const [operator, power] of state.lastPowers.entries(ctx)) {
    if (state.validators.find(ctx, operator)?.status !== STATUS.bonded) return `${operator} with power ${power} bonded expected`;
    total += power;
  }
  const noted = BigInt(state.lastTotalPower.find(ctx)?.int ?? 0);
  return noted === total ? undefined : `total power ${total} expected, got ${noted}`;
}

/** No withdrawal or move is empty or negative, and each has its rows under its validators. */
export function unbondingsAreIndexed({ state }: Staking, ctx: ReadCtx): string | undefined {
  for (const [[delegator, operator], { entries }] of state.unbondings.entries(ctx)) {
    if (entries.length === 0 || entries.some(({ balance }) => BigInt(balance) < 0n))
      return `withdrawals of ${delegator} from ${operator} expected`;
    if (!state.unbondingsByValidator.has(ctx, [operator, delegator])) return `a row of ${delegator} under ${operator} expected`;
  }
  for (const [[delegator, [source, destination]], { entries }] of state.redelegations.entries(ctx)) {
    if (entries.length === 0) return `moves of ${delegator} from ${source} expected`;
    const rows =
      state.redelegationsBySource.has(ctx, [source, [delegator, destination]]) &&
      state.redelegationsByDestination.has(ctx, [[destination, delegator], source]);
    if (!rows) return `rows of ${delegator} under ${source} and ${destination} expected`;
  }
  return undefined;
}
