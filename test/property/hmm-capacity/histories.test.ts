import assert from "node:assert/strict";
import { test } from "node:test";
import { OrderKind, Side } from "#proto/hanzo/hmm/v1/types";
import { ModuleError, minOf } from "#sdk";
import { fc } from "../../harness/fastCheck.ts";
import { alice, bob, type CapacityMarket, E18, openCapacityMarket } from "../../unit/hmm/capacityMarket.ts";
import { ACCOUNT, CHAIN, TREASURY } from "../../unit/hmm/memoryMarket.ts";

const SEED = 20261124;
/** Accounts that can hold units of this test. */
const HOLDERS = [ACCOUNT, TREASURY, alice, bob];

/** One step of a history; numbers pick among what there is. */
interface Step {
  readonly kind: "commit" | "offer" | "cancel" | "deliver" | "release" | "buy" | "sell" | "return" | "slash" | "block" | "pause";
  readonly units: bigint;
  readonly pick: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(
    "commit",
    "commit",
    "buy",
    "buy",
    "deliver",
    "offer",
    "cancel",
    "deliver",
    "release",
    "buy",
    "sell",
    "return",
    "slash",
    "block",
    "block",
    "block",
    "pause",
  ),
  units: fc.oneof(fc.bigInt(1n, 30n), fc.bigInt(1n, 4_000_000_000n)),
  pick: fc.nat(1000),
});

const pickOf = <T>(list: readonly T[], pick: number): T | undefined => list[pick % Math.max(1, list.length)];

/** Mostly an amount that there is, sometimes whatever came. */
function within(units: bigint, most: bigint, pick: number): string {
  return `${pick % 8 === 0 || most === 0n ? units : 1n + (units % most)}`;
}

/** What a step may pick from. */
interface Scene extends Step {
  readonly market: CapacityMarket;
  readonly worker: string;
  readonly commitmentId: bigint;
  /** Units of the commitment that are neither sold nor on offer, and that are sold. */
  readonly free: bigint;
  readonly sold: bigint;
  /** Units that Bob holds. */
  readonly held: bigint;
  readonly price: string;
  /** Whatever Bob orders. */
  readonly order: object;
}

function sceneOf(market: CapacityMarket, one: Step): Scene {
  const { pick, units } = one;
  const chosen = pickOf(market.exportGenesis().commitments.slice(1), pick);
  const read = (text = "0"): bigint => BigInt(text);
  const price = `${(E18 * BigInt(150 + (pick % 80))) / 100n}`;
  return {
    ...one,
    market,
    worker: pick % 9 === 0 ? bob : (chosen?.worker ?? alice),
    commitmentId: chosen?.id ?? 99n,
    free: read(chosen?.unsold) - read(chosen?.onOffer),
    sold: read(chosen?.outstanding) - read(chosen?.unsold),
    held: market.balance(bob, "ngpu"),
    price,
    order: { sender: bob, poolId: "gpu", limitE18: price, resource: `${units}`, blocks: BigInt(1 + (pick % 4)) },
  };
}

const ACTIONS: Readonly<Record<Step["kind"], (scene: Scene) => unknown>> = {
  commit({ market, units, pick, price }) {
    const bond = `${market.facet.leastBond(market.ctx, "gpu", units)}`;
    const askE18 = pick % 4 === 0 ? "" : price;
    return market.commit({ sender: pick % 3 === 0 ? bob : alice, resource: `${units}`, bond, blocks: BigInt(1 + (pick % 9)), askE18 });
  },
  offer: ({ market, worker, commitmentId, units, free, pick, price }) =>
    market.send("OfferCapacity", { sender: worker, commitmentId, resource: within(units, free, pick), askE18: price }),
  cancel: ({ market, worker, pick }) => market.send("CancelOrder", { sender: worker, orderId: pickOf(market.orders(), pick)?.id ?? 1n }),
  deliver: ({ market, commitmentId, units, held, sold, pick }) =>
    market.send("DeliverCapacity", { sender: bob, commitmentId, resource: within(units, minOf(held, sold), pick) }),
  release: ({ market, worker, commitmentId, units, free, pick }) =>
    market.send("ReleaseCapacity", { sender: worker, commitmentId, resource: within(units, free, pick) }),
  buy: ({ market, order }) => market.send("PlaceOrder", { ...order, limitE18: `${3n * E18}`, side: Side.SIDE_BUY }),
  sell: ({ market, order, units, held, pick }) =>
    market.send("PlaceOrder", { ...order, resource: within(units, held, pick), side: Side.SIDE_SELL }),
  return: ({ market, units, held, pick }) =>
    market.facet.returnUnits(market.ctx, { owner: bob, poolId: "gpu", resource: BigInt(within(units, held, pick)), creditCap: units }),
  slash: ({ market, commitmentId, units }) => market.facet.slash(market.ctx, commitmentId, TREASURY, units * 4n),
  block: ({ market }) => market.endBlock(),
  pause: ({ market, pick }) => market.setPaused(pick % 4 === 0),
};

/** Ordinary refusals leave everything as it was; anything else is a fault. */
function attempt(market: CapacityMarket, one: Step): void {
  const before = market.ctx.height;
  try {
    ACTIONS[one.kind](sceneOf(market, one));
  } catch (cause) {
    if (!(cause instanceof ModuleError)) throw cause;
    assert.notEqual(one.kind, "block", cause.message);
    assert.ok(cause.codespace === "hmm" || cause.code === 5, cause.message);
  }
  assert.ok(market.ctx.height >= before);
}

/** The supply counted by holders, and promised by commitments. */
function requireIdentity(market: CapacityMarket): void {
  const held = HOLDERS.reduce((sum, owner) => sum + market.balance(owner, "ngpu"), 0n);
  const promised = market.exportGenesis().commitments.reduce((sum, { outstanding }) => sum + BigInt(outstanding), 0n);
  assert.equal(held, promised);
  assert.equal(market.bank.supply(market.ctx, "ngpu"), promised);
}

test("in every history the supply is what is outstanding, and after the last expiry no money of commitments is left", () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 60, size: "max" }), (history) => {
      const market = openCapacityMarket({ native: 10n ** 15n, params: { orderBlocks: 4n } });
      market.send("MintCredit", { sender: bob, amount: `${10n ** 12n}` });
      for (const one of history) {
        attempt(market, one);
        market.requireInvariants();
        requireIdentity(market);
      }
      market.setPaused(false);
      for (let i = 0; i < 20; i++) market.endBlock();
      market.requireInvariants();
      requireIdentity(market);
      assert.deepEqual(
        market.orders().filter(({ kind }) => kind !== OrderKind.ORDER_KIND_TRADER),
        [],
      );
      for (const { type } of market.events) seen.set(type, (seen.get(type) ?? 0) + 1);
      // Bonds and receivables are gone from the account: what native tokens it holds are locked behind credit.
      assert.equal(market.balance(ACCOUNT, CHAIN.baseDenom), market.bank.supply(market.ctx, "credit"));
    }),
    { seed: SEED, numRuns: 50 },
  );
  for (const event of ["CapacityDelivered", "CapacityReleased", "CapacityExpired", "CapacitySettled", "LpLoss"])
    assert.ok((seen.get(`hanzo.hmm.v1.Event${event}`) ?? 0) > 10, `${event}: ${seen.get(`hanzo.hmm.v1.Event${event}`)}`);
});
