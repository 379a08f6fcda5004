// Stateless checks of the messages about capacity.
import type { MsgCommitCapacity, MsgDeliverCapacity, MsgOfferCapacity, MsgReleaseCapacity } from "#proto/hanzo/hmm/v1/tx";
import { parseAmount, parsePositive } from "../amounts.ts";
import { hmmError } from "../errors.ts";
import { parseLimitPrice } from "../orders/limitPrice.ts";

/**
 * Reads the ask of a new commitment, which may be left out.
 * @param text canonical decimal integer; empty or "0" for no offer
 * @returns credit per resource base unit times 10¹⁸, below 2^192; 0 for no offer
 * @throws hmm/2 when the text is not canonical or too large
 */
export function parseAsk(text: string): bigint {
  return text === "" || text === "0" ? 0n : parseLimitPrice(text, "ask_e18");
}

function requireCommitmentId(id: bigint): void {
  if (id === 0n) throw hmmError.unknownCommitment("commitment_id: expected at least 1, got 0");
}

/** Checks by method name. */
export const capacityChecks = {
  commitCapacity(req: MsgCommitCapacity): void {
    parsePositive(req.resource, "resource");
    parseAmount(req.bond, "bond");
    parseAsk(req.askE18);
    if (req.blocks === 0n) throw hmmError.invalidCommitment("blocks: expected at least 1, got 0");
  },
  offerCapacity(req: MsgOfferCapacity): void {
    requireCommitmentId(req.commitmentId);
    parsePositive(req.resource, "resource");
    parseLimitPrice(req.askE18, "ask_e18");
  },
  deliverCapacity(req: MsgDeliverCapacity): void {
    requireCommitmentId(req.commitmentId);
    parsePositive(req.resource, "resource");
  },
  releaseCapacity(req: MsgReleaseCapacity): void {
    requireCommitmentId(req.commitmentId);
    parsePositive(req.resource, "resource");
  },
} as const;
