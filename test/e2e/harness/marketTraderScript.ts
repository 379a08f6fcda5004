// The ordinary trader: every kind of order, and every way in which one is refused.
import { MsgPlaceOrderResponse } from "#proto/hanzo/hmm/v1/tx";
import { Side } from "#proto/hanzo/hmm/v1/types";
import { minOf } from "#sdk";
import {
  AI,
  answerOf,
  balanceOf,
  hmmMessage,
  isRevealing,
  limitAt,
  partOf,
  pick,
  type Scene,
  type SeenPool,
  seePool,
  shuffled,
  worth,
} from "./marketSteps.ts";
import { ok, only, type Trader } from "./marketTrader.ts";

const POOLS = ["disk", "gpu", "gpu-eu", "net"] as const;
const HUGE = (1n << 120n).toString();

type Act = (trader: Trader, scene: Scene) => Promise<unknown>;

const send = (trader: Trader, name: string, type: string, value: object, allowed: (height: number) => readonly string[] = ok) =>
  trader.send({ name, messages: [hmmMessage(type, { sender: trader.address, ...value })], allowed });

const somePool = (trader: Trader): ReturnType<typeof seePool> => seePool(trader, pick(trader, POOLS));

/** A pool of whose resource the trader owns something worth selling; undefined when there is none. */
async function ownedPool(trader: Trader): Promise<{ readonly pool: SeenPool; readonly owned: bigint } | undefined> {
  for (const poolId of shuffled(trader, POOLS)) {
    const pool = await seePool(trader, poolId);
    const owned = await balanceOf(trader, pool.denom);
    if (owned > pool.psi / 100_000n) return { pool, owned };
  }
  return undefined;
}

/** Orders that succeed. */
const ORDERS: readonly Act[] = [
  async (trader) => {
    const pool = await somePool(trader);
    return send(trader, "swap", "Swap", { poolId: pool.id, creditIn: `${worth(pool, partOf(pool, trader, 1, 70), 100n)}`, minOut: "" });
  },
  buyExactOut,
  async (trader) => {
    const found = await ownedPool(trader);
    if (found === undefined) return;
    const { pool, owned } = found;
    return send(trader, "sell", "Sell", { poolId: pool.id, amountIn: `${minOf(owned / 2n, partOf(pool, trader, 1, 60))}`, minCredit: "" });
  },
  async (trader) => {
    const found = await ownedPool(trader);
    if (found === undefined) return;
    const { pool, owned } = found;
    const amount = minOf(owned, partOf(pool, trader, 5, 60));
    const wanted = { poolId: pool.id, creditOut: `${worth(pool, amount, 75n)}`, maxIn: `${amount}` };
    return send(trader, "sell exact out", "SellExactOut", wanted);
  },
  async (trader) => {
    const pool = await somePool(trader);
    const terms = {
      poolId: pool.id,
      side: Side.SIDE_BUY,
      resource: `${partOf(pool, trader, 5, 40)}`,
      limitE18: limitAt(pool, 120n),
      blocks: 0n,
    };
    return send(trader, "order that fills", "PlaceOrder", terms);
  },
  async (trader) => {
    const pool = await somePool(trader);
    const terms = {
      poolId: pool.id,
      side: Side.SIDE_BUY,
      resource: `${partOf(pool, trader, 1, 20)}`,
      limitE18: limitAt(pool, 50n),
      blocks: 2n,
    };
    return send(trader, "order that expires", "PlaceOrder", terms);
  },
  placeAndCancel,
];

async function buyExactOut(trader: Trader): Promise<void> {
  const pool = await somePool(trader);
  const amount = partOf(pool, trader, 1, 60);
  await send(trader, "buy exact out", "BuyExactOut", {
    poolId: pool.id,
    amountOut: `${amount}`,
    maxCredit: `${worth(pool, amount, 125n)}`,
  });
}

/** An order far from the price waits; its owner takes it back once, not twice. */
async function placeAndCancel(trader: Trader, scene: Scene): Promise<void> {
  const pool = await somePool(trader);
  const terms = {
    poolId: pool.id,
    side: Side.SIDE_BUY,
    resource: `${partOf(pool, trader, 1, 20)}`,
    limitE18: limitAt(pool, 60n),
    blocks: 0n,
  };
  const placed = answerOf(await send(trader, "order that waits", "PlaceOrder", terms), MsgPlaceOrderResponse);
  if (placed === undefined) return;
  const { orderId, expiresHeight } = placed;
  scene.waiting = { orderId, owner: trader.address };
  const inTime = (height: number): readonly string[] => (BigInt(height) <= expiresHeight ? ["ok"] : ["hmm/19"]);
  await send(trader, "cancel", "CancelOrder", { orderId }, inTime);
  await send(trader, "cancel again", "CancelOrder", { orderId }, only("hmm/19"));
}

/** Orders that are refused in their block, each with its code. */
const REFUSED: readonly Act[] = [
  async (trader) => {
    const pool = await somePool(trader);
    const terms = { poolId: pool.id, creditIn: `${worth(pool, pool.psi / 1000n, 100n)}`, minOut: `${pool.psi / 500n}` };
    return send(trader, "swap beyond its limit", "Swap", terms, only("hmm/6"));
  },
  async (trader) => {
    const pool = await somePool(trader);
    return send(trader, "large order", "BuyExactOut", { poolId: pool.id, amountOut: `${pool.psi / 20n}`, maxCredit: HUGE }, only("hmm/21"));
  },
  async (trader) => {
    const pool = await somePool(trader);
    const terms = { poolId: pool.id, amountOut: `${(pool.psi * 6n) / 10n}`, maxCredit: HUGE };
    return send(trader, "order beyond every limit", "BuyExactOut", terms, only("hmm/7"));
  },
  (trader) => send(trader, "unknown pool", "Swap", { poolId: "nothing", creditIn: "1000000", minOut: "" }, only("hmm/3")),
  (trader) => send(trader, "swap too small", "Swap", { poolId: "gpu", creditIn: "1", minOut: "" }, only("hmm/5")),
  (trader) => send(trader, "redeem what is not there", "RedeemCredit", { amount: `${10n ** 9n * AI}` }, only("sdk/5")),
  (trader, scene) => {
    const terms = { poolId: "gpu", side: Side.SIDE_BUY, resource: "1000", limitE18: "1", salt: new Uint8Array(32).fill(trader.index) };
    const allowed = (height: number): readonly string[] => (isRevealing(scene, height) ? ["hmm/23"] : ["hmm/22"]);
    return send(trader, "reveal of nothing", "RevealOrder", terms, allowed);
  },
  async (trader, scene) => {
    if (scene.waiting === undefined || scene.waiting.owner === trader.address) return;
    const { orderId } = scene.waiting;
    return send(trader, "cancel somebody else's", "CancelOrder", { orderId }, only("hmm/20", "hmm/19"));
  },
  (trader, scene) => {
    const value = { fromAddress: trader.address, toAddress: pick(trader, scene.addresses), amount: [{ denom: "credit", amount: "1" }] };
    const messages = [{ typeUrl: "/cosmos.bank.v1beta1.MsgSend", value }];
    return trader.send({ name: "give credit away", messages, allowed: only("bank/5") });
  },
];

/** Credit that a trader keeps at hand: more than all its orders of one round can escrow. */
const STOCK = 500n * AI;

/** Mints what is missing of an amount of credit. */
export async function stockUp(trader: Trader, stock: bigint): Promise<void> {
  const owned = await balanceOf(trader, "credit");
  if (owned < stock) await send(trader, "mint", "MintCredit", { amount: `${stock - owned}` });
}

/** One round of a trader: everything once, in a random order. */
export async function trade(trader: Trader, scene: Scene): Promise<void> {
  await stockUp(trader, STOCK);
  await buyExactOut(trader);
  for (const act of shuffled(trader, [...ORDERS, ...REFUSED])) {
    if (scene.isOver()) return;
    await act(trader, scene);
  }
  const owned = await balanceOf(trader, "credit");
  if (owned > 0n) await send(trader, "redeem", "RedeemCredit", { amount: `${owned / 4n + 1n}` });
}
