import type { Aggregate, Params } from "#proto/hanzo/experience/v1/types";
import { BPS } from "#sdk";

const PPM = 1_000_000n;

/**
 * Refund of a bond: D·clamp(U/U_target, 0, 1), rounded down (whitepaper §9.3). A target of 0 is its limit: all for whoever does no harm. A round
 * that could not be measured, or had no core to measure against, refunds a fixed part.
 * @param bond D, base units
 * @param utility U, cases of the holdout set
 * @param aggregate the round's result, if there is one
 * @returns base units, 0 to D
 */
export function refundOf(params: Params, bond: bigint, utility: number, aggregate: Aggregate | undefined): bigint {
  if (aggregate?.measured !== true || aggregate.noCore) return (bond * BigInt(params.unmeasuredRefundBps)) / BPS;
  const target = (BigInt(aggregate.cases) * BigInt(params.utilityTargetPpm) + PPM - 1n) / PPM;
  const reached = BigInt(utility);
  if (reached < 0n) return 0n;
  return reached >= target ? bond : (bond * reached) / target;
}
