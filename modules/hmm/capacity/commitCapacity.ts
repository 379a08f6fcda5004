import type { MsgCommitCapacity, MsgCommitCapacityResponse } from "#proto/hanzo/hmm/v1/tx";
import type { Ctx } from "#sdk";
import { parseAmount, parsePositive } from "../amounts.ts";
import { getActivePool, type Market } from "../market.ts";
import { twapE18 } from "../pool/twap.ts";
import { requireBond } from "./bond.ts";
import { parseAsk } from "./check.ts";
import { openCommitment } from "./openCommitment.ts";

/** Weight of capacity that nobody graded, ppm: units count as they are. */
const FULL_WEIGHT = 1_000_000;

/**
 * Promises capacity behind a bond, which mints resource tokens, and offers them for sale when an ask is given.
 * @throws hmm/2, hmm/3, hmm/4, hmm/32, hmm/33 as in README.md, sdk/5 when the worker lacks the bond
 */
export function commitCapacity(market: Market, ctx: Ctx, request: MsgCommitCapacity): MsgCommitCapacityResponse {
  const { sender, poolId, blocks } = request;
  const units = parsePositive(request.resource, "resource");
  const bond = parseAmount(request.bond, "bond");
  const askE18 = parseAsk(request.askE18);
  const pool = getActivePool(market, ctx, poolId);
  requireBond(market.params.get(ctx), units, twapE18(market, ctx, pool), bond);
  const terms = { worker: sender, poolId, units, weightPpm: FULL_WEIGHT, bond, blocks, askE18 };
  const { commitment, order } = openCommitment(market, ctx, terms);
  return { commitmentId: commitment.id, expiresHeight: commitment.expiresHeight, orderId: order?.id ?? 0n };
}
