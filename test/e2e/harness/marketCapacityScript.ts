// The worker, who commits capacity, and its customer, who has it delivered and buys bundles for himself and for somebody else.
import { MsgCommitCapacityResponse, MsgOfferCapacityResponse } from "#proto/hanzo/hmm/v1/tx";
import { Bundle } from "#proto/hanzo/hmm/v1/types";
import { minOf } from "#sdk";
import { routeMessage } from "../../../app/client/route.ts";
import { AI, answerOf, balanceOf, hmmMessage, limitAt, type Scene, seePool, worth } from "./marketSteps.ts";
import { ok, only, type Trader, type Verdict } from "./marketTrader.ts";
import { stockUp } from "./marketTraderScript.ts";

/** Life of the commitments that must expire in the run, in blocks. */
const SHORT_LIFE = 8n;
const LONG_LIFE = 100_000n;

const send = (trader: Trader, name: string, type: string, value: object, allowed: (height: number) => readonly Verdict[] = ok) =>
  trader.send({ name, messages: [hmmMessage(type, { sender: trader.address, ...value })], allowed });

/** What only works before a commitment expires. */
const before =
  (expires: bigint | number, verdict: Verdict) =>
  (height: number): readonly Verdict[] =>
    height < Number(expires) ? [verdict] : ["hmm/31", "hmm/32"];

/** One round of a worker: capacity that is sold and expires, and capacity that stays unsold and is taken back. */
export async function work(trader: Trader, scene: Scene): Promise<void> {
  const pool = await seePool(trader, "gpu");
  const units = pool.psi / 1000n;
  const terms = { poolId: pool.id, resource: `${units}`, bond: `${worth(pool, units, 250n)}` };
  await send(trader, "capacity without bond", "CommitCapacity", { ...terms, bond: "1", blocks: SHORT_LIFE, askE18: "" }, only("hmm/33"));
  await commitCapacity(trader, scene, "capacity for sale", { ...terms, blocks: SHORT_LIFE, askE18: limitAt(pool, 80n) });
  const kept = await commitCapacity(trader, scene, "capacity", { ...terms, blocks: LONG_LIFE, askE18: "" });
  if (kept === undefined || scene.isOver()) return;
  const commitmentId = kept.commitmentId;
  const offer = { commitmentId, resource: `${units / 2n}`, askE18: limitAt(pool, 300n) };
  const offered = answerOf(await send(trader, "offer", "OfferCapacity", offer), MsgOfferCapacityResponse);
  await send(trader, "offer more than there is", "OfferCapacity", { ...offer, resource: `${units}` }, only("hmm/34"));
  await send(trader, "release", "ReleaseCapacity", { commitmentId, resource: `${units / 4n}` });
  await send(trader, "release more than there is", "ReleaseCapacity", { commitmentId, resource: `${units}` }, only("hmm/34"));
  if (offered === undefined) return;
  const inTime = (height: number): readonly Verdict[] => (BigInt(height) <= offered.expiresHeight ? ["ok"] : ["hmm/19"]);
  await send(trader, "cancel offer", "CancelOrder", { orderId: offered.orderId }, inTime);
  await send(trader, "offer cheap", "OfferCapacity", { commitmentId, resource: `${units / 4n}`, askE18: limitAt(pool, 80n) });
}

async function commitCapacity(trader: Trader, scene: Scene, name: string, value: object): Promise<MsgCommitCapacityResponse | undefined> {
  const found = answerOf(await send(trader, name, "CommitCapacity", value), MsgCommitCapacityResponse);
  if (found !== undefined) scene.commitments.push({ id: found.commitmentId, poolId: "gpu", expires: Number(found.expiresHeight) });
  return found;
}

/** What may become of a bundle that was quoted a few blocks ago: prices moved, or others used the window. */
const STALE: readonly Verdict[] = ["hmm/6", "hmm/29"];

const bundleOf = (trader: Trader): Bundle =>
  Bundle.fromPartial({
    needs: [
      { resourceClass: "gpu", resource: `${(1 + trader.random.below(20)) * 1e11}` },
      { resourceClass: "vram", resource: `${(1 + trader.random.below(20)) * 1e12}` },
    ],
    sla: { meanLatencyUs: 70_000n },
  });

/** One round of a customer. @param payer account that has allowed the customer to buy bundles with its credit */
export async function consume(trader: Trader, scene: Scene, payer: string): Promise<void> {
  await stockUp(trader, 200n * AI);
  const pool = await seePool(trader, "gpu");
  await send(trader, "swap", "Swap", { poolId: pool.id, creditIn: `${worth(pool, pool.psi / 2000n, 100n)}`, minOut: "" });
  await buyBundles(trader, payer);
  if (scene.isOver()) return;
  for (const { id, expires } of scene.commitments.slice(-3)) {
    await deliver(trader, id, expires);
    const other = { commitmentId: id, resource: "1" };
    await send(trader, "release somebody else's", "ReleaseCapacity", other, only("hmm/20", "hmm/31"));
  }
}

async function buyBundles(trader: Trader, payer: string): Promise<void> {
  const bundle = bundleOf(trader);
  const own = routeMessage(bundle, await trader.client.query.hmm.quoteBundle(bundle), { sender: trader.address, slippagePpm: 30_000n });
  await send(trader, "bundle", "RouteBundle", own, only("ok", ...STALE));
  const quote = await trader.client.query.hmm.quoteBundle(bundle);
  const other = routeMessage(bundle, quote, { sender: trader.address, owner: payer, slippagePpm: 30_000n });
  await send(trader, "bundle for another", "RouteBundle", other, only("ok", "hmm/28", ...STALE));
  await send(trader, "bundle without proof", "RouteBundle", { ...other, certificate: undefined }, only("hmm/28", ...STALE));
  const dear = { ...other, maxCost: `${BigInt(quote.cost) / 2n}` };
  await send(trader, "bundle beyond its limit", "RouteBundle", dear, only("hmm/6", "hmm/29"));
}

/** Has a part of what a commitment sold delivered; more than that is refused. */
async function deliver(trader: Trader, commitmentId: bigint, expires: number): Promise<void> {
  const found = await trader.client.query.hmm.commitment(commitmentId).catch(() => undefined);
  if (found?.commitment === undefined) return;
  const { outstanding, unsold } = found.commitment;
  const sold = BigInt(outstanding) - BigInt(unsold);
  const owned = await balanceOf(trader, "ngpu");
  const most = minOf(owned, sold);
  if (most < 4n) return;
  await send(trader, "deliver", "DeliverCapacity", { commitmentId, resource: `${most / 4n}` }, before(expires, "ok"));
  const more = { commitmentId, resource: outstanding };
  await send(trader, "deliver more than was sold", "DeliverCapacity", more, before(expires, "hmm/34"));
}
