import type { QueryDefinition, QueryRedelegationsRequest } from "#proto/cosmos/staking/v1beta1/query";
import type { Redelegation, RedelegationResponse } from "#proto/cosmos/staking/v1beta1/staking";
import { E18, notFound, type Page, paginate, type QueryHandlers, type ReadCtx } from "#sdk";
import { parseBare, parseDelegator, parseOperator, parsePair } from "./queryAddress.ts";
import { tokensOfShares } from "./shares.ts";
import type { Staking } from "./staking.ts";
import { getValidator } from "./validators.ts";

type Queries = Pick<
  QueryHandlers<typeof QueryDefinition>,
  "validatorUnbondingDelegations" | "unbondingDelegation" | "delegatorUnbondingDelegations" | "redelegations"
>;

/** What is being withdrawn, and what was moved. */
export function unbondingQueries(staking: Staking): Queries {
  const { state } = staking;
  return {
    validatorUnbondingDelegations(ctx, { validatorAddr, pagination: page }) {
      const { items, pagination } = paginate(ctx, state.unbondingsByValidator, page, {
        first: parseOperator(staking, validatorAddr),
        countsBehindEnd: true,
      });
      return { unbondingResponses: items.map(([[operator, delegator]]) => state.unbondings.get(ctx, [delegator, operator])), pagination };
    },
    unbondingDelegation(ctx, { delegatorAddr, validatorAddr }) {
      const unbond = state.unbondings.find(ctx, parsePair(staking, delegatorAddr, validatorAddr));
      if (unbond === undefined)
        throw notFound(`unbonding delegation with delegator ${delegatorAddr} not found for validator ${validatorAddr}`);
      return { unbond };
    },
    delegatorUnbondingDelegations(ctx, { delegatorAddr, pagination: page }) {
      const { items, pagination } = paginate(ctx, state.unbondings, page, {
        first: parseDelegator(staking, delegatorAddr),
        countsBehindEnd: true,
      });
      return { unbondingResponses: items.map(([, unbonding]) => unbonding), pagination };
    },
    redelegations(ctx, request) {
      const { redelegations, ...rest } = findRedelegations(staking, ctx, request);
      return { redelegationResponses: redelegations.map((redelegation) => respond(staking, ctx, redelegation)), ...rest };
    },
  };
}

interface Found {
  readonly redelegations: readonly Redelegation[];
  readonly pagination?: Page<unknown, unknown>["pagination"];
}

/** One of three: of a delegator between two validators, away from a validator, or of a delegator. */
function findRedelegations(staking: Staking, ctx: ReadCtx, request: QueryRedelegationsRequest): Found {
  const { state, address } = staking;
  const { delegatorAddr, srcValidatorAddr, dstValidatorAddr, pagination: page } = request;
  if (delegatorAddr !== "" && srcValidatorAddr !== "" && dstValidatorAddr !== "") {
    const delegator = parseBare(address, delegatorAddr);
    const between = [parseBare(address.operator, srcValidatorAddr), parseBare(address.operator, dstValidatorAddr)] as const;
    const redelegation = state.redelegations.find(ctx, [delegator, between]);
    if (redelegation === undefined)
      throw notFound(`redelegation not found for delegator address ${delegatorAddr} from validator address ${srcValidatorAddr}`);
    return { redelegations: [redelegation] };
  }
  if (delegatorAddr === "" && srcValidatorAddr !== "" && dstValidatorAddr === "") {
    const { items, pagination } = paginate(ctx, state.redelegationsBySource, page, {
      first: parseBare(address.operator, srcValidatorAddr),
      countsBehindEnd: true,
    });
    const redelegations = items.map(([[source, [delegator, destination]]]) =>
      state.redelegations.get(ctx, [delegator, [source, destination]]),
    );
    return { redelegations, pagination };
  }
  const { items, pagination } = paginate(ctx, state.redelegations, page, {
    first: parseBare(address, delegatorAddr),
    countsBehindEnd: true,
  });
  return { redelegations: items.map(([, redelegation]) => redelegation), pagination };
}

function respond(staking: Staking, ctx: ReadCtx, redelegation: Redelegation): RedelegationResponse {
  const destination = getValidator(staking, ctx, redelegation.validatorDstAddress);
  return {
    redelegation: { ...redelegation, entries: [] },
    entries: redelegation.entries.map((entry) => ({
      redelegationEntry: entry,
      balance: (tokensOfShares(destination, BigInt(entry.sharesDst)) / E18).toString(),
    })),
  };
}
