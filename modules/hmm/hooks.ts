import type { Ctx } from "#sdk";
import { expireCommitments } from "./capacity/expireCommitments.ts";
import type { Market } from "./market.ts";
import { clearPools } from "./orders/clearPools.ts";
import { closePools } from "./pool/closeBlock.ts";
import { advanceScheduled } from "./pool/ramp.ts";
import { endRound } from "./sealed/endRound.ts";
import { advanceRound } from "./sealed/round.ts";

/** Beginning of a block: curves move and tripped pools resume, rounds of sealed orders follow each other, commitments expire. */
export function beginBlock(market: Market, ctx: Ctx): void {
  advanceScheduled(market, ctx);
  advanceRound(market, ctx);
  expireCommitments(market, ctx);
}

/** End of a block: revealed orders join the batches, the batches clear, and every pool that moved settles its figures. */
export function endBlock(market: Market, ctx: Ctx): void {
  endRound(market, ctx);
  clearPools(market, ctx);
  closePools(market, ctx);
}
