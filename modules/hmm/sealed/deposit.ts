// Deposits of sealed orders. They come in few sizes, so that they tell little about the orders behind them.

import type { Params } from "#proto/hanzo/hmm/v1/types";
import { divUp, E18 } from "#sdk";
import { roundingSlack } from "../orders/place.ts";
import { commitTierOf } from "../params.ts";

/** Number of tiers. */
const TIERS = 10;

/** Allowed deposits, rising: the smallest one times 10⁰ to 10⁹, credit base units. */
export function depositTiers(params: Params): readonly bigint[] {
  const least = commitTierOf(params);
  return Array.from({ length: TIERS }, (_, power) => least * 10n ** BigInt(power));
}

/**
 * Credit that the fills of a buy can cost.
 * @param batches most batches that can fill a part of it: each may round up once for the value and once for the fee
 * @returns credit base units; not bounded by any width
 */
export function largestCost(params: Params, { resource, limitE18 }: { resource: bigint; limitE18: bigint }, batches: bigint): bigint {
  return divUp(resource * limitE18, E18) + roundingSlack({ ...params, orderBlocks: batches });
}
