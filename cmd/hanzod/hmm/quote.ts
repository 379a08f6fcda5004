import type { Execution } from "#proto/hanzo/hmm/v1/query";
import type { Pool, Trade } from "#proto/hanzo/hmm/v1/types";
import { CliError } from "../../shared/cliError.ts";
import { isCreditText, parseCreditText, parseResourceText } from "./amountText.ts";
import type { Market } from "./market.ts";
import { getUnits } from "./poolReport.ts";
import { refusedAs } from "./refusal.ts";
import type { ResourceUnits } from "./resourceUnits.ts";

/** What a quote is asked for. Exactly one is given. */
export interface QuoteWish {
  /** `10AI` to spend, or an amount of resource to buy. */
  readonly offer?: string | undefined;
  /** Amount of resource to buy. */
  readonly buy?: string | undefined;
  /** Amount of resource to sell, or `5AI` to raise by a sale. */
  readonly sell?: string | undefined;
}

/** The four directions of an order. */
export type QuoteKind = "spend" | "buy" | "sell" | "raise";

/** An order as it would execute now. */
export interface Quote {
  readonly kind: QuoteKind;
  readonly pool: Pool;
  readonly units: ResourceUnits;
  /** What was given: credit base units for `spend` and `raise`, else resource base units. */
  readonly amount: bigint;
  readonly trade: Trade;
  /** Credit base units that were offered and would not be charged. */
  readonly refund: bigint;
  readonly execution: Execution;
}

/** Asks for a quote. @throws CliError when not exactly one amount is given, one cannot be read, or the node refuses */
export async function askQuote(market: Market, poolId: string, wish: QuoteWish): Promise<Quote> {
  const given = [wish.offer, wish.buy, wish.sell].filter((text) => text !== undefined);
  if (given.length !== 1)
    throw new CliError(`expected one amount, got ${given.length}`, {
      why: "give what to spend or to buy, or --buy, or --sell",
      next: `hanzod hmm quote ${poolId} 10AI, hanzod hmm quote ${poolId} --sell AMOUNT`,
    });
  const { pool, units } = await getUnits(market, poolId);
  const text = given[0] ?? "";
  const kind = kindOf(wish, text);
  const isCredit = kind === "spend" || kind === "raise";
  const amount = isCredit ? parseCreditText(text) : parseResourceText(units, text, poolId, pool.denom);
  const { trade, refund, execution } = await ask(market, kind, poolId, amount.toString()).catch(refused(poolId));
  if (trade === undefined) throw new CliError(`the node answered without a quote of pool ${poolId}`);
  return { kind, pool, units, amount, trade, refund: BigInt(refund), execution };
}

function kindOf({ offer, buy, sell }: QuoteWish, text: string): QuoteKind {
  if (sell !== undefined) return isCreditText(text) ? "raise" : "sell";
  return buy === undefined && offer !== undefined && isCreditText(text) ? "spend" : "buy";
}

interface Answer {
  readonly trade: Trade | undefined;
  readonly refund: string;
  readonly execution: Execution;
}

async function ask(market: Market, kind: QuoteKind, poolId: string, amount: string): Promise<Answer> {
  switch (kind) {
    case "spend": {
      const { trade, refund, execution } = await market.quoteBuy(poolId, amount);
      return { trade, refund: refund === "" ? "0" : refund, execution };
    }
    case "buy":
      return { refund: "0", ...(await market.quoteBuyExactOut(poolId, amount)) };
    case "sell":
      return { refund: "0", ...(await market.quoteSell(poolId, amount)) };
    case "raise":
      return { refund: "0", ...(await market.quoteSellExactOut(poolId, amount)) };
  }
}

const refused = (poolId: string): ((thrown: unknown) => never) =>
  refusedAs(() => ({ what: `pool ${poolId} does not trade this`, next: `hanzod hmm pool ${poolId} shows its limits` }));
