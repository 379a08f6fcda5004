import type { MsgReleaseCapacity, MsgReleaseCapacityResponse } from "#proto/hanzo/hmm/v1/tx";
import type { Ctx } from "#sdk";
import { parsePositive } from "../amounts.ts";
import type { Market } from "../market.ts";
import { releaseUnits } from "./releaseUnits.ts";

/**
 * Takes unsold units of a commitment back, which returns their part of the bond.
 * @throws hmm/2, hmm/20, hmm/31, hmm/32, hmm/34 as in README.md
 */
export function releaseCapacity(market: Market, ctx: Ctx, request: MsgReleaseCapacity): MsgReleaseCapacityResponse {
  const units = parsePositive(request.resource, "resource");
  const bondReturned = releaseUnits(market, ctx, { worker: request.sender, commitmentId: request.commitmentId, units });
  return { bondReturned: bondReturned.toString() };
}
