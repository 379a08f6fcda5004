import { GenesisState } from "#proto/cosmos/gov/v1/genesis";
import { Params } from "#proto/cosmos/gov/v1/gov";
import { QueryDefinition } from "#proto/cosmos/gov/v1/query";
import { MsgDefinition } from "#proto/cosmos/gov/v1/tx";
import { QueryDefinition as LegacyQueryDefinition } from "#proto/cosmos/gov/v1beta1/query";
import { MsgDefinition as LegacyMsgDefinition } from "#proto/cosmos/gov/v1beta1/tx";
import { defineModule, type MessageService, port, requireCoins } from "#sdk";
import { auth } from "../auth/index.ts";
import { bank } from "../bank/index.ts";
import { distribution } from "../distribution/index.ts";
import { staking } from "../staking/index.ts";
import { cancelProposal } from "./cancel.ts";
import { requireHandledContent } from "./content.ts";
import { deposit } from "./deposit.ts";
import { endBlock } from "./endBlock.ts";
import { GOV_ERRORS } from "./errors.ts";
import { createGenesis } from "./genesis.ts";
import { accountHoldsDeposits, queuesMatchProposals, totalsMatchDeposits } from "./invariants.ts";
import { checkLegacySubmit, checkLegacyVote, checkLegacyVoteWeighted, legacyMessages } from "./legacy.ts";
import { createLegacyQueries } from "./legacyQueries.ts";
import { DEFAULT_PARAMS, defaultParams, validateParams } from "./params.ts";
import { createQueries } from "./queries.ts";
import { PARAMS_PREFIX, state } from "./state.ts";
import { checkSubmit, submitProposal } from "./submit.ts";
import { checkVote, checkVoteWeighted, vote, voteWeighted } from "./vote.ts";

/** x/gov: whoever has staked decides together what the chain itself does. README.md is its specification. */
export const gov = defineModule({
  name: "gov",
  version: 1,
  needs: {
    auth: auth.facet("accounts"),
    bank: bank.facet("view", "transfer", "burn"),
    staking: staking.facet("view"),
    distribution: distribution.facet("pool"),
  },
  ports: { messages: port<MessageService>() },
  params: { type: Params, default: DEFAULT_PARAMS, prefix: PARAMS_PREFIX, validate: validateParams },
  state,
  errors: GOV_ERRORS,
  check: {
    submitProposal: checkSubmit,
    vote: checkVote,
    voteWeighted: checkVoteWeighted,
    deposit: ({ amount }) => void requireCoins(amount),
  },
  msgs: [
    MsgDefinition,
    (m) => ({
      submitProposal: (ctx, msg) => submitProposal(m, ctx, msg),
      execLegacyContent(_ctx, { content, authority }) {
        if (authority !== m.account) throw m.err.invalidSigner(`expected ${m.account} got ${authority}`);
        requireHandledContent(m, content);
        return {};
      },
      vote: (ctx, msg) => vote(m, ctx, msg),
      voteWeighted: (ctx, msg) => voteWeighted(m, ctx, msg),
      deposit: (ctx, msg) => deposit(m, ctx, msg),
      cancelProposal: (ctx, msg) => cancelProposal(m, ctx, msg),
    }),
  ],
  queries: [QueryDefinition, createQueries],
  legacy: {
    msgs: [LegacyMsgDefinition, legacyMessages],
    queries: [LegacyQueryDefinition, createLegacyQueries],
    check: {
      submitProposal: checkLegacySubmit,
      vote: checkLegacyVote,
      voteWeighted: checkLegacyVoteWeighted,
      deposit: ({ amount }) => void requireCoins(amount),
    },
  },
  endBlock: (m) => (ctx) => endBlock(m, ctx),
  genesis: [GenesisState, createGenesis],
  // A chain that had no governance before gets its parameters with it.
  migrate: { 1: ({ params, chain }, ctx) => params.set(ctx, defaultParams(chain)) },
  invariants: (m) => ({
    accountHoldsDeposits: (ctx) => accountHoldsDeposits(m, ctx),
    totalsMatchDeposits: (ctx) => totalsMatchDeposits(m, ctx),
    queuesMatchProposals: (ctx) => queuesMatchProposals(m, ctx),
  }),
});
