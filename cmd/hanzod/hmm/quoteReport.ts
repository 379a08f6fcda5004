import { Execution } from "#proto/hanzo/hmm/v1/query";
import { exactResource, formatAverage, formatCredit, formatPrice, formatResource } from "./amountFormat.ts";
import type { Quote } from "./quote.ts";

/** What the suggested command leaves the price to move before it is refused: 0.5 %. */
const SLACK_PPM = 5000n;
const PPM = 1_000_000n;
const E18 = 10n ** 18n;

/** How an order executes, by what the node says. */
const EXECUTIONS: readonly (readonly [execution: Execution, name: string, text: string])[] = [
  [Execution.EXECUTION_IMMEDIATE, "immediate", "at once, unless others move the pool in the same block: then in the block's batch"],
  [Execution.EXECUTION_BATCH, "batch", "in the batch at the end of the block, at the one price of all its orders"],
  [Execution.EXECUTION_SEALED, "sealed", "only after commit and reveal: the order is large for this pool"],
];

function executionOf(execution: Execution): readonly [name: string, text: string] {
  const [, name, text] = EXECUTIONS.find(([known]) => known === execution) ?? [
    execution,
    "unknown",
    "in a way that this program does not know",
  ];
  return [name, text];
}

const isBuy = ({ kind }: Quote): boolean => kind === "spend" || kind === "buy";
const less = (amount: bigint): bigint => (amount * (PPM - SLACK_PPM)) / PPM;
const more = (amount: bigint): bigint => (amount * (PPM + SLACK_PPM) + PPM - 1n) / PPM;

/** A quote for machines: base units and exact prices. */
export function quoteJson(quote: Quote, node: string): object {
  const { kind, pool, units, amount, trade, refund, execution } = quote;
  return {
    poolId: pool.id,
    resourceClass: units.resourceClass,
    kind,
    side: isBuy(quote) ? "buy" : "sell",
    amount,
    resource: trade.resource,
    credit: trade.credit,
    refund,
    curve: trade.curve,
    marketFee: trade.marketFee,
    burn: trade.burn,
    treasury: trade.treasury,
    lp: trade.lp,
    riskFee: trade.riskFee,
    priceBeforeE18: trade.priceBeforeE18,
    priceAfterE18: trade.priceAfterE18,
    impactBps: trade.impactBps,
    execution: executionOf(execution)[0],
    next: nextCommand(quote, node),
  };
}

/** A quote for people. @param node options of the node that was asked, for the next command */
export function formatQuote(quote: Quote, node: string): string {
  const { pool, units, trade, refund, execution } = quote;
  const [resource, credit] = [BigInt(trade.resource), BigInt(trade.credit)];
  const amounts = [`${formatResource(units, resource)}`, `${formatCredit(credit)}, all fees included`];
  const [get, pay] = isBuy(quote) ? amounts : [...amounts].reverse();
  const lpOfMarket = BigInt(trade.lp) - BigInt(trade.riskFee);
  const price = (e18: string): string => formatPrice(units, BigInt(e18));
  const lines = [
    `pool      ${pool.id} (${units.resourceClass})`,
    `you get   ${get}`,
    `you pay   ${pay}`,
    `average   ${resource === 0n ? "-" : formatAverage(units, credit, resource)} AI per ${units.unitName}`,
    `price     ${price(trade.priceBeforeE18)} → ${price(trade.priceAfterE18)} AI per ${units.unitName}, impact ${trade.impactBps} bps`,
    `fees      market ${formatCredit(BigInt(trade.marketFee))}: burn ${formatCredit(BigInt(trade.burn))}, treasury ${formatCredit(BigInt(trade.treasury))}, liquidity providers ${formatCredit(lpOfMarket)}`,
    `          risk ${formatCredit(BigInt(trade.riskFee))}, to liquidity providers`,
    ...(refund === 0n ? [] : [`unused    ${refund} credit base units, which buy nothing more, stay with you`]),
    `executes  ${executionOf(execution)[1]}`,
    `  next: ${nextCommand(quote, node)}`,
  ];
  return lines.join("\n");
}

/** The command that does what was quoted, with a limit half a percent away. */
export function nextCommand(quote: Quote, node: string): string {
  const { kind, pool, amount, trade, execution } = quote;
  const [resource, credit] = [BigInt(trade.resource), BigInt(trade.credit)];
  if (execution === Execution.EXECUTION_SEALED) return sealCommandOf(quote, node);
  const rest = `--from KEY --wait${node}`;
  switch (kind) {
    case "spend":
      return `hanzod tx hmm swap ${pool.id} ${amount} --min-out ${less(resource)} ${rest}`;
    case "buy":
      return `hanzod tx hmm buy-exact-out ${pool.id} ${amount} ${more(credit)} ${rest}`;
    case "sell":
      return `hanzod tx hmm sell ${pool.id} ${amount} --min-credit ${less(credit)} ${rest}`;
    case "raise":
      return `hanzod tx hmm sell-exact-out ${pool.id} ${amount} ${more(resource)} ${rest}`;
  }
}

function sealCommandOf(quote: Quote, node: string): string {
  const { pool, units, trade } = quote;
  const [resource, credit] = [BigInt(trade.resource), BigInt(trade.credit)];
  const [side, total] = isBuy(quote) ? ["--buy", more(credit)] : ["--sell", less(credit)];
  const limit = resource === 0n ? "…" : formatPrice(units, (total * E18) / resource).replaceAll(",", "");
  return `hanzod hmm seal ${pool.id} ${side} ${exactResource(units, resource, pool.denom)} --limit ${limit}AI/${units.unit} --from KEY${node}`;
}
