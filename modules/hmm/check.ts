// Stateless checks of the market's messages: run before a message costs a fee, and again before its handler.
// The sender is the signer, whose address the runtime has read already.
import type {
  MsgAddLiquidity,
  MsgBuyExactOut,
  MsgCollectFees,
  MsgMintCredit,
  MsgRedeemCredit,
  MsgRemoveLiquidity,
  MsgSell,
  MsgSwap,
} from "#proto/hanzo/hmm/v1/tx";
import { parseLimit, parsePositive } from "./amounts.ts";
import { hmmError } from "./errors.ts";

/** Longest pool identifier. */
export const MAX_POOL_ID = 32;

/**
 * Whether a text can identify a pool: 1 to 32 of a–z, 0–9 and "-", beginning with a letter.
 */
export function isPoolId(text: string): boolean {
  if (text.length === 0 || text.length > MAX_POOL_ID) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const letter = code >= 97 && code <= 122;
    const other = (code >= 48 && code <= 57) || code === 45;
    if (!letter && (i === 0 || !other)) return false;
  }
  return true;
}

function requirePoolId(text: string): void {
  if (isPoolId(text)) return;
  const shown = text.length > MAX_POOL_ID ? `${text.length} characters` : JSON.stringify(text);
  throw hmmError.unknownPool(`pool_id: expected 1 to ${MAX_POOL_ID} of a-z, 0-9 and "-", got ${shown}`);
}

/** Checks by method name. */
export const marketChecks = {
  mintCredit(req: MsgMintCredit): void {
    parsePositive(req.amount, "amount");
  },
  redeemCredit(req: MsgRedeemCredit): void {
    parsePositive(req.amount, "amount");
  },
  swap(req: MsgSwap): void {
    requirePoolId(req.poolId);
    parsePositive(req.creditIn, "credit_in");
    parseLimit(req.minOut, "min_out");
  },
  buyExactOut(req: MsgBuyExactOut): void {
    requirePoolId(req.poolId);
    parsePositive(req.amountOut, "amount_out");
    parsePositive(req.maxCredit, "max_credit");
  },
  sell(req: MsgSell): void {
    requirePoolId(req.poolId);
    parsePositive(req.amountIn, "amount_in");
    parseLimit(req.minCredit, "min_credit");
  },
  addLiquidity(req: MsgAddLiquidity): void {
    requirePoolId(req.poolId);
    parsePositive(req.maxResource, "max_resource");
    parsePositive(req.maxCredit, "max_credit");
    parseLimit(req.minShares, "min_shares");
  },
  removeLiquidity(req: MsgRemoveLiquidity): void {
    requirePoolId(req.poolId);
    parsePositive(req.shares, "shares");
    parseLimit(req.minResource, "min_resource");
    parseLimit(req.minCredit, "min_credit");
  },
  collectFees(req: MsgCollectFees): void {
    requirePoolId(req.poolId);
  },
} as const;
