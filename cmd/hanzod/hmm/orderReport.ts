import { type Order, OrderKind, type Pool, Side } from "#proto/hanzo/hmm/v1/types";
import { formatTable } from "../../shared/output.ts";
import { formatCredit, formatPrice, formatResource } from "./amountFormat.ts";
import { allPages, type Market } from "./market.ts";
import { poolUnits } from "./poolReport.ts";
import { refusedAs } from "./refusal.ts";
import { type ResourceUnits, unitsOf } from "./resourceUnits.ts";

/** A waiting order with the units of its pool. */
export interface OrderReport {
  readonly order: Order;
  readonly units: ResourceUnits;
}

/** Integer of the wire; empty is zero. */
const int = (text: string): bigint => BigInt(text === "" ? "0" : text);

/** Whose orders are wanted, and of which pool; what is left out does not matter. */
export interface OrderWish {
  readonly owner?: string;
  readonly pool?: string;
}

/** Waiting orders in the order of their identifiers. @throws CliError when the owner is no address, or the node refuses otherwise */
export async function listOrders(market: Market, wish: OrderWish): Promise<readonly OrderReport[]> {
  const orders = await fetchOrders(market, wish).catch(
    refusedAs(() => ({ what: "the orders cannot be listed", next: "--owner hanzo1… or --pool gpu; hanzod hmm pools lists the pools" })),
  );
  const poolIds = [...new Set(orders.map(({ poolId }) => poolId))];
  const pools = new Map<string, Pool | undefined>(
    await Promise.all(poolIds.map(async (id) => [id, (await market.pool(id)).pool?.pool] as const)),
  );
  return orders.map((order) => {
    const found = pools.get(order.poolId);
    return { order, units: found === undefined ? unitsOf("") : poolUnits(found) };
  });
}

async function fetchOrders(market: Market, { owner, pool }: OrderWish): Promise<readonly Order[]> {
  if (owner === undefined)
    return allPages(
      (key) => market.orders(pool, key),
      (page) => page.orders,
    );
  const owned = await allPages(
    (key) => market.ordersByOwner(owner, key),
    (page) => page.orders,
  );
  return owned.filter(({ poolId }) => pool === undefined || poolId === pool);
}

/** Name of a side: `buy`. */
function sideName(side: Side): string {
  return side === Side.SIDE_BUY ? "buy" : side === Side.SIDE_SELL ? "sell" : "unknown";
}

function kindName(kind: OrderKind): string {
  const [name] = Object.entries(OrderKind).find(([, value]) => value === kind) ?? ["unknown"];
  return name.replace(/^ORDER_KIND_/, "").toLowerCase();
}

/** An order for machines: base units. */
export function orderJson({ order }: OrderReport): object {
  return {
    id: order.id,
    owner: order.owner,
    poolId: order.poolId,
    side: sideName(order.side),
    kind: kindName(order.kind),
    resource: int(order.resource),
    limitE18: int(order.limitE18),
    moreResource: int(order.moreResource),
    moreLimitE18: int(order.moreLimitE18),
    escrow: int(order.escrow),
    filled: int(order.filled),
    credit: int(order.credit),
    expiresHeight: order.expiresHeight,
    commitmentId: order.commitmentId,
  };
}

/** The table of waiting orders. */
export function formatOrders(reports: readonly OrderReport[]): string {
  if (reports.length === 0) return "no order waits for a batch";
  const rows = reports.map(({ order, units }) => [
    String(order.id),
    order.poolId,
    sideName(order.side),
    kindName(order.kind),
    formatResource(units, int(order.resource) + int(order.moreResource)),
    `${formatPrice(units, int(order.limitE18))} AI/${units.unit}`,
    formatResource(units, int(order.filled)),
    formatCredit(int(order.credit)),
    String(order.expiresHeight),
    order.owner,
  ]);
  const heading = ["ORDER", "POOL", "SIDE", "KIND", "WAITS FOR", "LIMIT", "FILLED", "CREDIT", "UNTIL HEIGHT", "OWNER"];
  return `${formatTable(heading, rows)}\n  next: hanzod tx hmm cancel-order ${reports[0]?.order.id ?? 0n} --from KEY takes one back`;
}
