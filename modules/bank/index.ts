import { Params } from "#proto/cosmos/bank/v1beta1/bank";
import { GenesisState } from "#proto/cosmos/bank/v1beta1/genesis";
import { QueryDefinition } from "#proto/cosmos/bank/v1beta1/query";
import { MsgDefinition } from "#proto/cosmos/bank/v1beta1/tx";
import { type CoinAmount, type Ctx, defineModule, type ReadCtx } from "#sdk";
import { auth } from "../auth/index.ts";
import { balanceOf, balancesOf, spendableOf } from "./balances.ts";
import { bankChecks, checkSendEnabled } from "./check.ts";
import { delegateCoins, undelegateCoins } from "./delegation.ts";
import { BANK_ERRORS } from "./errors.ts";
import { exchange } from "./exchange.ts";
import { deductFee } from "./fees.ts";
import { createGenesis } from "./genesis.ts";
import { ownersMatchBalances, storedAmountsArePositive, supplyIsSumOfBalances } from "./invariants.ts";
import { multiSend } from "./multiSend.ts";
import { DEFAULT_PARAMS, validateParams } from "./params.ts";
import { createQueries } from "./queries.ts";
import { isBlocked, requireReceiver, send, transfer } from "./send.ts";
import { isSendEnabled, requireSendEnabled, setSendEnabled } from "./sendEnabled.ts";
import { PARAMS_PREFIX, state } from "./state.ts";
import { burn, burnCoins, isPositive, mint, supplyOf } from "./supply.ts";

/** x/bank: who holds how much of what, and how it moves. README.md is its specification. */
export const bank = defineModule({
  name: "bank",
  version: 1,
  needs: { auth: auth.facet("accounts", "locks") },
  params: { type: Params, default: DEFAULT_PARAMS, prefix: PARAMS_PREFIX, validate: validateParams },
  state,
  errors: BANK_ERRORS,
  check: bankChecks,
  foresee: { setSendEnabled: checkSendEnabled },
  api: (m) => ({
    view: {
      balance: (ctx: ReadCtx, owner: string, denom: string): bigint => balanceOf(m, ctx, owner, denom),
      balances: (ctx: ReadCtx, owner: string): readonly CoinAmount[] => balancesOf(m, ctx, owner),
      spendable: (ctx: ReadCtx, owner: string, denom: string): bigint => spendableOf(m, ctx, owner, denom),
      supply: (ctx: ReadCtx, denom: string): bigint => supplyOf(m, ctx, denom),
      isSendEnabled: (ctx: ReadCtx, denom: string): boolean => isSendEnabled(m, ctx, denom),
      isBlocked: (ctx: ReadCtx, address: string): boolean => isBlocked(m, ctx, address),
    },
    transfer: {
      /** Moves `amount` ≥ 0 atomic units; 0 does nothing. @throws sdk/5 */
      send(ctx: Ctx, from: string, to: string, denom: string, amount: bigint): void {
        if (isPositive(amount)) transfer(m, ctx, from, to, [{ denom, amount }]);
      },
      /** Moves valid coins (sorted, positive, no doubles); of none, too, the events tell, as in the Cosmos SDK. @throws sdk/5 */
      sendCoins(ctx: Ctx, from: string, to: string, coins: readonly CoinAmount[]): void {
        transfer(m, ctx, from, to, coins);
      },
      /** An account and a module's give each other coins, both positive. @throws sdk/5 */
      exchange(ctx: Ctx, trader: string, module: string, given: CoinAmount, taken: CoinAmount): void {
        exchange(m, ctx, trader, module, given, taken);
      },
    },
    delegation: {
      /** Moves coins of an account into a pool of stake, which is a module's. @throws sdk/5, sdk/9 */
      delegate(ctx: Ctx, delegator: string, moduleAccount: string, coins: readonly CoinAmount[]): void {
        delegateCoins(m, ctx, delegator, moduleAccount, coins);
      },
      /** Moves coins out of a pool of stake back to an account. @throws sdk/5, sdk/9 */
      undelegate(ctx: Ctx, moduleAccount: string, delegator: string, coins: readonly CoinAmount[]): void {
        undelegateCoins(m, ctx, moduleAccount, delegator, coins);
      },
    },
    /** What users may do with coins, for modules whose messages move them. */
    users: {
      /** @throws bank/5 naming the denomination that is switched off */
      requireSendEnabled: (ctx: ReadCtx, coins: readonly CoinAmount[]): void => requireSendEnabled(m, ctx, coins),
      /** @throws sdk/4 when the address belongs to a module */
      requireReceiver: (ctx: ReadCtx, address: string): void => requireReceiver(m, ctx, address),
    },
    mint: { mint: (ctx: Ctx, to: string, denom: string, amount: bigint): void => mint(m, ctx, to, denom, amount) },
    burn: {
      burn: (ctx: Ctx, from: string, denom: string, amount: bigint): void => burn(m, ctx, from, denom, amount),
      /** Destroys valid coins; of none, too, the events tell, as in the Cosmos SDK. @throws sdk/5 */
      burnCoins: (ctx: Ctx, from: string, coins: readonly CoinAmount[]): void => burnCoins(m, ctx, from, coins),
    },
    fees: { deductFee: (ctx: Ctx, payer: string, fee: readonly CoinAmount[]): void => deductFee(m, ctx, payer, fee) },
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
    supplyIsSumOfBalances: supplyIsSumOfBalances(m),
    storedAmountsArePositive: storedAmountsArePositive(m),
    ownersMatchBalances: ownersMatchBalances(m),
  }),
});
