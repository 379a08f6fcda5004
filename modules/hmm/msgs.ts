import type { MsgDefinition } from "#proto/hanzo/hmm/v1/tx";
import type { MsgHandlers } from "#sdk";
import { commitCapacity } from "./capacity/commitCapacity.ts";
import { deliverCapacity } from "./capacity/deliverCapacity.ts";
import { offerCapacity } from "./capacity/offerCapacity.ts";
import { releaseCapacity } from "./capacity/releaseCapacity.ts";
import { mintCredit } from "./credit/mintCredit.ts";
import { redeemCredit } from "./credit/redeemCredit.ts";
import { addBasket } from "./liquidity/addBasket.ts";
import { addLiquidity } from "./liquidity/addLiquidity.ts";
import { addSingleSided } from "./liquidity/addSingleSided.ts";
import { collectFees } from "./liquidity/collectFees.ts";
import { removeBasket } from "./liquidity/removeBasket.ts";
import { removeLiquidity } from "./liquidity/removeLiquidity.ts";
import type { Market } from "./market.ts";
import { buyExactOut } from "./orders/buyExactOut.ts";
import { cancelOrder } from "./orders/cancelOrder.ts";
import { placeLimitOrder } from "./orders/placeLimitOrder.ts";
import { sell } from "./orders/sell.ts";
import { sellExactOut } from "./orders/sellExactOut.ts";
import { swap } from "./orders/swap.ts";
import { createPool } from "./pool/createPool.ts";
import { setPoolStatus } from "./pool/setPoolStatus.ts";
import { updatePool } from "./pool/updatePool.ts";
import { allowRouter } from "./route/allowRouter.ts";
import { routeBundle } from "./route/routeBundle.ts";
import { commitOrder } from "./sealed/commitOrder.ts";
import { revealOrder } from "./sealed/revealOrder.ts";

/** Handlers of the market's messages; UpdateParams follows from the parameters. */
export const marketMsgs = (m: Market): MsgHandlers<typeof MsgDefinition> => ({
  mintCredit: (ctx, req) => mintCredit(m, ctx, req),
  redeemCredit: (ctx, req) => redeemCredit(m, ctx, req),
  swap: (ctx, req) => swap(m, ctx, req),
  buyExactOut: (ctx, req) => buyExactOut(m, ctx, req),
  sell: (ctx, req) => sell(m, ctx, req),
  sellExactOut: (ctx, req) => sellExactOut(m, ctx, req),
  placeOrder: (ctx, req) => placeLimitOrder(m, ctx, req),
  cancelOrder: (ctx, req) => cancelOrder(m, ctx, req),
  commitOrder: (ctx, req) => commitOrder(m, ctx, req),
  revealOrder: (ctx, req) => revealOrder(m, ctx, req),
  addLiquidity: (ctx, req) => addLiquidity(m, ctx, req),
  removeLiquidity: (ctx, req) => removeLiquidity(m, ctx, req),
  collectFees: (ctx, req) => collectFees(m, ctx, req),
  addSingleSided: (ctx, req) => addSingleSided(m, ctx, req),
  addBasket: (ctx, req) => addBasket(m, ctx, req),
  removeBasket: (ctx, req) => removeBasket(m, ctx, req),
  commitCapacity: (ctx, req) => commitCapacity(m, ctx, req),
  offerCapacity: (ctx, req) => offerCapacity(m, ctx, req),
  deliverCapacity: (ctx, req) => deliverCapacity(m, ctx, req),
  releaseCapacity: (ctx, req) => releaseCapacity(m, ctx, req),
  routeBundle: (ctx, req) => routeBundle(m, ctx, req),
  allowRouter: (ctx, req) => allowRouter(m, ctx, req),
  createPool: (ctx, req) => createPool(m, ctx, req),
  updatePool: (ctx, req) => updatePool(m, ctx, req),
  setPoolStatus: (ctx, req) => setPoolStatus(m, ctx, req),
});
