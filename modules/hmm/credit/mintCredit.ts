import { EventCreditMinted } from "#proto/hanzo/hmm/v1/events";
import type { MsgMintCredit, MsgMintCreditResponse } from "#proto/hanzo/hmm/v1/tx";
import type { Ctx } from "#sdk";
import { parsePositive } from "../amounts.ts";
import type { Market } from "../market.ts";
import { lockAndMint } from "./vault.ts";

/**
 * Locks native tokens and mints credit 1:1.
 * @throws hmm/2 bad amount, sdk/5 too few native tokens
 */
export function mintCredit(market: Market, ctx: Ctx, { sender, amount }: MsgMintCredit): MsgMintCreditResponse {
  const minted = parsePositive(amount, "amount");
  const vault = lockAndMint(market, ctx, sender, minted).toString();
  ctx.emit(EventCreditMinted, { owner: sender, amount, vault });
  return { credit: amount, vault };
}
