import type { QueryDefinition } from "#proto/cosmos/distribution/v1beta1/query";
import {
  AddressError,
  type AddressForm,
  addDecCoins,
  type DecCoins,
  encodeDecCoins,
  explainAddress,
  invalidArgument,
  paginateMatching,
  type QueryHandlers,
  type ReadCtx,
} from "#sdk";
import type { ValidatorInfo } from "../staking/index.ts";
import { commissionOf, outstandingOf } from "./books.ts";
import { rewardsOf } from "./delegations.ts";
import type { Distribution } from "./distribution.ts";
import { writeSlash } from "./records.ts";
import { getShares, getValidator } from "./validators.ts";
import { withdrawAddressOf } from "./withdraw.ts";

type Queries = QueryHandlers<typeof QueryDefinition>;
type ValidatorQueries = Pick<
  Queries,
  "validatorDistributionInfo" | "validatorOutstandingRewards" | "validatorCommission" | "validatorSlashes" | "communityPool"
>;

/** Handlers of `cosmos.distribution.v1beta1.Query`; `Params` follows from the declaration. */
export function createQueries(distribution: Distribution): Queries {
  return { ...validatorQueries(distribution), ...delegatorQueries(distribution) };
}

function validatorQueries(distribution: Distribution): ValidatorQueries {
  const { state, address } = distribution;
  const requireValidator = (ctx: ReadCtx, text: string): ValidatorInfo =>
    getValidator(distribution, ctx, requireAddress(address.operator, text, "validator"));
  return {
    validatorDistributionInfo(ctx, { validatorAddress }) {
      const validator = requireValidator(ctx, validatorAddress);
      const owner = address.format(address.operator.parse(validator.operator));
      const own = rewardsOf(distribution, ctx, validator, owner, getShares(distribution, ctx, owner, validator.operator));
      return {
        operatorAddress: owner,
        selfBondRewards: encodeDecCoins(own),
        commission: encodeDecCoins(commissionOf(distribution, ctx, validator.operator)),
      };
    },
    validatorOutstandingRewards(ctx, { validatorAddress }) {
      const { operator } = requireValidator(ctx, validatorAddress);
      return { rewards: { rewards: encodeDecCoins(outstandingOf(distribution, ctx, operator)) } };
    },
    validatorCommission(ctx, { validatorAddress }) {
      const { operator } = requireValidator(ctx, validatorAddress);
      return { commission: { commission: encodeDecCoins(commissionOf(distribution, ctx, operator)) } };
    },
    validatorSlashes(ctx, { validatorAddress, startingHeight, endingHeight, pagination: page }) {
      if (validatorAddress === "") throw invalidArgument("empty validator address");
      if (endingHeight < startingHeight)
        throw invalidArgument(`starting height greater than ending height (${startingHeight} > ${endingHeight})`);
      if (explainAddress(address.operator, validatorAddress) !== undefined) throw invalidArgument("invalid validator address");
      const first = address.operator.canonical(validatorAddress);
      // The SDK compares periods, whatever it calls them.
      const filter = (_key: unknown, { period }: { readonly period: bigint }): boolean =>
        period >= startingHeight && period <= endingHeight;
      const { items, pagination } = paginateMatching(ctx, state.slashes, page, { first, filter });
      return { slashes: items.map(([, slash]) => writeSlash(slash)), pagination };
    },
    communityPool: (ctx) => ({ pool: encodeDecCoins(state.pool.get(ctx)) }),
  };
}

function delegatorQueries(distribution: Distribution): Omit<Queries, keyof ValidatorQueries> {
  const { needs, address } = distribution;
  const requireDelegator = (text: string): string => requireAddress(address, text, "delegator");
  return {
    delegationRewards(ctx, { delegatorAddress, validatorAddress }) {
      if (delegatorAddress === "") throw invalidArgument("empty delegator address");
      const validator = getValidator(distribution, ctx, requireAddress(address.operator, validatorAddress, "validator"));
      const delegator = requireDelegator(delegatorAddress);
      const shares = getShares(distribution, ctx, delegator, validator.operator);
      return { rewards: encodeDecCoins(rewardsOf(distribution, ctx, validator, delegator, shares)) };
    },
    delegationTotalRewards(ctx, { delegatorAddress }) {
      const delegator = requireDelegator(delegatorAddress);
      let total: DecCoins = [];
      const rewards = [];
      for (const { operator, sharesE18 } of needs.staking.delegationsOf(ctx, delegator)) {
        const reward = rewardsOf(distribution, ctx, getValidator(distribution, ctx, operator), delegator, sharesE18);
        rewards.push({ validatorAddress: operator, reward: encodeDecCoins(reward) });
        total = addDecCoins(total, reward);
      }
      return { rewards, total: encodeDecCoins(total) };
    },
    delegatorValidators(ctx, { delegatorAddress }) {
      const delegations = needs.staking.delegationsOf(ctx, requireDelegator(delegatorAddress));
      return { validators: [...delegations].map(({ operator }) => operator) };
    },
    delegatorWithdrawAddress: (ctx, { delegatorAddress }) => ({
      withdrawAddress: withdrawAddressOf(distribution, ctx, requireDelegator(delegatorAddress)),
    }),
  };
}

/** The one text of an address. @throws QueryError InvalidArgument */
function requireAddress(form: AddressForm, text: string, role: string): string {
  if (text === "") throw invalidArgument(`empty ${role} address`);
  try {
    return form.canonical(text);
  } catch (cause) {
    if (cause instanceof AddressError) throw invalidArgument(cause.message);
    throw cause;
  }
}
