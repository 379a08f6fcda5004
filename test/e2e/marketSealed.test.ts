// Sealed orders against those who copy, repeat, come early or late, or do not come at all.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { MsgCommitOrder, MsgMintCredit, MsgRevealOrder } from "#proto/hanzo/hmm/v1/tx";
import { Side } from "#proto/hanzo/hmm/v1/types";
import { createSealedOrder, type SealedOrderPlan } from "../../app/client/sealedOrder.ts";
import { priceE18 } from "../../modules/hmm/curve/math.ts";
import type { TestAccount } from "../harness/accounts.ts";
import { message, type TestMessage } from "../harness/signTx.ts";
import { type MarketScene, openMarketScene } from "./harness/marketScene.ts";

const AI = 10n ** 18n;
const TIER = 1000n * AI;
const FORFEIT = TIER / 100n;
/** Far longer than the transactions of one phase take, which need a handful of blocks. */
const PHASE_BLOCKS = 30n;

describe("sealed orders", () => {
  let scene: MarketScene;
  let alice: TestAccount;
  let bob: TestAccount;

  before(async () => {
    scene = await openMarketScene({ params: { commitBlocks: PHASE_BLOCKS, revealBlocks: PHASE_BLOCKS } });
    [alice, bob] = [scene.account(0), scene.account(1)];
    for (const account of [alice, bob])
      await scene.deliverOk([account], message(MsgMintCredit, { sender: account.address, amount: `${5n * TIER}` }));
  });
  after(() => scene?.stop());

  const commit = (plan: SealedOrderPlan, change: Partial<MsgCommitOrder> = {}): TestMessage =>
    message(MsgCommitOrder, { ...plan.commit, ...change });
  const reveal = (plan: SealedOrderPlan, change: Partial<MsgRevealOrder> = {}): TestMessage =>
    message(MsgRevealOrder, { ...plan.reveal, ...change });

  /** A large purchase at up to 40 % above the price. @param part of the reserve, in ten-thousandths */
  async function seal(account: TestAccount, round: bigint, part = 200n): Promise<SealedOrderPlan> {
    const pool = await scene.pool("gpu");
    const terms = { poolId: "gpu", side: Side.SIDE_BUY, resource: (pool.psi * part) / 10_000n, limitE18: (priceE18(pool) * 14n) / 10n };
    return createSealedOrder({ ...terms, chainId: scene.chain.chainId, round, sender: account.address });
  }

  it("binds an order to its sender, round and content, and takes it once", async () => {
    const round = await nextCommitPhase();
    const plan = await seal(alice, round);
    const credit = { alice: await scene.balance(alice.address, "credit"), bob: await scene.balance(bob.address, "credit") };
    const second = commit(plan, { deposit: `${TIER + 1n}` });
    const committed = await scene.deliverInRow(alice, commit(plan), commit(plan), second, reveal(plan));
    assert.deepEqual(committed, ["ok", "hmm/24", "hmm/24", "hmm/22"], "once, no second time, no deposit between tiers, no reveal yet");
    // A copy is another order: it is the copier's own deposit behind a hash that the copier cannot open.
    await scene.deliverOk([bob], commit(plan, { sender: bob.address }));

    const late = commit(await seal(alice, round + 1n));
    const size = reveal(plan, { resource: `${BigInt(plan.reveal.resource) - 1n}` });
    const salt = reveal(plan, { salt: Uint8Array.from(plan.salt, (byte, index) => (index === 31 ? byte ^ 1 : byte)) });
    await scene.phase(true);
    assert.equal((await scene.deliver([bob], reveal(plan, { sender: bob.address }))).verdict, "hmm/23", "a copied reveal");
    const revealed = await scene.deliverInRow(alice, late, size, reveal(plan, { poolId: "disk" }), salt, reveal(plan), reveal(plan));
    assert.deepEqual(
      revealed,
      ["hmm/22", "hmm/23", "hmm/23", "hmm/23", "ok", "hmm/24"],
      "a commit too late, another size, pool and salt, the reveal, a second one",
    );
    scene.assertSound();

    const next = await scene.phase(false);
    assert.equal(next, round + 1n);
    assert.equal(
      await scene.balance(alice.address, "ngpu"),
      BigInt(plan.reveal.resource),
      "the order was filled in the round's last batch",
    );
    assert.ok((await scene.balance(alice.address, "credit")) > credit.alice - TIER / 4n, "the rest of the deposit came back");
    assert.equal(await scene.balance(bob.address, "credit"), credit.bob - FORFEIT, "who does not reveal loses a hundredth, no more");
    scene.assertSound();

    await scene.phase(true);
    assert.equal((await scene.deliver([alice], reveal(plan))).verdict, "hmm/23", "the same reveal in the next round");
    scene.assertSound();
  });

  it("refuses a reveal whose cost the deposit does not cover, and keeps the forfeit for that, too", async () => {
    const round = await nextCommitPhase();
    const pool = await scene.pool("gpu");
    const terms = { poolId: "gpu", side: Side.SIDE_BUY, resource: pool.psi / 50n, limitE18: priceE18(pool) * 20n };
    // An honest client would choose the tier above.
    const plan = createSealedOrder({ ...terms, chainId: scene.chain.chainId, round, sender: alice.address });
    assert.equal(plan.commit.deposit, `${10n * TIER}`);
    const credit = await scene.balance(alice.address, "credit");
    const burned = (await scene.supply()).get("credit") ?? 0n;
    await scene.deliverOk([alice], commit(plan, { deposit: `${TIER}` }));
    await scene.phase(true);
    const refused = await scene.deliver([alice], reveal(plan));
    assert.equal(refused.verdict, "hmm/24");
    assert.match(refused.log, /deposit: expected at least/);
    await scene.phase(false);
    assert.equal(await scene.balance(alice.address, "credit"), credit - FORFEIT);
    assert.equal((await scene.supply()).get("credit"), burned - FORFEIT / 2n, "half of it is burned");
    scene.assertSound();
  });

  /** Waits for the beginning of a commit phase, so that all of it lies ahead. */
  async function nextCommitPhase(): Promise<bigint> {
    await scene.phase(true);
    return scene.phase(false);
  }
});
