// Sealed orders in genesis files and in the ledger of the market's account.

import { bytesToHex } from "@noble/hashes/utils.js";
import type { GenesisState } from "#proto/hanzo/hmm/v1/genesis";
import { type Params, type Round, Side } from "#proto/hanzo/hmm/v1/types";
import { type AddressCodec, type Ctx, firstHeight, MathError, ModuleError, type ReadCtx } from "#sdk";
import { hmmError } from "../errors.ts";
import { getPool, type Market } from "../market.ts";
import { validateParams } from "../params.ts";
import { largestCost } from "./deposit.ts";
import { HASH_BYTES } from "./hash.ts";
import { type SealedState, sealedFromProto, sealedToProto } from "./record.ts";
import { keyOf } from "./revealOrder.ts";
import { holdsHeight, roundEnd } from "./round.ts";

/** The part of a genesis that this folder answers for. */
export type SealedGenesis = Pick<GenesisState, "round" | "sealedOrders">;

/** What a genesis says besides, as far as sealed orders depend on it. */
export interface SealedGenesisEnv {
  readonly address: AddressCodec;
  readonly params: Params;
  /** Identifiers of the genesis's pools. */
  readonly poolIds: ReadonlySet<string>;
}

/** A genesis's sealed orders, read and checked. */
export interface CheckedSealed {
  readonly round: Round | undefined;
  readonly orders: readonly SealedState[];
}

function refuse(detail: string): never {
  throw hmmError.invalidGenesis(detail);
}

/**
 * Reads and checks the round and its orders.
 * @throws hmm/16 naming the field, what was expected and what came
 */
export function checkSealed(env: SealedGenesisEnv, { round, sealedOrders }: SealedGenesis): CheckedSealed {
  if (round !== undefined) checkRound(env.params, round);
  const count = round?.sealed ?? 0;
  if (sealedOrders.length !== count) refuse(`sealed_orders: expected ${count} as the round counts, got ${sealedOrders.length}`);
  const seen = new Set<string>();
  const orders = sealedOrders.map((message) => {
    const order = readOrder(message);
    const at = `sealed_orders.${order.sender}.${bytesToHex(order.hash)}`;
    if (order.round !== round?.id) refuse(`${at}.round: expected ${round?.id}, got ${order.round}`);
    checkOrder(env, order, at);
    if (seen.has(at)) refuse(`${at}: expected one sealed order, got two`);
    seen.add(at);
    return order;
  });
  return { round, orders };
}

function readOrder(message: GenesisState["sealedOrders"][number]): SealedState {
  try {
    return sealedFromProto(message);
  } catch (cause) {
    if (cause instanceof MathError) refuse(cause.detail);
    throw cause;
  }
}

/** A round began with valid parameters. */
function checkRound(params: Params, { id, startHeight, commitBlocks, revealBlocks }: Round): void {
  if (id === 0n) refuse("round.id: expected at least 1, got 0");
  if (startHeight === 0n) refuse("round.start_height: expected at least 1, got 0");
  try {
    validateParams({ ...params, commitBlocks, revealBlocks });
  } catch (cause) {
    if (cause instanceof ModuleError) refuse(`round.${cause.detail}`);
    throw cause;
  }
}

function checkOrder({ address, params, poolIds }: SealedGenesisEnv, order: SealedState, at: string): void {
  const { sender, hash, poolId, deposit, revealed, side, resource, limitE18 } = order;
  address.parse(sender);
  if (hash.length !== HASH_BYTES) refuse(`${at}.hash: expected ${HASH_BYTES} bytes, got ${hash.length}`);
  if (!poolIds.has(poolId)) refuse(`${at}.pool_id: expected a pool "${poolId}", got none`);
  if (deposit === 0n) refuse(`${at}.deposit: expected at least 1, got 0`);
  if (!revealed) {
    if (side !== Side.SIDE_UNSPECIFIED || resource !== 0n || limitE18 !== 0n)
      refuse(`${at}: expected no side, resource and limit before the reveal, got side ${side}, resource ${resource}, limit ${limitE18}`);
    return;
  }
  if (side !== Side.SIDE_BUY && side !== Side.SIDE_SELL) refuse(`${at}.side: expected 1 (buy) or 2 (sell), got ${side}`);
  if (limitE18 === 0n) refuse(`${at}.limit_e18: expected at least 1, got 0`);
  if (side !== Side.SIDE_BUY) return;
  const cost = largestCost(params, order, 1n);
  if (deposit < cost) refuse(`${at}.deposit: expected at least the order's largest cost ${cost}, got ${deposit}`);
}

/**
 * Writes the round and its orders. A round without orders need not hold the first height: the next one begins then.
 * @throws hmm/16 when the orders of the round could not be revealed or cleared any more, or not yet be committed
 */
export function initSealed({ state }: Market, ctx: Ctx, { round, orders }: CheckedSealed): void {
  if (round === undefined) return;
  const first = firstHeight(ctx);
  if (orders.length > 0 && !holdsHeight(round, first))
    refuse(
      `round: expected the first height ${first} in its heights ${round.startHeight} to ${roundEnd(round)}, got sealed orders outside`,
    );
  state.round.set(ctx, round);
  for (const order of orders) state.sealed.set(ctx, keyOf(order), order);
}

/** Reads the round and its orders, in the order of round, sender and hash. */
export function exportSealed({ state }: Market, ctx: ReadCtx): SealedGenesis {
  return { round: state.round.find(ctx), sealedOrders: Array.from(state.sealed.entries(ctx), ([, order]) => sealedToProto(order)) };
}

/**
 * Coins that lie on the market's account for sealed orders: all deposits, and the resource of revealed sales.
 * @returns base units by denomination
 */
export function sealedCoins(market: Market, ctx: ReadCtx): ReadonlyMap<string, bigint> {
  const { state } = market;
  const coins = new Map<string, bigint>();
  const add = (denom: string, amount: bigint): void => void coins.set(denom, (coins.get(denom) ?? 0n) + amount);
  for (const [, order] of state.sealed.entries(ctx)) {
    add(state.vault.get(ctx).creditDenom, order.deposit);
    if (order.side === Side.SIDE_SELL) add(getPool(market, ctx, order.poolId).denom, order.resource);
  }
  return coins;
}
