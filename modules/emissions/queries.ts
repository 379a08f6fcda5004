import type { QueryDefinition } from "#proto/hanzo/emissions/v1/query";
import type { QueryHandlers } from "#sdk";
import { encodeSplit } from "./emit.ts";
import { fractionE18, inflationOf } from "./inflation.ts";
import { splitReward, stepAt } from "./math.ts";
import { scheduleOf, sharesOf } from "./params.ts";
import type { Emissions } from "./state.ts";

/** Handlers of `hanzo.emissions.v1.Query`; `Params` follows from the declaration. */
export function createQueries(emissions: Emissions): QueryHandlers<typeof QueryDefinition> {
  const { state, params } = emissions;
  return {
    reward(ctx, { height: asked }) {
      const height = asked === 0n ? ctx.height + 1n : asked;
      const current = params.get(ctx);
      const { reward, next } = stepAt(scheduleOf(current), height);
      const split = encodeSplit(splitReward(reward, sharesOf(current)));
      return next === undefined
        ? { height, split }
        : { height, split, next: { startHeight: next.startHeight, reward: next.reward.toString() } };
    },
    authorizations: (ctx) => ({ work: state.work.get(ctx), curation: state.curation.get(ctx) }),
    totals: (ctx) => ({ totals: state.totals.get(ctx) }),
    inflation(ctx) {
      const { supply, annualReward, annualValidators } = inflationOf(emissions, ctx);
      return {
        supply: supply.toString(),
        annualReward: annualReward.toString(),
        annualValidators: annualValidators.toString(),
        inflation: fractionE18(annualReward, supply).toString(),
        validatorsInflation: fractionE18(annualValidators, supply).toString(),
      };
    },
  };
}
