import { GenesisState } from "#proto/cosmos/feegrant/v1beta1/genesis";
import { QueryDefinition } from "#proto/cosmos/feegrant/v1beta1/query";
import { MsgDefinition } from "#proto/cosmos/feegrant/v1beta1/tx";
import { type Coin, type Ctx, defineModule } from "#sdk";
import { auth } from "../auth/index.ts";
import { bank } from "../bank/index.ts";
import { feegrantChecks, feegrantForesight } from "./check.ts";
import { FEEGRANT_ERRORS } from "./errors.ts";
import { createGenesis } from "./genesis.ts";
import { allowancesAreValid, queueMatchesGrants } from "./invariants.ts";
import { grantAllowance, pruneAllowances, revokeAllowance } from "./msgs.ts";
import { pruneAtEnd } from "./prune.ts";
import { createQueries } from "./queries.ts";
import { state } from "./state.ts";
import { useGrantedFees } from "./use.ts";

/** x/feegrant: accounts that pay the fees of others. README.md is its specification. */
export const feegrant = defineModule({
  name: "feegrant",
  version: 2,
  needs: { auth: auth.facet("view", "accounts"), bank: bank.facet("view") },
  state,
  errors: FEEGRANT_ERRORS,
  check: feegrantChecks,
  foresee: feegrantForesight,
  api: (m) => ({
    fees: {
      useGrantedFees: (ctx: Ctx, granter: string, payer: string, fee: readonly Coin[], messageTypes: readonly string[]): void =>
        useGrantedFees(m, ctx, granter, payer, fee, messageTypes),
    },
  }),
  msgs: [
    MsgDefinition,
    (m) => ({
      grantAllowance: (ctx, msg) => grantAllowance(m, ctx, msg),
      revokeAllowance: (ctx, msg) => revokeAllowance(m, ctx, msg),
      pruneAllowances: (ctx, msg) => pruneAllowances(m, ctx, msg),
    }),
  ],
  queries: [QueryDefinition, createQueries],
  endBlock: (m) => (ctx) => pruneAtEnd(m, ctx),
  genesis: [GenesisState, createGenesis],
  invariants: (m) => ({
    queueMatchesGrants: (ctx) => queueMatchesGrants(m, ctx),
    allowancesAreValid: (ctx) => allowancesAreValid(m, ctx),
  }),
});
