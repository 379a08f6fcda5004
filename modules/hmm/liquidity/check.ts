// Stateless checks of liquidity messages.

import type {
  MsgAddBasket,
  MsgAddLiquidity,
  MsgAddSingleSided,
  MsgCollectFees,
  MsgRemoveBasket,
  MsgRemoveLiquidity,
} from "#proto/hanzo/hmm/v1/tx";
import { E18 } from "#sdk";
import { parseLimit, parsePositive } from "../amounts.ts";
import { hmmError } from "../errors.ts";
import { requirePoolId } from "../poolId.ts";
import { offerOf } from "./addSingleSided.ts";

/** Most pools of one basket. */
const MAX_BASKET = 16;

/** Every pool once, in the order of the identifiers. */
function requireBasket(ids: readonly string[], name: string): void {
  if (ids.length === 0 || ids.length > MAX_BASKET) throw hmmError.invalidAmount(`${name}: expected 1 to ${MAX_BASKET}, got ${ids.length}`);
  let before = "";
  for (const id of ids) {
    requirePoolId(id);
    if (id <= before) throw hmmError.invalidAmount(`${name}: expected identifiers in rising order, got "${id}" after "${before}"`);
    before = id;
  }
}

/** Checks by method name. */
export const liquidityChecks = {
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
  addSingleSided(req: MsgAddSingleSided): void {
    requirePoolId(req.poolId);
    offerOf(req);
    parseLimit(req.minShares, "min_shares");
  },
  addBasket(req: MsgAddBasket): void {
    requireBasket(
      req.pools.map(({ poolId }) => poolId),
      "pools",
    );
    for (const { poolId, maxResource } of req.pools) parsePositive(maxResource, `${poolId}.max_resource`);
    parsePositive(req.maxCredit, "max_credit");
    parseLimit(req.minFractionE18, "min_fraction_e18");
  },
  removeBasket(req: MsgRemoveBasket): void {
    requireBasket(req.poolIds, "pool_ids");
    const fraction = parsePositive(req.fractionE18, "fraction_e18");
    if (fraction > E18) throw hmmError.invalidAmount(`fraction_e18: expected 1 to ${E18}, got ${fraction}`);
    parseLimit(req.minCredit, "min_credit");
  },
} as const;
