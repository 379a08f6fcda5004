// The liquidity provider: proportional, single-sided and in baskets; locked at first, then taken back with the fees.
import { MsgAddBasketResponse, MsgAddLiquidityResponse, MsgAddSingleSidedResponse } from "#proto/hanzo/hmm/v1/tx";
import { minOf } from "#sdk";
import { AI, answerOf, balanceOf, hmmMessage, type Scene, seePool, worth } from "./marketSteps.ts";
import { ok, only, type Trader } from "./marketTrader.ts";
import { stockUp } from "./marketTraderScript.ts";

const POOLS = ["disk", "gpu"] as const;
/** Resource that is worth providing, base units. */
const WORTHWHILE = 10_000_000n;

const send = (trader: Trader, name: string, type: string, value: object, allowed: (height: number) => readonly string[] = ok) =>
  trader.send({ name, messages: [hmmMessage(type, { sender: trader.address, ...value })], allowed });

/** Verdict of a removal, by the height at which all positions concerned are free. */
const lockedUntil =
  (unlock: bigint) =>
  (height: number): readonly string[] =>
    BigInt(height) < unlock ? ["hmm/13"] : ["ok"];

/** One round of a provider. */
export async function provide(trader: Trader, scene: Scene): Promise<void> {
  await stockUp(trader, 600n * AI);
  for (const poolId of POOLS) {
    const pool = await seePool(trader, poolId);
    await send(trader, "swap", "Swap", { poolId, creditIn: `${worth(pool, pool.psi / 2000n, 100n)}`, minOut: "" });
  }
  const unlocks = new Map<string, bigint>();
  for (const poolId of POOLS) await provideOne(trader, poolId, unlocks);
  await addBasket(trader, unlocks);
  if (scene.isOver()) return;
  const [first] = POOLS;
  const tooMuch = { poolId: first, shares: `${1n << 110n}`, minResource: "", minCredit: "" };
  await send(trader, "remove more than there is", "RemoveLiquidity", tooMuch, only("hmm/12", "hmm/13"));
  for (const poolId of POOLS) await removeSome(trader, poolId, unlocks);
  await removeBasket(trader, unlocks);
  for (const poolId of POOLS) await send(trader, "collect fees", "CollectFees", { poolId }, only("ok", "hmm/14"));
}

async function provideOne(trader: Trader, poolId: string, unlocks: Map<string, bigint>): Promise<void> {
  const pool = await seePool(trader, poolId);
  const owned = await balanceOf(trader, pool.denom);
  if (owned > WORTHWHILE) {
    const value = { poolId, maxResource: `${owned / 3n}`, maxCredit: `${100n * AI}`, minShares: "", commitmentId: 0n };
    const added = answerOf(await send(trader, "add liquidity", "AddLiquidity", value), MsgAddLiquidityResponse);
    if (added !== undefined) {
      unlocks.set(poolId, added.unlockHeight);
      const early = { poolId, shares: "1000000", minResource: "", minCredit: "" };
      await send(trader, "remove liquidity early", "RemoveLiquidity", early, lockedUntil(added.unlockHeight));
    }
    const slip = { ...value, maxResource: `${owned / 4n}`, minShares: `${1n << 110n}` };
    await send(trader, "add liquidity beyond its limit", "AddLiquidity", slip, only("hmm/6"));
  }
  // Somebody else may have used up the block's window.
  const credit = { poolId, resource: "", credit: `${AI / 2n}`, minShares: "" };
  const single = answerOf(
    await send(trader, "add single-sided credit", "AddSingleSided", credit, only("ok", "hmm/29")),
    MsgAddSingleSidedResponse,
  );
  if (single !== undefined) unlocks.set(poolId, single.unlockHeight);
  if (owned > 10n * WORTHWHILE) {
    const resource = { poolId, resource: `${owned / 10n}`, credit: "", minShares: "" };
    const sold = answerOf(
      await send(trader, "add single-sided resource", "AddSingleSided", resource, only("ok", "hmm/29")),
      MsgAddSingleSidedResponse,
    );
    if (sold !== undefined) unlocks.set(poolId, sold.unlockHeight);
  }
}

async function addBasket(trader: Trader, unlocks: Map<string, bigint>): Promise<void> {
  const pools: { readonly poolId: string; readonly maxResource: string }[] = [];
  for (const poolId of POOLS) {
    const { denom } = await seePool(trader, poolId);
    const owned = await balanceOf(trader, denom);
    if (owned <= WORTHWHILE) return;
    pools.push({ poolId, maxResource: `${owned / 4n}` });
  }
  const value = { pools, maxCredit: `${100n * AI}`, minFractionE18: "" };
  const added = answerOf(await send(trader, "add basket", "AddBasket", value), MsgAddBasketResponse);
  if (added !== undefined) for (const { poolId } of pools) unlocks.set(poolId, added.unlockHeight);
}

async function removeSome(trader: Trader, poolId: string, unlocks: ReadonlyMap<string, bigint>): Promise<void> {
  const unlock = unlocks.get(poolId);
  if (unlock === undefined) return;
  const { position } = await trader.client.query.hmm.position(trader.address, poolId);
  const shares = BigInt(position?.position?.shares ?? "0");
  if (shares < 4n) return;
  const value = { poolId, shares: `${shares / 4n}`, minResource: "", minCredit: "" };
  await send(trader, "remove liquidity", "RemoveLiquidity", value, lockedUntil(unlock));
}

async function removeBasket(trader: Trader, unlocks: ReadonlyMap<string, bigint>): Promise<void> {
  const found = POOLS.flatMap((poolId) => unlocks.get(poolId) ?? []);
  if (found.length < POOLS.length) return;
  const [first = 0n, second = 0n] = found;
  const unlock = first + second - minOf(first, second);
  const value = { poolIds: [...POOLS], fractionE18: `${AI / 3n}`, minCredit: "" };
  await send(trader, "remove basket", "RemoveBasket", value, lockedUntil(unlock));
}
