import { bytesToHex } from "@noble/hashes/utils.js";
import { EventOrderCommitted } from "#proto/hanzo/hmm/v1/events";
import type { MsgCommitOrder, MsgCommitOrderResponse } from "#proto/hanzo/hmm/v1/tx";
import { Side } from "#proto/hanzo/hmm/v1/types";
import type { Ctx } from "#sdk";
import { parsePositive } from "../amounts.ts";
import { hmmError } from "../errors.ts";
import { getPool, type Market, type SealedKey } from "../market.ts";
import { depositTiers } from "./deposit.ts";
import { requirePhase, revealFrom, roundEnd } from "./round.ts";

/** GAS: what the end of the round does for one order: a deletion, two payments and an order, or a penalty. */
const END_GAS = 20_000n;

/**
 * Takes the deposit of an order of which only a hash is known. Paused pools take commits, too: theirs clear after the pause.
 * @throws hmm/22 outside of the commit phase, hmm/24 deposit or second commit, hmm/3 pool, hmm/25 full round, sdk/5 deposit not there
 */
export function commitOrder(market: Market, ctx: Ctx, { sender, poolId, hash, deposit: text }: MsgCommitOrder): MsgCommitOrderResponse {
  const { state, needs, account } = market;
  const round = requirePhase(market, ctx, "commit");
  const params = market.params.get(ctx);
  const deposit = parsePositive(text, "deposit");
  const tiers = depositTiers(params);
  if (!tiers.includes(deposit)) throw hmmError.invalidSealed(`deposit: expected one of ${tiers.join(", ")}, got ${deposit}`);
  getPool(market, ctx, poolId);
  const at: SealedKey = [[round.id, sender], hash];
  if (state.sealed.has(ctx, at))
    throw hmmError.invalidSealed(`hash: expected one commit of ${bytesToHex(hash)} by ${sender}, got a second`);
  if (round.sealed >= params.maxSealedOrders)
    throw hmmError.roundFull(`round ${round.id}: expected fewer than ${params.maxSealedOrders} sealed orders, got ${round.sealed}`);
  ctx.gas(END_GAS, "hmm sealed order");
  needs.bank.send(ctx, sender, account, state.vault.get(ctx).creditDenom, deposit);
  const terms = { side: Side.SIDE_UNSPECIFIED, resource: 0n, limitE18: 0n };
  state.sealed.set(ctx, at, { round: round.id, sender, hash, poolId, deposit, revealed: false, ...terms });
  state.round.set(ctx, { ...round, sealed: round.sealed + 1 });
  ctx.emit(EventOrderCommitted, { round: round.id, poolId, sender, hash: bytesToHex(hash), deposit: deposit.toString() });
  return { round: round.id, revealFromHeight: revealFrom(round), revealToHeight: roundEnd(round) };
}
