import { Params } from "#proto/cosmos/bank/v1beta1/bank";
import { GenesisState } from "#proto/cosmos/bank/v1beta1/genesis";
import { QueryDefinition } from "#proto/cosmos/bank/v1beta1/query";
import { MsgDefinition } from "#proto/cosmos/bank/v1beta1/tx";
import { type Coin, type CoinAmount, type Ctx, defineModule, type ReadCtx } from "#sdk";
import { auth } from "../auth/index.ts";
import { balanceOf, spendableOf } from "./balances.ts";
import { bankChecks } from "./check.ts";
import { BANK_ERRORS } from "./errors.ts";
import { exchange } from "./exchange.ts";
import { deductFee } from "./fees.ts";
import { createGenesis } from "./genesis.ts";
import { ownersMatchBalances, storedAmountsArePositive, supplyIsSumOfBalances } from "./invariants.ts";
import { multiSend } from "./multiSend.ts";
import { DEFAULT_PARAMS, validateParams } from "./params.ts";
import { createQueries } from "./queries.ts";
import { send, transfer } from "./send.ts";
import { isSendEnabled, setSendEnabled } from "./sendEnabled.ts";
import { PARAMS_PREFIX, state } from "./state.ts";
import { burn, isPositive, mint, supplyOf } from "./supply.ts";

/** x/bank: who holds how much of what, and how it moves. README.md is its specification. */
export const bank = defineModule({
  name: "bank",
  version: 1,
  needs: { auth: auth.facet("accounts") },
  params: { type: Params, default: DEFAULT_PARAMS, prefix: PARAMS_PREFIX, validate: validateParams },
  state,
  errors: BANK_ERRORS,
  check: bankChecks,
  api: (m) => ({
    view: {
      balance: (ctx: ReadCtx, owner: string, denom: string): bigint => balanceOf(m, ctx, owner, denom),
      spendable: (ctx: ReadCtx, owner: string, denom: string): bigint => spendableOf(m, ctx, owner, denom),
      supply: (ctx: ReadCtx, denom: string): bigint => supplyOf(m, ctx, denom),
      isSendEnabled: (ctx: ReadCtx, denom: string): boolean => isSendEnabled(m, ctx, denom),
    },
    transfer: {
      /** Moves `amount` ≥ 0 atomic units; 0 does nothing. @throws sdk/5 */
      send(ctx: Ctx, from: string, to: string, denom: string, amount: bigint): void {
        if (isPositive(amount)) transfer(m, ctx, from, to, [{ denom, amount }]);
      },
      /** Moves valid coins (sorted, positive, no doubles); none does nothing. @throws sdk/5 */
      sendCoins(ctx: Ctx, from: string, to: string, coins: readonly CoinAmount[]): void {
        if (coins.length > 0) transfer(m, ctx, from, to, coins);
      },
      /** Two accounts that exist give each other coins, both positive. @throws sdk/5 */
      exchange(ctx: Ctx, first: string, second: string, given: CoinAmount, taken: CoinAmount): void {
        exchange(m, ctx, first, second, given, taken);
      },
    },
    mint: { mint: (ctx: Ctx, to: string, denom: string, amount: bigint): void => mint(m, ctx, to, denom, amount) },
    burn: { burn: (ctx: Ctx, from: string, denom: string, amount: bigint): void => burn(m, ctx, from, denom, amount) },
    fees: { deductFee: (ctx: Ctx, payer: string, fee: readonly Coin[]): void => deductFee(m, ctx, payer, fee) },
  }),
  msgs: [
    MsgDefinition,
    (m) => ({
      send: (ctx, msg) => send(m, ctx, msg),
      multiSend: (ctx, msg) => multiSend(m, ctx, msg),
      setSendEnabled: (ctx, msg) => setSendEnabled(m, ctx, msg),
    }),
  ],
  queries: [QueryDefinition, createQueries],
  genesis: [GenesisState, createGenesis],
  invariants: (m) => ({
    supplyIsSumOfBalances: (ctx) => supplyIsSumOfBalances(m, ctx),
    storedAmountsArePositive: (ctx) => storedAmountsArePositive(m, ctx),
    ownersMatchBalances: (ctx) => ownersMatchBalances(m, ctx),
  }),
});
