// One order: priced, checked against the limits, settled. Quotes and orders share the first part, so what is quoted is what executes.

import { EventTrade } from "#proto/hanzo/hmm/v1/events";
import type { Params, Trade } from "#proto/hanzo/hmm/v1/types";
import { BPS, type Ctx, divUp, moduleAddress } from "#sdk";
import { hmmError } from "./errors.ts";
import { accrueFees, type FeeSplit, type Reserves, splitFees } from "./fees.ts";
import { requireOrderSize, requireReserves } from "./limits.ts";
import { type Market, setPool } from "./market.ts";
import { priceE18 } from "./math.ts";
import { minReserveOf } from "./params.ts";
import type { Quote } from "./quote.ts";
import type { PoolState } from "./records.ts";
import { burnBacked } from "./vault.ts";

/** Direction of an order as the trader sees it. */
export type Side = "buy" | "sell";

/** An order that may execute. */
export interface PricedOrder {
  readonly side: Side;
  readonly quote: Quote;
  readonly split: FeeSplit;
  /** Reserves afterwards. */
  readonly after: Reserves;
}

/** GAS: pricing one order, up to some fifty evaluations of the curve in wide integers. */
const TRADE_GAS = 10_000n;

/**
 * Checks a quote against the market's limits and shares out its fees.
 * @throws hmm/5 zero output, hmm/7 order size, hmm/9 reserves, hmm/10 fees above proceeds
 */
export function priceOrder(params: Params, pool: PoolState, side: Side, quote: Quote): PricedOrder {
  if (quote.psi === 0n) throw hmmError.zeroOutput("the offer buys 0 resource base units");
  requireOrderSize(pool, quote.psi, params.maxOrderBps);
  if (side === "sell" && quote.curve === 0n) throw hmmError.zeroOutput(`${quote.psi} resource base units bring 0 credit base units`);
  if (quote.credit <= 0n)
    throw hmmError.unprofitable(`proceeds ${quote.curve}, market fee ${quote.marketFee}, risk fee ${quote.riskFee} credit base units`);
  const sign = side === "buy" ? 1n : -1n;
  const after = { psi: pool.psi - sign * quote.psi, theta: pool.theta + sign * quote.curve };
  requireReserves(pool, after, minReserveOf(params));
  const treasuryBps = params.treasuryModule === "" ? 0n : BigInt(params.treasuryBps);
  return { side, quote, split: splitFees(quote.marketFee, quote.riskFee, BigInt(params.burnBps), treasuryBps), after };
}

/** The complete account of an order, as quotes, responses and events show it. */
export function describeTrade(pool: PoolState, { quote, split, after }: PricedOrder): Trade {
  const before = priceE18(pool);
  const then = priceE18({ ...pool, ...after });
  const distance = then > before ? then - before : before - then;
  return {
    resource: quote.psi.toString(),
    credit: quote.credit.toString(),
    curve: quote.curve.toString(),
    marketFee: quote.marketFee.toString(),
    riskFee: quote.riskFee.toString(),
    burn: split.burn.toString(),
    treasury: split.treasury.toString(),
    lp: split.lp.toString(),
    priceBeforeE18: before.toString(),
    priceAfterE18: then.toString(),
    impactBps: before === 0n ? 0n : divUp(distance * BPS, before),
  };
}

/**
 * Executes a priced order: moves the coins, burns and shares out the fees, stores the pool and emits the event. The burn, the treasury's
 * part and the liquidity providers' part leave or stay on the market's account, so its balances keep matching its ledger.
 * @returns the account of the order
 * @throws sdk/5 when the trader lacks the coins
 */
export function settleTrade(market: Market, ctx: Ctx, trader: string, pool: PoolState, order: PricedOrder): Trade {
  ctx.gas(TRADE_GAS, "hmm trade");
  const { account, needs, params, state } = market;
  const { side, quote, split, after } = order;
  const { creditDenom } = state.vault.get(ctx);
  if (side === "buy") needs.bank.send(ctx, trader, account, creditDenom, quote.credit);
  else needs.bank.send(ctx, trader, account, pool.denom, quote.psi);
  burnBacked(market, ctx, split.burn);
  if (split.treasury > 0n) {
    const treasury = market.address.format(moduleAddress(params.get(ctx).treasuryModule));
    needs.bank.send(ctx, account, treasury, creditDenom, split.treasury);
  }
  if (side === "buy") needs.bank.send(ctx, account, trader, pool.denom, quote.psi);
  else needs.bank.send(ctx, account, trader, creditDenom, quote.credit);
  setPool(market, ctx, pool, { ...pool, ...after, ...accrueFees(pool, split.lp, pool.shares), feesHeld: pool.feesHeld + split.lp });
  const trade = describeTrade(pool, order);
  ctx.emit(EventTrade, { poolId: pool.id, trader, side, ...trade, psi: after.psi.toString(), theta: after.theta.toString() });
  return trade;
}
