import { GenesisState } from "#proto/hanzo/hmm/v1/genesis";
import { QueryDefinition } from "#proto/hanzo/hmm/v1/query";
import { MsgDefinition } from "#proto/hanzo/hmm/v1/tx";
import { Params } from "#proto/hanzo/hmm/v1/types";
import { defineModule, hook, type ReadCtx } from "#sdk";
import { bank } from "../bank/index.ts";
import { capacityFacet } from "./capacity/facet.ts";
import { marketChecks } from "./check.ts";
import { HMM_ERRORS } from "./errors.ts";
import { marketGenesis } from "./genesis.ts";
import { beginBlock, endBlock } from "./hooks.ts";
import { MARKET_INVARIANTS } from "./invariants.ts";
import { marketState } from "./market.ts";
import { marketMsgs } from "./msgs.ts";
import { DEFAULT_PARAMS, validateParams } from "./params.ts";
import { marketQueries } from "./queries.ts";
import { type RouteView, viewRoutes } from "./route/routeBundle.ts";

export { defaultHmmGenesis, type HmmGenesisOptions, type HmmGenesisPlan, LOCAL_CLASSES, type ResourceClass } from "./localGenesis.ts";

/** The compute market: Hamiltonian pools of resource classes, and the vault behind the compute credit. README.md is its specification. */
export const hmm = defineModule({
  name: "hmm",
  version: 1,
  needs: { bank: bank.facet("view", "transfer", "mint", "burn") },
  hooks: {
    /** A worker did not deliver, and its bond did not suffice: worker, pool, resource base units that liquidity providers or holders lost. */
    capacityDefaulted: hook<readonly [worker: string, poolId: string, lost: bigint]>(),
  },
  params: { type: Params, default: DEFAULT_PARAMS, validate: validateParams },
  state: marketState,
  errors: HMM_ERRORS,
  check: marketChecks,
  api: (m) => ({
    capacity: capacityFacet(m),
    routes: { view: (ctx: ReadCtx): RouteView => viewRoutes(m, ctx) },
  }),
  msgs: [MsgDefinition, marketMsgs],
  queries: [QueryDefinition, marketQueries],
  beginBlock: (m) => (ctx) => beginBlock(m, ctx),
  endBlock: (m) => (ctx) => endBlock(m, ctx),
  invariants: (m) => Object.fromEntries(Object.entries(MARKET_INVARIANTS).map(([name, evaluate]) => [name, (ctx) => evaluate(m, ctx)])),
  genesis: [GenesisState, (m) => marketGenesis(m)],
});
