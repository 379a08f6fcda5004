import type { GenesisState } from "#proto/hanzo/emissions/v1/genesis";
import type { Authorization, Params } from "#proto/hanzo/emissions/v1/types";
import { type Ctx, findAmount, type GenesisHandlers } from "#sdk";
import { explainSums } from "./invariants.ts";
import { DEFAULT_PARAMS, validateParams } from "./params.ts";
import type { Emissions } from "./state.ts";

const NO_AUTHORIZATION: Authorization = { available: "0", authorized: "0", minted: "0", expired: "0" };
const NO_TOTALS = { emitted: "0", validators: "0", treasury: "0" };

/** Genesis of x/emissions: parameters and running sums. */
export function createGenesis(emissions: Emissions): GenesisHandlers<GenesisState> {
  const { state, params } = emissions;
  return {
    default: () => ({ params: DEFAULT_PARAMS, totals: NO_TOTALS, work: NO_AUTHORIZATION, curation: NO_AUTHORIZATION }),
    validate: (genesis) => validateGenesis(emissions, genesis),
    init(ctx, genesis) {
      validateGenesis(emissions, genesis);
      params.set(ctx, genesis.params ?? DEFAULT_PARAMS);
      const { totals, work, curation } = sumsOf(genesis);
      state.totals.set(ctx, totals);
      state.work.set(ctx, work);
      state.curation.set(ctx, curation);
    },
    export: (ctx) => ({
      params: params.get(ctx),
      totals: state.totals.get(ctx),
      work: state.work.get(ctx),
      curation: state.curation.get(ctx),
    }),
    prepareZeroHeight: (ctx) => restartSchedule(emissions, ctx),
  };
}

function sumsOf({ totals = NO_TOTALS, work = NO_AUTHORIZATION, curation = NO_AUTHORIZATION }: GenesisState) {
  return { totals, work, curation };
}

/** @throws emissions/2, emissions/4 naming the field */
function validateGenesis({ err }: Emissions, genesis: GenesisState): void {
  if (genesis.params !== undefined) validateParams(genesis.params);
  const sums = sumsOf(genesis);
  for (const [name, record] of Object.entries(sums))
    for (const [field, text] of Object.entries(record))
      if (findAmount(text) === undefined)
        throw err.invalidGenesis(`emissions.${name}.${field}: base units expected, got ${JSON.stringify(text)}`);
  const reason = explainSums(sums.totals, sums.work, sums.curation);
  if (reason !== undefined) throw err.invalidGenesis(reason);
}

/** Counts the schedule from the context's height: the next chain's first block has the reward that this chain's next block would have had. */
function restartSchedule({ params }: Emissions, ctx: Ctx): void {
  const current = params.get(ctx);
  const moved: Params["schedule"] = [];
  for (const { startHeight, reward } of current.schedule) {
    if (startHeight <= ctx.height + 1n) moved.splice(0, 1, { startHeight: 1n, reward });
    else moved.push({ startHeight: startHeight - ctx.height, reward });
  }
  params.set(ctx, { ...current, schedule: moved });
}
