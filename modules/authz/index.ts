import { GenesisState } from "#proto/cosmos/authz/v1beta1/genesis";
import { QueryDefinition } from "#proto/cosmos/authz/v1beta1/query";
import { MsgDefinition } from "#proto/cosmos/authz/v1beta1/tx";
import { defineModule, type MessageService, port } from "#sdk";
import { auth } from "../auth/index.ts";
import { bank } from "../bank/index.ts";
import { authzChecks } from "./check.ts";
import { AUTHZ_ERRORS } from "./errors.ts";
import { exec } from "./exec.ts";
import { createGenesis } from "./genesis.ts";
import { grantsStandUnderTheirType, queueMatchesGrants } from "./invariants.ts";
import { grant, revoke } from "./msgs.ts";
import { pruneGrants } from "./prune.ts";
import { createQueries } from "./queries.ts";
import { state } from "./state.ts";

/** x/authz: accounts that let others act in their name. README.md is its specification. */
export const authz = defineModule({
  name: "authz",
  version: 2,
  needs: { auth: auth.facet("view", "accounts"), bank: bank.facet("view") },
  ports: { messages: port<MessageService>() },
  state,
  errors: AUTHZ_ERRORS,
  check: authzChecks,
  msgs: [
    MsgDefinition,
    (m) => ({
      grant: (ctx, msg) => grant(m, ctx, msg),
      exec: (ctx, msg) => exec(m, ctx, msg),
      revoke: (ctx, msg) => revoke(m, ctx, msg),
    }),
  ],
  queries: [QueryDefinition, createQueries],
  beginBlock: (m) => (ctx) => pruneGrants(m, ctx),
  genesis: [GenesisState, createGenesis],
  invariants: (m) => ({
    queueMatchesGrants: (ctx) => queueMatchesGrants(m, ctx),
    grantsStandUnderTheirType: (ctx) => grantsStandUnderTheirType(m, ctx),
  }),
});
