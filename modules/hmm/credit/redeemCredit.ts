import { EventCreditRedeemed } from "#proto/hanzo/hmm/v1/events";
import type { MsgRedeemCredit, MsgRedeemCreditResponse } from "#proto/hanzo/hmm/v1/tx";
import type { Ctx } from "#sdk";
import { parsePositive } from "../amounts.ts";
import type { Market } from "../market.ts";
import { burnAndRelease } from "./vault.ts";

/**
 * Burns credit and releases native tokens 1:1.
 * @throws hmm/2 bad amount, sdk/5 too little credit
 */
export function redeemCredit(market: Market, ctx: Ctx, { sender, amount }: MsgRedeemCredit): MsgRedeemCreditResponse {
  const redeemed = parsePositive(amount, "amount");
  const vault = burnAndRelease(market, ctx, sender, redeemed).toString();
  ctx.emit(EventCreditRedeemed, { owner: sender, amount, vault });
  return { released: amount, vault };
}
