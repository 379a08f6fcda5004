import type { QueryDefinition } from "#proto/cosmos/staking/v1beta1/query";
import { invalidArgument, notFound, paginateMatching, type QueryHandlers } from "#sdk";
import { delegationQueries } from "./delegationQueries.ts";
import { historicalInfo } from "./pastBlock.ts";
import { poolBalance } from "./pools.ts";
import { parseOperator } from "./queryAddress.ts";
import type { Staking } from "./staking.ts";
import { unbondingQueries } from "./unbondingQueries.ts";
import { encodeValidator, STATUS } from "./validator.ts";

const NO_SET = new Uint8Array(0);

type Queries = QueryHandlers<typeof QueryDefinition>;

/** Names of statuses that a list can be of. */
const STATUSES: Readonly<Record<string, number>> = {
  BOND_STATUS_UNBONDED: STATUS.unbonded,
  BOND_STATUS_UNBONDING: STATUS.unbonding,
  BOND_STATUS_BONDED: STATUS.bonded,
};

/** Handlers of `cosmos.staking.v1beta1.Query`; `Params` follows from the declaration. */
export function createQueries(staking: Staking): Queries {
  return { ...validatorQueries(staking), ...delegationQueries(staking), ...unbondingQueries(staking) };
}

function validatorQueries(staking: Staking): Pick<Queries, "validators" | "validator" | "historicalInfo" | "pool"> {
  const { state } = staking;
  return {
    validators(ctx, { status, pagination: page }) {
      const wanted = STATUSES[status];
      if (status !== "" && wanted === undefined) throw invalidArgument(`invalid validator status ${status}`);
      const filter = wanted === undefined ? {} : { filter: (_: string, validator: { status: number }) => validator.status === wanted };
      const { items, pagination } = paginateMatching(ctx, state.validators, page, filter);
      return { validators: items.map(([, validator]) => encodeValidator(validator)), pagination };
    },
    validator(ctx, { validatorAddr }) {
      const validator = state.validators.find(ctx, parseOperator(staking, validatorAddr));
      if (validator === undefined) throw notFound(`validator ${validatorAddr} not found`);
      return { validator: encodeValidator(validator) };
    },
    historicalInfo(ctx, { height }) {
      if (height < 0n) throw invalidArgument("height cannot be negative");
      const hist = state.history.find(ctx, height);
      if (hist === undefined) throw notFound(`historical info for height ${height} not found`);
      return { hist: historicalInfo(hist, state.pastSets.find(ctx, hist.setHeight) ?? NO_SET) };
    },
    pool: (ctx) => ({
      pool: {
        notBondedTokens: poolBalance(staking, ctx, STATUS.unbonded).toString(),
        bondedTokens: poolBalance(staking, ctx, STATUS.bonded).toString(),
      },
    }),
  };
}
