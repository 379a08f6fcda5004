import type { QueryDefinition } from "#proto/cosmos/mint/v1beta1/query";
import { E18, encodeUtf8, type QueryHandlers } from "#sdk";
import { fractionE18, inflationOf } from "./inflation.ts";
import type { Emissions } from "./state.ts";

/**
 * Handlers of `cosmos.mint.v1beta1.Query`, which wallets ask for what delegators earn. The numbers are of the share of validators and delegators
 * alone, because wallets multiply them with the supply and divide by what is bonded.
 */
export function createMintQueries(emissions: Emissions): Required<QueryHandlers<typeof QueryDefinition>> {
  const { chain } = emissions;
  return {
    params(ctx) {
      const { supply, annualValidators, blocksPerYear } = inflationOf(emissions, ctx);
      const inflation = fractionE18(annualValidators, supply).toString();
      return {
        params: {
          mintDenom: chain.baseDenom,
          // The schedule alone decides: no bonded ratio moves it.
          inflationRateChange: "0",
          inflationMax: inflation,
          inflationMin: inflation,
          goalBonded: E18.toString(),
          blocksPerYear,
        },
      };
    },
    inflation(ctx) {
      const { supply, annualValidators } = inflationOf(emissions, ctx);
      return { inflation: encodeUtf8(fractionE18(annualValidators, supply).toString()) };
    },
    annualProvisions: (ctx) => ({ annualProvisions: encodeUtf8((inflationOf(emissions, ctx).annualValidators * E18).toString()) }),
  };
}
