import { QueryDefinition as MintQueryDefinition } from "#proto/cosmos/mint/v1beta1/query";
import { GenesisState } from "#proto/hanzo/emissions/v1/genesis";
import { QueryDefinition } from "#proto/hanzo/emissions/v1/query";
import { MsgDefinition } from "#proto/hanzo/emissions/v1/tx";
import { Params } from "#proto/hanzo/emissions/v1/types";
import { type Ctx, defineModule, type ReadCtx } from "#sdk";
import { bank } from "../bank/index.ts";
import { emitReward, mintAuthorized } from "./emit.ts";
import { EMISSIONS_ERRORS } from "./errors.ts";
import { createGenesis } from "./genesis.ts";
import { type Inflation, inflationOf } from "./inflation.ts";
import { explainSums } from "./invariants.ts";
import { createMintQueries } from "./mintQueries.ts";
import { DEFAULT_PARAMS, validateParams } from "./params.ts";
import { createQueries } from "./queries.ts";
import { state } from "./state.ts";

/** x/emissions: what comes into being with each block, and whose it is. README.md is its specification. */
export const emissions = defineModule({
  name: "emissions",
  version: 1,
  needs: { bank: bank.facet("view", "mint") },
  params: { type: Params, default: DEFAULT_PARAMS, validate: validateParams },
  state,
  errors: EMISSIONS_ERRORS,
  api: (m) => ({
    view: { inflation: (ctx: ReadCtx): Inflation => inflationOf(m, ctx) },
    work: {
      /** Base units that may be minted for verified work. */
      availableForWork: (ctx: ReadCtx): bigint => BigInt(m.state.work.get(ctx).available),
      /** Mints for verified work. @throws emissions/3 */
      mintForWork: (ctx: Ctx, to: string, amount: bigint): void => mintAuthorized(m, ctx, "work", to, amount),
    },
    curation: {
      /** Base units that may be minted for curators. */
      availableForCuration: (ctx: ReadCtx): bigint => BigInt(m.state.curation.get(ctx).available),
      /** Mints for curators. @throws emissions/3 */
      mintForCuration: (ctx: Ctx, to: string, amount: bigint): void => mintAuthorized(m, ctx, "curation", to, amount),
    },
  }),
  msgs: [MsgDefinition, () => ({})],
  queries: [QueryDefinition, createQueries],
  legacy: { queries: [MintQueryDefinition, createMintQueries] },
  beginBlock: (m) => (ctx) => emitReward(m, ctx),
  invariants: ({ state: { totals, work, curation } }) => ({
    emittedIsAccountedFor: (ctx) => explainSums(totals.get(ctx), work.get(ctx), curation.get(ctx)),
  }),
  genesis: [GenesisState, createGenesis],
});
