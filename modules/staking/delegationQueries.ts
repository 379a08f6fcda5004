import type { QueryDefinition } from "#proto/cosmos/staking/v1beta1/query";
import type { Delegation, DelegationResponse } from "#proto/cosmos/staking/v1beta1/staking";
import { E18, encodeCoin, notFound, paginate, type QueryHandlers, type ReadCtx } from "#sdk";
import { parseDelegator, parseOperator, parsePair } from "./queryAddress.ts";
import { tokensOfShares } from "./shares.ts";
import type { Staking } from "./staking.ts";
import { encodeValidator } from "./validator.ts";
import { getValidator } from "./validators.ts";

type Queries = Pick<
  QueryHandlers<typeof QueryDefinition>,
  "validatorDelegations" | "delegation" | "delegatorDelegations" | "delegatorValidators" | "delegatorValidator"
>;

/** Who staked how much on whom. */
export function delegationQueries(staking: Staking): Queries {
  const { state } = staking;
  return {
    validatorDelegations(ctx, { validatorAddr, pagination: page }) {
      const { items, pagination } = paginate(ctx, state.delegationsByValidator, page, {
        first: parseOperator(staking, validatorAddr),
        countsBehindEnd: true,
      });
      const delegations = items.map(([[operator, delegator]]) => state.delegations.get(ctx, [delegator, operator]));
      return { delegationResponses: delegations.map((delegation) => respond(staking, ctx, delegation)), pagination };
    },
    delegation(ctx, { delegatorAddr, validatorAddr }) {
      const delegation = state.delegations.find(ctx, parsePair(staking, delegatorAddr, validatorAddr));
      if (delegation === undefined) throw notFound(`delegation with delegator ${delegatorAddr} not found for validator ${validatorAddr}`);
      return { delegationResponse: respond(staking, ctx, delegation) };
    },
    delegatorDelegations(ctx, { delegatorAddr, pagination: page }) {
      const { items, pagination } = paginate(ctx, state.delegations, page, {
        first: parseDelegator(staking, delegatorAddr),
        countsBehindEnd: true,
      });
      return { delegationResponses: items.map(([, delegation]) => respond(staking, ctx, delegation)), pagination };
    },
    delegatorValidators(ctx, { delegatorAddr, pagination: page }) {
      const { items, pagination } = paginate(ctx, state.delegations, page, {
        first: parseDelegator(staking, delegatorAddr),
        countsBehindEnd: true,
      });
      return { validators: items.map(([[, operator]]) => encodeValidator(getValidator(staking, ctx, operator))), pagination };
    },
    delegatorValidator(ctx, { delegatorAddr, validatorAddr }) {
      const [delegator, operator] = parsePair(staking, delegatorAddr, validatorAddr);
      if (!state.delegations.has(ctx, [delegator, operator])) throw notFound(staking.err.noDelegation().message);
      return { validator: encodeValidator(getValidator(staking, ctx, operator)) };
    },
  };
}

function respond(staking: Staking, ctx: ReadCtx, delegation: Delegation): DelegationResponse {
  const { validatorAddress, shares } = delegation;
  const amount = tokensOfShares(getValidator(staking, ctx, validatorAddress), BigInt(shares)) / E18;
  return { delegation, balance: encodeCoin({ denom: staking.params.get(ctx).bondDenom, amount }) };
}
