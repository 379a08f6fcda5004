import { bytesToHex } from "@noble/hashes/utils.js";
import { EventOrderRevealed } from "#proto/hanzo/hmm/v1/events";
import type { MsgRevealOrder, MsgRevealOrderResponse } from "#proto/hanzo/hmm/v1/tx";
import { type Round, Side } from "#proto/hanzo/hmm/v1/types";
import { type Ctx, minOf } from "#sdk";
import { parsePositive } from "../amounts.ts";
import { maxOrder } from "../curve/limits.ts";
import { hmmError } from "../errors.ts";
import { getPool, type Market, type SealedKey } from "../market.ts";
import { parseLimitPrice } from "../orders/limitPrice.ts";
import { SIDE_NAMES } from "../orders/place.ts";
import { largestCost } from "./deposit.ts";
import { sealedOrderHash } from "./hash.ts";
import type { SealedState } from "./record.ts";
import { requirePhase, roundEnd } from "./round.ts";

/** A committed order with what its reveal says. */
interface Opened {
  readonly order: SealedState;
  readonly resource: bigint;
  readonly limitE18: bigint;
}

/**
 * Shows a committed order, which clears with the batch of the round's last block. A sale's resource is taken now. What exceeds the largest order
 * is cut off, and paused pools take reveals, too: whoever reveals in time never loses a deposit.
 * @throws hmm/22 outside of the reveal phase, hmm/23 no such commit, hmm/24 revealed already, other pool, or deposit below the largest cost;
 * sdk/5 the sender lacks the resource that it sells
 */
export function revealOrder(market: Market, ctx: Ctx, request: MsgRevealOrder): MsgRevealOrderResponse {
  const { state, needs, account, params } = market;
  const { sender, side } = request;
  const round = requirePhase(market, ctx, "reveal");
  const { order, resource: wanted, limitE18 } = openSealed(market, ctx, round, request);
  const pool = getPool(market, ctx, order.poolId);
  const present = params.get(ctx);
  if (side === Side.SIDE_BUY) {
    const cost = largestCost(present, { resource: wanted, limitE18 }, 1n);
    if (cost > order.deposit)
      throw hmmError.invalidSealed(`deposit: expected at least the order's largest cost ${cost}, got ${order.deposit}`);
  }
  const resource = minOf(wanted, maxOrder(pool, present.maxOrderBps));
  if (side === Side.SIDE_SELL) needs.bank.send(ctx, sender, account, pool.denom, resource);
  state.sealed.set(ctx, keyOf(order), { ...order, revealed: true, side, resource, limitE18 });
  ctx.emit(EventOrderRevealed, {
    round: round.id,
    poolId: order.poolId,
    sender,
    hash: bytesToHex(order.hash),
    side: SIDE_NAMES[side],
    resource: resource.toString(),
    limitE18: limitE18.toString(),
  });
  return { clearsHeight: roundEnd(round) };
}

/** Key under which a sealed order is stored. */
export function keyOf({ round, sender, hash }: SealedState): SealedKey {
  return [[round, sender], hash];
}

/** Finds the commit to what is revealed. @throws hmm/2, hmm/23, hmm/24 */
function openSealed({ state, address }: Market, ctx: Ctx, { id: round }: Round, request: MsgRevealOrder): Opened {
  const { sender, poolId, side, salt } = request;
  const resource = parsePositive(request.resource, "resource");
  const limitE18 = parseLimitPrice(request.limitE18, "limit_e18");
  const terms = { chainId: ctx.chainId, round, poolId, sender: address.parse(sender), side, resource, limitE18, salt };
  const hash = sealedOrderHash(terms);
  const order = state.sealed.find(ctx, [[round, sender], hash]);
  const shown = bytesToHex(hash);
  if (order === undefined)
    throw hmmError.unknownSealed(`round ${round}: expected a commit of ${sender} with the hash of this chain, round and order, ${shown}`);
  if (order.revealed) throw hmmError.invalidSealed(`hash: expected one reveal of ${shown}, got a second`);
  if (order.poolId !== poolId) throw hmmError.invalidSealed(`pool_id: expected "${order.poolId}" as committed, got "${poolId}"`);
  return { order, resource, limitE18 };
}
