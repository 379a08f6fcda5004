import { all, column, each, type Invariant, sums } from "#sdk";
import { poolBalance } from "./pools.ts";
import { powerOf } from "./shares.ts";
import type { Staking } from "./staking.ts";
import { STATUS } from "./validator.ts";
import { consAddress, findByConsAddress } from "./validators.ts";

const [BONDED, NOT_BONDED] = ["the bonded pool", "the pool of those not bonded"];

/** The pools hold what validators and withdrawals add up to. */
export function poolsHoldTheStake(staking: Staking): Invariant {
  const { validators, unbondings } = staking.state;
  return sums(
    [
      column(validators, (_operator, { status, tokens }) => [[status === STATUS.bonded ? BONDED : NOT_BONDED, tokens]]),
      column(unbondings, (_key, { entries }) => entries.map(({ balance }) => [NOT_BONDED, BigInt(balance)])),
    ],
    (ctx, pool, [staked = 0n, leaving = 0n]) => {
      const held = poolBalance(staking, ctx, pool === BONDED ? STATUS.bonded : STATUS.unbonded);
      return held === staked + leaving ? undefined : `${staked + leaving} in ${pool} expected, got ${held}`;
    },
    () => [BONDED, NOT_BONDED],
  );
}

/** Every delegation holds something of a validator, and all of them together hold all of its shares. */
export function delegationsAddUpToShares({ state }: Staking): Invariant {
  return all(
    each(state.delegations, (ctx, [delegator, operator], delegation) => {
      const hasRow = state.delegationsByValidator.has(ctx, [operator, delegator]);
      if (hasRow !== (delegation !== undefined)) return `a row of ${delegator} under ${operator} only while it delegates expected`;
      if (delegation === undefined || BigInt(delegation.shares) > 0n) return undefined;
      return `positive shares of ${operator} expected, ${delegator} has ${delegation.shares}`;
    }),
    each(state.validators, (_ctx, operator, validator) =>
      validator === undefined || validator.tokens >= 0n
        ? undefined
        : `tokens of ${operator} of at least 0 expected, got ${validator.tokens}`,
    ),
    sums(
      [
        column(state.delegations, ([, operator], { shares }) => [[operator, BigInt(shares)]]),
        column(state.validators, (operator, { sharesE18 }) => [[operator, sharesE18]]),
      ],
      (_ctx, operator, [sum, sharesE18]) =>
        sum === sharesE18 ? undefined : `${sharesE18} shares of ${operator} with its delegators expected, got ${sum}`,
    ),
  );
}

/** Every validator that is not jailed stands by its power, nobody else does, and each is found by its key. */
export function validatorsAreIndexed(staking: Staking): Invariant {
  const { state, chain } = staking;
  return all(
    each(state.validators, (ctx, operator, validator) => {
      if (validator === undefined) return undefined;
      const power = powerOf(validator.tokens, chain.powerReduction);
      if (state.byPower.has(ctx, { power, operator }) === validator.jailed) return `${operator} among the powers unless jailed expected`;
      const found = findByConsAddress(staking, ctx, consAddress(validator));
      return found?.operator === operator ? undefined : `${operator} under its consensus address expected`;
    }),
    each(state.byPower, (ctx, { power, operator }, placed) => {
      const validator = state.validators.find(ctx, operator);
      const belongs = validator !== undefined && !validator.jailed && powerOf(validator.tokens, chain.powerReduction) === power;
      return belongs === (placed !== undefined)
        ? undefined
        : `${operator} with power ${power} among the powers only while it has it expected`;
    }),
  );
}

/** The set that CometBFT knows is that of the validators in the set. */
export function setIsBonded({ state }: Staking): Invariant {
  return all(
    each(state.lastPowers, (ctx, operator, power) =>
      power === undefined || state.validators.find(ctx, operator)?.status === STATUS.bonded
        ? undefined
        : `${operator} with power ${power} bonded expected`,
    ),
    each(state.validators, (ctx, operator, validator) =>
      validator?.status === STATUS.bonded || !state.lastPowers.has(ctx, operator) ? undefined : `${operator} in the set bonded expected`,
    ),
    sums(
      [column(state.lastPowers, (_operator, power) => [["", power]])],
      (ctx, _set, [total]) => {
        const noted = BigInt(state.lastTotalPower.find(ctx)?.int ?? 0);
        return noted === total ? undefined : `total power ${total} expected, got ${noted}`;
      },
      () => [""],
    ),
  );
}

/** No withdrawal or move is empty or negative, and each has its rows under its validators. */
export function unbondingsAreIndexed({ state }: Staking): Invariant {
  return all(
    each(state.unbondings, (ctx, [delegator, operator], unbonding) => {
      if (unbonding === undefined) return undefined;
      const { entries } = unbonding;
      if (entries.length === 0 || entries.some(({ balance }) => BigInt(balance) < 0n))
        return `withdrawals of ${delegator} from ${operator} expected`;
      if (!state.unbondingsByValidator.has(ctx, [operator, delegator])) return `a row of ${delegator} under ${operator} expected`;
      return undefined;
    }),
    each(state.redelegations, (ctx, [delegator, [source, destination]], moves) => {
      if (moves === undefined) return undefined;
      if (moves.entries.length === 0) return `moves of ${delegator} from ${source} expected`;
      const rows =
        state.redelegationsBySource.has(ctx, [source, [delegator, destination]]) &&
        state.redelegationsByDestination.has(ctx, [[destination, delegator], source]);
      return rows ? undefined : `rows of ${delegator} under ${source} and ${destination} expected`;
    }),
  );
}

/** Remembered blocks have their validator sets, and no other set is stored. */
export function pastSetsAreUsed({ state }: Staking): Invariant {
  return sums(
    [
      column(state.history, (_height, { setHeight }) => (setHeight === 0n ? [] : [[setHeight.toString(), 1n]])),
      column(state.pastSets, (setHeight) => [[setHeight.toString(), 1n]]),
    ],
    (_ctx, setHeight, [blocks = 0n, stored = 0n]) =>
      stored === (blocks > 0n ? 1n : 0n) ? undefined : `a set of height ${setHeight} only for blocks that have it expected, ${blocks} do`,
  );
}
