// The market against input that looks for a crack: the smallest amounts, the emptiest pools, gifts, ties, and orders seen by others. All of it
// through transactions on a node under CometBFT.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { MsgMultiSend, MsgSend } from "#proto/cosmos/bank/v1beta1/tx";
import {
  MsgAddLiquidity,
  MsgBuyExactOut,
  MsgBuyExactOutResponse,
  MsgCommitCapacity,
  MsgCommitCapacityResponse,
  MsgCreatePool,
  MsgMintCredit,
  MsgPlaceOrder,
  MsgPlaceOrderResponse,
  MsgRemoveLiquidity,
  MsgRemoveLiquidityResponse,
  MsgSell,
  MsgSellResponse,
  MsgSwap,
  MsgSwapResponse,
} from "#proto/hanzo/hmm/v1/tx";
import { Side } from "#proto/hanzo/hmm/v1/types";
import { CHAIN } from "../../app/hanzo.ts";
import { priceE18 } from "../../modules/hmm/curve/math.ts";
import { quoteBuyExactIn } from "../../modules/hmm/curve/quote.ts";
import { LOCAL_CLASSES, type ResourceClass } from "../../modules/hmm/index.ts";
import type { TestAccount } from "../harness/accounts.ts";
import { message, type TestMessage } from "../harness/signTx.ts";
import { MARKET_ACCOUNT, type MarketScene, openMarketScene } from "./harness/marketScene.ts";

const AI = 10n ** 18n;
const HUGE = (1n << 120n).toString();
const gpu = LOCAL_CLASSES.find(({ id }) => id === "gpu") ?? assert.fail("a gpu pool");
/** Reserves at the least that any operation may leave, at a price of two. */
const TINY: ResourceClass = { ...gpu, id: "tiny", denom: "ntiny", resourceClass: "tiny", psi: 1000n, theta: 2000n };
/** A pool that nobody has provided for yet: its reserves are taken out of the genesis below. */
const FRESH: ResourceClass = { ...gpu, id: "fresh", denom: "nfresh", resourceClass: "fresh", psi: 10n ** 12n, theta: 10n ** 12n };
const ALICE = 0;
const BOB = 1;
const WAIT_BLOCKS = 5n;
/** Resource base units on the market's account that no record speaks of. */
const GIFT = 10n ** 15n;

describe("the market against hostile input", () => {
  let scene: MarketScene;
  let alice: TestAccount;
  let bob: TestAccount;

  before(async () => {
    scene = await openMarketScene({
      classes: [TINY],
      holders: [
        [ALICE, "gpu", 10n ** 15n],
        [ALICE, "tiny", 100n],
        ["market", "gpu", GIFT],
      ],
      params: { orderBlocks: WAIT_BLOCKS, liquidityLockBlocks: 1n },
      change: (genesis) => {
        const empty = genesis.pools.find(({ id }) => id === "tiny") ?? assert.fail("a pool to copy");
        const none = { psi: "0", theta: "0", psiRef: "0", shares: "0" };
        const fresh = { ...empty, id: FRESH.id, denom: FRESH.denom, resourceClass: FRESH.resourceClass, centreE18: `${AI}`, ...none };
        return { ...genesis, pools: [...genesis.pools, fresh].sort((a, b) => (a.id < b.id ? -1 : 1)) };
      },
    });
    [alice, bob] = [scene.account(ALICE), scene.account(BOB)];
    for (const account of scene.accounts.slice(0, 6)) await scene.deliverOk([account], mint(account, 1000n * AI));
  });
  after(() => scene?.stop());

  const mint = ({ address: sender }: TestAccount, amount: bigint): TestMessage => message(MsgMintCredit, { sender, amount: `${amount}` });
  const buy = ({ address: sender }: TestAccount, poolId: string, amount: bigint): TestMessage =>
    message(MsgBuyExactOut, { sender, poolId, amountOut: `${amount}`, maxCredit: HUGE });
  const sell = ({ address: sender }: TestAccount, poolId: string, amount: bigint): TestMessage =>
    message(MsgSell, { sender, poolId, amountIn: `${amount}`, minCredit: "" });
  const swap = ({ address: sender }: TestAccount, creditIn: bigint, poolId = "gpu"): TestMessage =>
    message(MsgSwap, { sender, poolId, creditIn: `${creditIn}`, minOut: "" });
  const order = (
    { address: sender }: TestAccount,
    side: Side,
    terms: { poolId?: string; resource: bigint; limitE18: bigint },
  ): TestMessage => {
    const { poolId = "gpu", resource, limitE18 } = terms;
    return message(MsgPlaceOrder, { sender, poolId, side, resource: `${resource}`, limitE18: `${limitE18}`, blocks: 0n });
  };

  it("charges orders of one base unit at least the price, and never pays for going back and forth", async () => {
    const start = { credit: await scene.balance(alice.address, "credit"), gpu: await scene.balance(alice.address, "ngpu") };
    const pool = await scene.pool("gpu");
    const units = Array.from({ length: 40 }, () => [buy(alice, "gpu", 1n), sell(alice, "gpu", 1n)]).flat();
    const found = await scene.deliverOk([alice], ...units);
    for (let index = 0; index < units.length; index += 2) {
      const bought = found.answer(MsgBuyExactOutResponse, index).trade ?? assert.fail("a trade");
      const sold = found.answer(MsgSellResponse, index + 1).trade ?? assert.fail("a trade");
      assert.ok(BigInt(bought.credit) * AI >= BigInt(bought.priceBeforeE18), "a unit costs at least its price");
      assert.ok(BigInt(sold.credit) < BigInt(bought.credit), "it brings less than it cost");
    }
    assert.equal(await scene.balance(alice.address, "ngpu"), start.gpu);
    assert.ok((await scene.balance(alice.address, "credit")) < start.credit);
    const after = await scene.pool("gpu");
    assert.equal(after.psi, pool.psi);
    assert.ok(after.theta >= pool.theta, "the reserve never pays for rounding");
    scene.assertSound();
  });

  it("takes nothing from an order that would get nothing", async () => {
    const credit = await scene.balance(alice.address, "credit");
    const pool = await scene.pool("gpu");
    assert.equal((await scene.deliver([alice], swap(alice, 1n))).verdict, "hmm/5");
    // One that costs a millionth of the price waits, is never filled, and gets everything back.
    const placed = (
      await scene.deliverOk(
        [alice],
        order(alice, Side.SIDE_BUY, { resource: 1n, limitE18: 1n }),
        order(alice, Side.SIDE_BUY, { resource: 7n, limitE18: 1n }),
      )
    ).answer(MsgPlaceOrderResponse, 1);
    await scene.reach(Number(placed.expiresHeight) + 1);
    assert.equal(await scene.balance(alice.address, "credit"), credit);
    assert.match(await scene.refuse([alice], swap(alice, 0n)), /^hmm\/2 /);
    assert.match(await scene.refuse([alice], order(alice, Side.SIDE_BUY, { resource: 1n, limitE18: 0n })), /^hmm\/2 /);
    assert.deepEqual([(await scene.pool("gpu")).psi, (await scene.pool("gpu")).theta], [pool.psi, pool.theta]);
    scene.assertSound();
  });

  it("keeps a pool at its least reserves tradable one way, in orders and in batches, and never lets them fall", async () => {
    const least = await scene.pool("tiny");
    assert.equal(least.psi, 1000n);
    assert.equal((await scene.deliver([alice], buy(alice, "tiny", 1n))).verdict, "hmm/9");
    assert.equal((await scene.deliver([alice], swap(alice, 100n, "tiny"))).verdict, "hmm/9");
    assert.equal((await scene.deliver([alice], buy(alice, "tiny", 1000n))).verdict, "hmm/8");
    const terms = { poolId: "tiny", resource: 5n, limitE18: 1000n * AI };
    const placed = (await scene.deliverOk([alice], order(alice, Side.SIDE_BUY, terms))).answer(MsgPlaceOrderResponse);
    await scene.reach(Number(placed.expiresHeight) + 1);
    assert.equal((await scene.pool("tiny")).psi, 1000n, "the batch took nothing");
    const sold = (await scene.deliverOk([alice], sell(alice, "tiny", 2n))).answer(MsgSellResponse);
    assert.ok(sold.trade !== undefined, "it is bought at once");
    assert.equal((await scene.pool("tiny")).psi, 1002n);
    await scene.deliverOk([alice], buy(alice, "tiny", 2n));
    assert.equal((await scene.pool("tiny")).psi, 1000n);
    scene.assertSound();
  });

  it("takes no gifts, and lets none that lie on its account change reserves or quotes", async () => {
    const before = await scene.pool("gpu");
    assert.equal(await scene.balance(MARKET_ACCOUNT, "ngpu"), before.psi + GIFT, "the account owns more than the reserve");
    const gift = (denom: string, amount: bigint): TestMessage =>
      message(MsgSend, { fromAddress: alice.address, toAddress: MARKET_ACCOUNT, amount: [{ denom, amount: `${amount}` }] });
    assert.equal((await scene.deliver([alice], gift("credit", AI))).verdict, "bank/5", "credit does not change hands");
    assert.equal((await scene.deliver([alice], gift("ngpu", 10n ** 13n))).verdict, "sdk/4");
    assert.equal((await scene.deliver([alice], gift(CHAIN.baseDenom, AI))).verdict, "sdk/4");
    const output = { address: MARKET_ACCOUNT, coins: [{ denom: "ngpu", amount: "1" }] };
    const many = message(MsgMultiSend, { inputs: [{ ...output, address: alice.address }], outputs: [output] });
    assert.equal((await scene.deliver([alice], many)).verdict, "sdk/4");
    const after = await scene.pool("gpu");
    assert.deepEqual([after.psi, after.theta, after.shares], [before.psi, before.theta, before.shares]);
    const expected = quoteBuyExactIn(after, AI);
    const { trade } = (await scene.deliverOk([bob], swap(bob, AI))).answer(MsgSwapResponse);
    assert.equal(trade?.resource, `${expected.psi}`, "the quote counts the reserve, not the account");
    scene.assertSound();
  });

  it("opens pools for its authority only, and no first depositor can inflate a share against the second", async () => {
    const created = message(MsgCreatePool, {
      authority: alice.address,
      poolId: "mine",
      denom: "nmine",
      resourceClass: "mine",
      centreE18: `${AI}`,
      wE18: `${AI}`,
      lambdaE18: "0",
      marketFeeE18: "0",
      riskE18: "0",
    });
    assert.equal((await scene.deliver([alice], created)).verdict, "gov/13");
    const capacity = async (account: TestAccount, resource: bigint): Promise<bigint> => {
      const terms = { poolId: "fresh", resource: `${resource}`, bond: `${resource * 2n}`, blocks: 1_000_000n, askE18: "" };
      const found = await scene.deliverOk([account], message(MsgCommitCapacity, { sender: account.address, ...terms }));
      return found.answer(MsgCommitCapacityResponse).commitmentId;
    };
    const add = ({ address: sender }: TestAccount, commitmentId: bigint, amount: bigint): TestMessage => {
      const most = { maxResource: `${amount}`, maxCredit: `${amount}`, minShares: "" };
      return message(MsgAddLiquidity, { sender, poolId: "fresh", commitmentId, ...most });
    };
    const [first, second] = [await capacity(alice, 10n ** 12n), await capacity(bob, 10n ** 12n)];
    assert.equal((await scene.deliver([alice], add(alice, first, 999_999n))).verdict, "hmm/9");
    await scene.deliverOk([alice], add(alice, first, 1_000_000n));
    // What would make a share dear elsewhere: units at the account that are in no reserve. Alice's unsold capacity lies there, too.
    assert.ok((await scene.balance(MARKET_ACCOUNT, FRESH.denom)) > 1000n * (await scene.pool("fresh")).psi);
    const deposit = 123_456_789n;
    const before = { pool: await scene.pool("fresh"), credit: await scene.balance(bob.address, "credit") };
    await scene.deliverOk([bob], add(bob, second, deposit));
    const grown = await scene.pool("fresh");
    const shares = grown.shares - before.pool.shares;
    const taken = { psi: grown.psi - before.pool.psi, theta: grown.theta - before.pool.theta };
    assert.ok(taken.theta >= deposit - 1000n && taken.theta <= deposit, `nearly all was taken, got ${taken.theta}`);
    await scene.reach((await scene.deliverOk([alice], mint(alice, 1n))).height + 2);
    const removed = (
      await scene.deliverOk(
        [bob],
        message(MsgRemoveLiquidity, { sender: bob.address, poolId: "fresh", shares: `${shares}`, minResource: "", minCredit: "" }),
      )
    ).answer(MsgRemoveLiquidityResponse);
    assert.ok(taken.psi - BigInt(removed.resource) <= 2n, "the second depositor loses at most the rounding");
    assert.ok(taken.theta - BigInt(removed.credit) <= 2n, "the second depositor loses at most the rounding");
    scene.assertSound();
  });

  it("fills equal limits of one block alike, the odd unit to the earliest, at one price within every limit", async () => {
    const traders = scene.accounts.slice(0, 5);
    const pool = await scene.pool("gpu");
    const price = priceE18(pool);
    // Together five times what the limit lets the pool sell: everybody is rationed.
    const terms = { resource: (pool.psi * 9n) / 1000n, limitE18: (price * 1008n) / 1000n };
    const before = await Promise.all(traders.map(({ address }) => scene.balance(address, "ngpu")));
    const placed = await scene.deliverOk(traders, ...traders.map((trader) => order(trader, Side.SIDE_BUY, terms)));
    const ids = traders.map((_, index) => placed.answer(MsgPlaceOrderResponse, index).orderId);
    assert.deepEqual(
      ids,
      ids.map((_, index) => (ids[0] ?? 0n) + BigInt(index)),
    );
    await scene.reach(placed.height + Number(WAIT_BLOCKS) + 1);
    const got = await Promise.all(
      traders.map(async ({ address }, index) => (await scene.balance(address, "ngpu")) - (before[index] ?? 0n)),
    );
    const [most = 0n] = got;
    assert.ok(most > 0n && most < terms.resource, `a part is filled, got ${most} of ${terms.resource}`);
    for (const [index, units] of got.entries()) {
      const previous = got[index - 1] ?? units;
      // One odd unit per batch in which they took part.
      assert.ok(previous >= units && most - units <= WAIT_BLOCKS, `fills ${got.join(", ")}`);
    }
    scene.assertSound();
  });

  it("trades crossing orders with each other at one price, and takes nobody's limit", async () => {
    const pool = await scene.pool("gpu");
    const price = priceE18(pool);
    const resource = pool.psi / 200n;
    const bid = order(bob, Side.SIDE_BUY, { resource, limitE18: (price * 103n) / 100n });
    const ask = order(alice, Side.SIDE_SELL, { resource, limitE18: (price * 97n) / 100n });
    const before = await Promise.all([scene.balance(bob.address, "credit"), scene.balance(alice.address, "credit")]);
    const { height } = await scene.deliverOk([bob, alice], bid, ask);
    await scene.reach(height + Number(WAIT_BLOCKS) + 1);
    const after = await Promise.all([scene.balance(bob.address, "credit"), scene.balance(alice.address, "credit")]);
    const paid = (before[0] ?? 0n) - (after[0] ?? 0n);
    const received = (after[1] ?? 0n) - (before[1] ?? 0n);
    assert.ok(paid * AI <= ((price * 103n) / 100n) * resource + 3n * AI, "the buyer pays at most its limit");
    // Alice's side also paid a transaction fee, in native tokens only.
    assert.ok(received * AI >= ((price * 97n) / 100n) * resource - 3n * AI, "the seller gets at least its limit");
    assert.ok(paid > received, "both pay the market fee");
    const { psi } = await scene.pool("gpu");
    assert.ok(psi - pool.psi < resource / 100n && pool.psi - psi < resource / 100n, "the pool itself hardly took part");
    scene.assertSound();
  });
});
