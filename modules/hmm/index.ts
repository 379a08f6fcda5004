import { GenesisState } from "#proto/hanzo/hmm/v1/genesis";
import { QueryDefinition } from "#proto/hanzo/hmm/v1/query";
import { MsgDefinition } from "#proto/hanzo/hmm/v1/tx";
import { Params } from "#proto/hanzo/hmm/v1/types";
import { defineModule } from "#sdk";
import { bank } from "../bank/index.ts";
import { addLiquidity } from "./addLiquidity.ts";
import { buyExactOut } from "./buyExactOut.ts";
import { marketChecks } from "./check.ts";
import { collectFees } from "./collectFees.ts";
import { HMM_ERRORS } from "./errors.ts";
import { marketGenesis } from "./genesis.ts";
import { accountCoversLedger, displacedIsExact, positionsMatchPools, vaultIdentity } from "./invariants.ts";
import { marketState } from "./market.ts";
import { mintCredit } from "./mintCredit.ts";
import { moveReferences } from "./moveReferences.ts";
import { DEFAULT_PARAMS, validateParams } from "./params.ts";
import {
  queryPool,
  queryPools,
  queryPosition,
  queryPositions,
  queryQuoteBuy,
  queryQuoteBuyExactOut,
  queryQuoteSell,
  queryVault,
} from "./queries.ts";
import { redeemCredit } from "./redeemCredit.ts";
import { removeLiquidity } from "./removeLiquidity.ts";
import { sell } from "./sell.ts";
import { swap } from "./swap.ts";

export { defaultHmmGenesis, type HmmGenesisOptions, type HmmGenesisPlan, LOCAL_CLASSES, type ResourceClass } from "./localGenesis.ts";

/** The compute market: one Hamiltonian pool per resource class, and the vault behind the compute credit. README.md is its specification. */
export const hmm = defineModule({
  name: "hmm",
  version: 1,
  needs: { bank: bank.facet("view", "transfer", "mint", "burn") },
  params: { type: Params, default: DEFAULT_PARAMS, validate: validateParams },
  state: marketState,
  errors: HMM_ERRORS,
  check: marketChecks,
  msgs: [
    MsgDefinition,
    (m) => ({
      mintCredit: (ctx, req) => mintCredit(m, ctx, req),
      redeemCredit: (ctx, req) => redeemCredit(m, ctx, req),
      swap: (ctx, req) => swap(m, ctx, req),
      buyExactOut: (ctx, req) => buyExactOut(m, ctx, req),
      sell: (ctx, req) => sell(m, ctx, req),
      addLiquidity: (ctx, req) => addLiquidity(m, ctx, req),
      removeLiquidity: (ctx, req) => removeLiquidity(m, ctx, req),
      collectFees: (ctx, req) => collectFees(m, ctx, req),
    }),
  ],
  queries: [
    QueryDefinition,
    (m) => ({
      pool: (ctx, req) => queryPool(m, ctx, req),
      pools: (ctx, req) => queryPools(m, ctx, req),
      quoteBuy: (ctx, req) => queryQuoteBuy(m, ctx, req),
      quoteBuyExactOut: (ctx, req) => queryQuoteBuyExactOut(m, ctx, req),
      quoteSell: (ctx, req) => queryQuoteSell(m, ctx, req),
      position: (ctx, req) => queryPosition(m, ctx, req),
      positions: (ctx, req) => queryPositions(m, ctx, req),
      vault: (ctx) => queryVault(m, ctx),
    }),
  ],
  endBlock: (m) => (ctx) => moveReferences(m, ctx),
  invariants: (m) => ({
    vaultIdentity: (ctx) => vaultIdentity(m, ctx),
    accountCoversLedger: (ctx) => accountCoversLedger(m, ctx),
    positionsMatchPools: (ctx) => positionsMatchPools(m, ctx),
    displacedIsExact: (ctx) => displacedIsExact(m, ctx),
  }),
  genesis: [GenesisState, (m) => marketGenesis(m)],
});
