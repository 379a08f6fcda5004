// One order: priced, checked against the limits, settled. Quotes and orders share the first part, so what is quoted is what executes.

import { EventTrade } from "#proto/hanzo/hmm/v1/events";
import type { Params, Trade } from "#proto/hanzo/hmm/v1/types";
import { BPS, type Ctx, divUp, moduleAddress } from "#sdk";
import { burnBacked } from "./credit/vault.ts";
import { type FeeSplit, type Reserves, splitFees } from "./curve/fees.ts";
import { requireOrderSize, requireReserves } from "./curve/limits.ts";
import { priceE18 } from "./curve/math.ts";
import type { Quote } from "./curve/quote.ts";
import { hmmError } from "./errors.ts";
import { bookTrade, type Market, setPool } from "./market.ts";
import { minReserveOf } from "./params.ts";
import type { PoolState } from "./records.ts";

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
  return { side, quote, split: splitOf(params, quote.marketFee, quote.riskFee), after };
}

/** Shares out fees as the parameters say. @param marketFee @param lpFee what is the liquidity providers' from the start, credit base units */
export function splitOf(params: Params, marketFee: bigint, lpFee: bigint): FeeSplit {
  const treasuryBps = params.treasuryModule === "" ? 0n : BigInt(params.treasuryBps);
  return splitFees(marketFee, lpFee, BigInt(params.burnBps), treasuryBps);
}

/** Burns and pays out what of fees on the market's account does not stay with liquidity providers. */
export function payFees(market: Market, ctx: Ctx, { burn, treasury }: Pick<FeeSplit, "burn" | "treasury">): void {
  burnBacked(market, ctx, burn);
  if (treasury === 0n) return;
  const { account, needs, params, state } = market;
  const to = market.address.format(moduleAddress(params.get(ctx).treasuryModule));
  needs.bank.send(ctx, account, to, state.vault.get(ctx).creditDenom, treasury);
}

/** The complete account of an order, as quotes, responses and events show it. */
export function describeTrade(pool: PoolState, { quote, split, after }: PricedOrder): Trade {
  const before = priceE18(pool);
  const { centreE18, wE18, lambdaE18 } = pool;
  const then = priceE18({ psi: after.psi, theta: after.theta, centreE18, wE18, lambdaE18 });
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

/** An executed order: its account, and the pool that was stored. */
export interface SettledTrade {
  readonly trade: Trade;
  readonly pool: PoolState;
}

/**
 * Executes a priced order: moves the coins, burns and shares out the fees, stores the pool and emits the event. The burn, the treasury's
 * part and the liquidity providers' part leave or stay on the market's account, so its balances keep matching its ledger.
 * @param pool with the block open
 * @throws sdk/5 when the trader lacks the coins
 */
export function settleTrade(market: Market, ctx: Ctx, trader: string, pool: PoolState, order: PricedOrder): SettledTrade {
  ctx.gas(TRADE_GAS, "hmm trade");
  const { account, needs, state } = market;
  const { side, quote, split, after } = order;
  const { creditDenom } = state.vault.get(ctx);
  const credit = { denom: creditDenom, amount: quote.credit };
  const resource = { denom: pool.denom, amount: quote.psi };
  if (side === "buy") needs.bank.exchange(ctx, trader, account, credit, resource);
  else needs.bank.exchange(ctx, trader, account, resource, credit);
  const stored = bookTrade(pool, after, split);
  setPool(market, ctx, stored);
  const trade = describeTrade(pool, order);
  ctx.emit(EventTrade, {
    poolId: pool.id,
    trader,
    side,
    resource: trade.resource,
    credit: trade.credit,
    psi: after.psi.toString(),
    theta: after.theta.toString(),
  });
  return { trade, pool: stored };
}
