// Stateless checks of the authority's messages. Ranges that need the stored pool are checked by the handlers.

import type { MsgCreatePool, MsgSetPoolStatus, MsgUpdatePool } from "#proto/hanzo/hmm/v1/tx";
import { PoolStatus } from "#proto/hanzo/hmm/v1/types";
import { parseAmount, parseLimit, parsePositive } from "../amounts.ts";
import { hmmError } from "../errors.ts";
import { requirePoolId } from "../poolId.ts";

function checkOptional(text: string, name: string): void {
  if (text !== "") parseAmount(text, name);
}

/** Checks by method name. */
export const poolChecks = {
  createPool(req: MsgCreatePool): void {
    requirePoolId(req.poolId);
    parsePositive(req.centreE18, "centre_e18");
    parsePositive(req.wE18, "w_e18");
    parseLimit(req.lambdaE18, "lambda_e18");
    parseLimit(req.marketFeeE18, "market_fee_e18");
    parseLimit(req.riskE18, "risk_e18");
  },
  updatePool(req: MsgUpdatePool): void {
    requirePoolId(req.poolId);
    checkOptional(req.marketFeeE18, "market_fee_e18");
    checkOptional(req.riskE18, "risk_e18");
    if (req.dynamicRisk && req.riskE18 !== "") throw hmmError.invalidPool("expected either risk_e18 or dynamic_risk, got both");
    if (req.ramp === undefined) return;
    checkOptional(req.ramp.centreE18, "ramp.centre_e18");
    checkOptional(req.ramp.wE18, "ramp.w_e18");
    checkOptional(req.ramp.lambdaE18, "ramp.lambda_e18");
  },
  setPoolStatus(req: MsgSetPoolStatus): void {
    requirePoolId(req.poolId);
    if (req.status !== PoolStatus.POOL_STATUS_ACTIVE && req.status !== PoolStatus.POOL_STATUS_PAUSED)
      throw hmmError.invalidPool(`status: expected 1 (active) or 2 (paused), got ${req.status}`);
  },
} as const;
