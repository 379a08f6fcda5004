import type { PoolView, QueryBatchResponse } from "#proto/hanzo/hmm/v1/query";
import { type Pool, PoolStatus } from "#proto/hanzo/hmm/v1/types";
import { CliError } from "../../shared/cliError.ts";
import { formatTable } from "../../shared/output.ts";
import { RefusedQuery } from "../client/nodeClient.ts";
import { formatCredit, formatMicroseconds, formatPrice, formatResource } from "./amountFormat.ts";
import { allPages, type Market } from "./market.ts";
import { refusedAs } from "./refusal.ts";
import { type ResourceUnits, unitsOf } from "./resourceUnits.ts";

/** A pool with its average price. */
export interface PoolReport {
  readonly view: PoolView;
  readonly pool: Pool;
  readonly units: ResourceUnits;
  /** Time-weighted average price times 10¹⁸; undefined where it was not asked for, or none is observed yet. */
  readonly twapE18: string | undefined;
}

/** Above so many pools a list does without average prices: each is a query of its own. */
const MOST_TWAPS = 64;
const NONE = "-";

/** All pools in the order of their identifiers. */
export async function listPools(market: Market): Promise<readonly PoolReport[]> {
  const views = await allPages(market.pools, ({ pools }) => pools);
  return Promise.all(views.map((view) => reportOf(market, view, views.length <= MOST_TWAPS)));
}

/** One pool. @throws CliError when the node has none of this name */
export async function getPool(market: Market, poolId: string): Promise<PoolReport> {
  const { pool } = await market.pool(poolId).catch(unknownPool(poolId));
  if (pool === undefined) throw new CliError(`the node answered without pool ${poolId}`);
  return reportOf(market, pool, true);
}

/** The pool that an amount is for, without its average price. @throws CliError when the node has none of this name */
export async function getUnits(market: Market, poolId: string): Promise<{ readonly pool: Pool; readonly units: ResourceUnits }> {
  const { pool: view } = await market.pool(poolId).catch(unknownPool(poolId));
  if (view?.pool === undefined) throw new CliError(`the node answered without pool ${poolId}`);
  return { pool: view.pool, units: poolUnits(view.pool) };
}

/** Units of a pool: those of its class, with the pool's own denomination for base units. */
export function poolUnits(pool: Pool): ResourceUnits {
  return unitsOf(pool.resourceClass === "" ? pool.id : pool.resourceClass);
}

const unknownPool = (poolId: string): ((thrown: unknown) => never) =>
  refusedAs(({ name }) => ({
    what: name === "unknownPool" ? `there is no pool "${poolId}"` : `pool ${poolId} cannot be read`,
    next: "hanzod hmm pools lists them",
  }));

async function reportOf(market: Market, view: PoolView, withTwap: boolean): Promise<PoolReport> {
  const { pool } = view;
  if (pool === undefined) throw new CliError("the node answered with a pool that has no state");
  const twapE18 = withTwap ? await findTwap(market, pool.id) : undefined;
  return { view, pool, units: poolUnits(pool), twapE18 };
}

/** A pool that no block has observed yet has no average: the node refuses, and that is no error here. */
async function findTwap(market: Market, poolId: string): Promise<string | undefined> {
  try {
    return (await market.twap(poolId)).priceE18;
  } catch (thrown) {
    if (thrown instanceof RefusedQuery) return undefined;
    throw thrown;
  }
}

/** Name of a status: `active`. */
export function statusName(status: PoolStatus): string {
  const [name] = Object.entries(PoolStatus).find(([, value]) => value === status) ?? ["unknown"];
  return name.replace(/^POOL_STATUS_/, "").toLowerCase();
}

/** A pool for machines: base units and exact prices, with the price per human unit beside. */
export function poolJson({ view, pool, units, twapE18 }: PoolReport): object {
  const { service } = pool;
  return {
    id: pool.id,
    resourceClass: units.resourceClass,
    denom: pool.denom,
    status: statusName(pool.status),
    unit: units.unitName,
    basePerUnit: units.perUnit,
    price: formatPrice(units, BigInt(view.priceE18)),
    priceE18: view.priceE18,
    twapE18: twapE18 ?? null,
    psi: pool.psi,
    theta: pool.theta,
    maxImmediate: view.maxImmediate,
    largeOrder: view.largeOrder,
    maxOrder: view.maxOrder,
    region: service?.region ?? "",
    group: service?.group ?? "",
    tier: service?.tier ?? 0,
    latencyUs: service?.latencyUs ?? 0n,
    jitterUs: service?.jitterUs ?? 0n,
  };
}

const HEADING = [
  "POOL",
  "CLASS",
  "UNIT",
  "AI PER UNIT",
  "AVERAGE",
  "CAPACITY",
  "CREDIT",
  "AT ONCE",
  "OPEN ORDER",
  "STATUS",
  "REGION",
  "LATENCY",
];

/** The table of pools. */
export function formatPools(reports: readonly PoolReport[]): string {
  if (reports.length === 0) return "no pools: the market is empty";
  const rows = reports.map(({ view, pool, units, twapE18 }) => [
    pool.id,
    units.resourceClass,
    units.unitName,
    formatPrice(units, BigInt(view.priceE18)),
    twapE18 === undefined ? NONE : formatPrice(units, BigInt(twapE18)),
    formatResource(units, BigInt(pool.psi)),
    formatCredit(BigInt(pool.theta)),
    formatResource(units, BigInt(view.maxImmediate)),
    formatResource(units, BigInt(view.largeOrder)),
    statusName(pool.status),
    pool.service?.region || NONE,
    pool.service === undefined ? NONE : formatMicroseconds(pool.service.latencyUs),
  ]);
  return `${formatTable(HEADING, rows)}\n  next: hanzod hmm quote ${reports[0]?.pool.id ?? "POOL"} 10AI`;
}

/** Everything of one pool. */
export function formatPool({ view, pool, units, twapE18 }: PoolReport, batch: QueryBatchResponse["batch"]): string {
  const price = (e18: string): string => `${formatPrice(units, BigInt(e18))} AI per ${units.unitName}`;
  const amount = (base: string): string => formatResource(units, BigInt(base));
  const { service, ramp } = pool;
  const lines = [
    `pool       ${pool.id} (${units.resourceClass}, ${pool.denom}), ${statusName(pool.status)}`,
    `price      ${price(view.priceE18)}`,
    `average    ${twapE18 === undefined ? "none yet" : price(twapE18)}`,
    `reserves   ${amount(pool.psi)} and ${formatCredit(BigInt(pool.theta))}`,
    `centre     ${price(pool.centreE18)}${ramp === undefined ? "" : ", moving"}`,
    `at once    up to ${amount(view.maxImmediate)} in a block, everybody's together`,
    `in batch   up to ${amount(view.largeOrder)} per order; more must be committed and revealed`,
    `largest    ${amount(view.maxOrder)} per order`,
  ];
  if (service !== undefined) {
    const place = service.region === "" ? "no region" : service.region;
    lines.push(
      `workers    ${place}, tier ${service.tier}, latency ${formatMicroseconds(service.latencyUs)}, jitter ${formatMicroseconds(service.jitterUs)}`,
    );
  }
  if (batch !== undefined)
    lines.push(`batch      height ${batch.height}: ${batch.fills} of ${batch.orders} orders filled at ${price(batch.priceE18)}`);
  if (pool.resumeHeight > 0n) lines.push(`resumes    at height ${pool.resumeHeight}`);
  lines.push(`  next: hanzod hmm quote ${pool.id} 10AI`);
  return lines.join("\n");
}
