// Stateless checks of the market's messages: run before a message costs a fee, and again before its handler.
// The sender is the signer, whose address the runtime has read already.
import type { MsgMintCredit, MsgRedeemCredit } from "#proto/hanzo/hmm/v1/tx";
import { parsePositive } from "./amounts.ts";
import { capacityChecks } from "./capacity/check.ts";
import { liquidityChecks } from "./liquidity/check.ts";
import { orderChecks } from "./orders/check.ts";
import { poolChecks } from "./pool/check.ts";
import { bundleChecks } from "./route/check.ts";
import { sealedChecks } from "./sealed/check.ts";

/** Checks by method name. */
export const marketChecks = {
  mintCredit(req: MsgMintCredit): void {
    parsePositive(req.amount, "amount");
  },
  redeemCredit(req: MsgRedeemCredit): void {
    parsePositive(req.amount, "amount");
  },
  ...orderChecks,
  ...sealedChecks,
  ...liquidityChecks,
  ...capacityChecks,
  ...bundleChecks,
  ...poolChecks,
} as const;
