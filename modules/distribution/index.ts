import { Params } from "#proto/cosmos/distribution/v1beta1/distribution";
import { GenesisState } from "#proto/cosmos/distribution/v1beta1/genesis";
import { QueryDefinition } from "#proto/cosmos/distribution/v1beta1/query";
import { MsgDefinition } from "#proto/cosmos/distribution/v1beta1/tx";
import { type CoinAmount, type Ctx, type DecCoins, defineModule, type ReadCtx } from "#sdk";
import { auth } from "../auth/index.ts";
import { bank } from "../bank/index.ts";
import { staking } from "../staking/index.ts";
import { beginBlock } from "./allocate.ts";
import { commissionOf, outstandingOf } from "./books.ts";
import { distributionChecks, distributionForesight } from "./check.ts";
import { DISTRIBUTION_ERRORS } from "./errors.ts";
import { createGenesis } from "./genesis.ts";
import { stakingHooks } from "./hooks.ts";
import { balanceCoversBooks, everybodyCanWithdraw, referencesAreCounted } from "./invariants.ts";
import { createMsgs } from "./msgs.ts";
import { DEFAULT_PARAMS, validateParams } from "./params.ts";
import { fundCommunityPool, spendFromPool } from "./pool.ts";
import { createQueries } from "./queries.ts";
import { PARAMS_PREFIX, state } from "./state.ts";

/** x/distribution: fees and new coins for validators, their delegators and the community. README.md is its specification. */
export const distribution = defineModule({
  name: "distribution",
  version: 1,
  needs: {
    auth: auth.facet("accounts"),
    bank: bank.facet("view", "transfer"),
    staking: staking.facet("view"),
  },
  params: { type: Params, default: DEFAULT_PARAMS, prefix: PARAMS_PREFIX, validate: validateParams },
  state,
  errors: DISTRIBUTION_ERRORS,
  check: distributionChecks,
  foresee: distributionForesight,
  api: (m) => ({
    view: {
      /** Coins of the community, units of 10^-18. */
      communityPool: (ctx: ReadCtx): DecCoins => m.state.pool.get(ctx),
      /** What a validator's operator has not withdrawn, units of 10^-18. */
      commission: (ctx: ReadCtx, operator: string): DecCoins => commissionOf(m, ctx, operator),
      /** What nobody has withdrawn of a validator's rewards, commission included, units of 10^-18. */
      outstanding: (ctx: ReadCtx, operator: string): DecCoins => outstandingOf(m, ctx, operator),
    },
    pool: {
      /** Moves valid coins of an account into the community pool. @throws sdk/5 */
      fundCommunityPool: (ctx: Ctx, from: string, coins: readonly CoinAmount[]): void => fundCommunityPool(m, ctx, from, coins),
      /** Pays valid coins of the community pool. @throws sdk/4, distribution/9 */
      spendFromPool: (ctx: Ctx, to: string, coins: readonly CoinAmount[]): void => spendFromPool(m, ctx, to, coins),
    },
  }),
  msgs: [MsgDefinition, createMsgs],
  queries: [QueryDefinition, createQueries],
  on: (m) => ({ staking: stakingHooks(m) }),
  beginBlock: (m) => (ctx, block) => beginBlock(m, ctx, block),
  invariants: (m) => ({
    balanceCoversBooks: balanceCoversBooks(m),
    everybodyCanWithdraw: (ctx) => everybodyCanWithdraw(m, ctx),
    referencesAreCounted: referencesAreCounted(m),
  }),
  genesis: [GenesisState, createGenesis],
});
