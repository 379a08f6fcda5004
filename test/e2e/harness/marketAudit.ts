// What must hold at every height, computed from the outside: from blocks, balances and records as any client can ask for them.
import assert from "node:assert/strict";
import { QueryAllBalancesRequest, QueryAllBalancesResponse } from "#proto/cosmos/bank/v1beta1/query";
import {
  type Invariant,
  QueryCommitmentsRequest,
  QueryCommitmentsResponse,
  QueryInvariantsRequest,
  QueryInvariantsResponse,
  QueryOrdersRequest,
  QueryOrdersResponse,
  QueryPoolsRequest,
  QueryPoolsResponse,
  QuerySealedOrdersRequest,
  QuerySealedOrdersResponse,
} from "#proto/hanzo/hmm/v1/query";
import { type Commitment, type Order, OrderKind, type Pool, type SealedOrder, Side } from "#proto/hanzo/hmm/v1/types";
import { h2 } from "../../../modules/hmm/curve/math.ts";
import { poolFromProto } from "../../../modules/hmm/records.ts";
import { callRpc } from "./rpc.ts";

/** Amounts by denomination. */
export type Holdings = ReadonlyMap<string, bigint>;

/** The market's records at a height. */
export interface MarketRecords {
  readonly pools: readonly Pool[];
  readonly orders: readonly Order[];
  readonly sealed: readonly SealedOrder[];
  readonly commitments: readonly Commitment[];
  readonly invariants: readonly Invariant[];
}

const MOST = { key: new Uint8Array(0), offset: 0n, limit: 10_000n, countTotal: false, reverse: false };

/** Answers an ABCI query on the state of a height. */
export async function queryAt<T>(
  rpc: string,
  height: number,
  path: string,
  request: Uint8Array,
  decode: (bytes: Uint8Array) => T,
): Promise<T> {
  const { response } = await callRpc<{ response: { code?: number; log?: string; value?: string | null; height?: string } }>(
    rpc,
    "abci_query",
    {
      path,
      data: Buffer.from(request).toString("hex"),
      height: String(height),
      prove: false,
    },
  );
  if ((response.code ?? 0) !== 0) throw new Error(`${path} at height ${height}: ${response.code} ${response.log}`);
  assert.equal(response.height, String(height), `${path}: answered at another height`);
  return decode(new Uint8Array(Buffer.from(response.value ?? "", "base64")));
}

/** Reads everything that the market keeps. */
export async function readMarket(rpc: string, height: number): Promise<MarketRecords> {
  const ask = <T>(method: string, request: Uint8Array, decode: (bytes: Uint8Array) => T): Promise<T> =>
    queryAt(rpc, height, `/hanzo.hmm.v1.Query/${method}`, request, decode);
  const [pools, orders, sealed, commitments, invariants] = await Promise.all([
    ask("Pools", QueryPoolsRequest.encode({ pagination: MOST }).finish(), (bytes) => QueryPoolsResponse.decode(bytes)),
    ask("Orders", QueryOrdersRequest.encode({ poolId: "", pagination: MOST }).finish(), (bytes) => QueryOrdersResponse.decode(bytes)),
    ask("SealedOrders", QuerySealedOrdersRequest.encode({ sender: "", pagination: MOST }).finish(), (bytes) =>
      QuerySealedOrdersResponse.decode(bytes),
    ),
    ask("Commitments", QueryCommitmentsRequest.encode({ poolId: "", pagination: MOST }).finish(), (bytes) =>
      QueryCommitmentsResponse.decode(bytes),
    ),
    ask("Invariants", QueryInvariantsRequest.encode({}).finish(), (bytes) => QueryInvariantsResponse.decode(bytes)),
  ]);
  for (const { pagination } of [pools, orders, sealed, commitments]) assert.equal(pagination?.nextKey.length ?? 0, 0, "one page");
  assert.equal(
    invariants.allHold,
    invariants.invariants.every(({ holds }) => holds),
  );
  return {
    pools: pools.pools.map(({ pool }) => pool ?? assert.fail("a pool")),
    orders: orders.orders,
    sealed: sealed.orders,
    commitments: commitments.commitments,
    invariants: invariants.invariants,
  };
}

/** All balances of an account at a height. */
export async function holdingsAt(rpc: string, height: number, address: string): Promise<Holdings> {
  const request = QueryAllBalancesRequest.encode({ address, pagination: MOST, resolveDenom: false }).finish();
  const { balances } = await queryAt(rpc, height, "/cosmos.bank.v1beta1.Query/AllBalances", request, (bytes) =>
    QueryAllBalancesResponse.decode(bytes),
  );
  return new Map(balances.map(({ denom, amount }) => [denom, BigInt(amount)]));
}

/** Answers a REST request on the state of a height. */
async function restAt<T>(rest: string, height: number, path: string): Promise<T> {
  const response = await fetch(`${rest}${path}`, {
    headers: { "x-cosmos-block-height": String(height) },
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${path} at height ${height}: ${response.status} ${text.slice(0, 300)}`);
  return JSON.parse(text) as T;
}

/** All supplies at a height, over REST. */
export async function supplyAt(rest: string, height: number): Promise<Holdings> {
  const { supply } = await restAt<{ supply: readonly { denom: string; amount: string }[] }>(
    rest,
    height,
    "/cosmos/bank/v1beta1/supply?pagination.limit=1000",
  );
  return new Map(supply.map(({ denom, amount }) => [denom, BigInt(amount)]));
}

/** Native base units that the vault says are locked, over REST. */
export async function lockedAt(rest: string, height: number): Promise<bigint> {
  return BigInt((await restAt<{ locked: string }>(rest, height, "/hanzo/hmm/v1/vault")).locked);
}

const sum = (amounts: readonly string[]): bigint => amounts.reduce((total, amount) => total + BigInt(amount === "" ? 0 : amount), 0n);

/** supply(credit) = vault; per pool, supply = Σ outstanding. */
export function assertSupplies({ pools, commitments }: MarketRecords, supply: Holdings, locked: bigint): void {
  assert.equal(supply.get("credit"), locked, "supply of credit = native tokens locked");
  for (const { id, denom } of pools) {
    const outstanding = sum(commitments.filter(({ poolId }) => poolId === id).map((commitment) => commitment.outstanding));
    assert.equal(supply.get(denom) ?? 0n, outstanding, `supply of ${denom} = outstanding commitments of pool ${id}`);
  }
}

/**
 * What the market's account holds is exactly what its records say, when nobody sends it gifts: vault and bonds; reserves, fees, escrows,
 * deposits, unsold units and receivables.
 */
export function assertMarketAccount(records: MarketRecords, account: Holdings, locked: bigint): void {
  const { pools, orders, sealed, commitments } = records;
  const deposits = sum(sealed.map(({ deposit }) => deposit));
  const credit =
    sum(pools.flatMap(({ theta, feesHeld }) => [theta, feesHeld])) +
    sum(orders.map(({ escrow }) => escrow)) +
    sum(commitments.map(({ receivable }) => receivable)) +
    deposits;
  assert.equal(account.get("credit") ?? 0n, credit, "credit of the market's account");
  assert.equal(account.get("aai") ?? 0n, locked + sum(commitments.map(({ bond }) => bond)), "native tokens of the market's account");
  for (const { id, denom, psi } of pools) {
    const sales = orders.filter(
      ({ poolId, side, kind }) => poolId === id && side === Side.SIDE_SELL && kind !== OrderKind.ORDER_KIND_CAPACITY,
    );
    const revealed = sealed.filter((order) => order.poolId === id && order.revealed && order.side === Side.SIDE_SELL);
    const unsold = commitments.filter(({ poolId }) => poolId === id);
    const units = sum([psi, ...sales.map(({ resource }) => resource), ...revealed.map(({ resource }) => resource)]);
    assert.equal(account.get(denom) ?? 0n, units + sum(unsold.map((commitment) => commitment.unsold)), `${denom} of the market's account`);
  }
}

/** H per share never falls: liquidity is added and removed in proportion, and no trade costs providers anything. */
export function assertInvariantKept(before: readonly Pool[], after: readonly Pool[]): void {
  for (const next of after) {
    const [a, b] = [before.find(({ id }) => id === next.id) ?? assert.fail(`pool ${next.id}`), next].map(poolFromProto);
    if (a === undefined || b === undefined) continue;
    assert.ok(h2(b) * a.shares * a.shares >= h2(a) * b.shares * b.shares, `H per share of pool ${next.id} fell`);
  }
}
