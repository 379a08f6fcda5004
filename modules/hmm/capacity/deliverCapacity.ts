import type { MsgDeliverCapacity, MsgDeliverCapacityResponse } from "#proto/hanzo/hmm/v1/tx";
import type { Ctx } from "#sdk";
import { parsePositive } from "../amounts.ts";
import type { Market } from "../market.ts";
import { deliverUnits } from "./deliverUnits.ts";

/**
 * Confirms that a commitment delivered units that the sender holds.
 * @throws hmm/2, hmm/31, hmm/32, hmm/34 as in README.md, sdk/5 when the sender lacks the units
 */
export function deliverCapacity(market: Market, ctx: Ctx, request: MsgDeliverCapacity): MsgDeliverCapacityResponse {
  const units = parsePositive(request.resource, "resource");
  const { paid, bondReturned } = deliverUnits(market, ctx, { holder: request.sender, commitmentId: request.commitmentId, units });
  return { paid: paid.toString(), bondReturned: bondReturned.toString() };
}
