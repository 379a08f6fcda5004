// The market under a load of everything that it does: four validators, ten stock cosmjs clients on different nodes, and at every height the
// identities of its ledger, computed from the outside. `MARKET_SEED` repeats a run's choices.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { CHAIN } from "../../app/hanzo.ts";
import { moduleAccount } from "../harness/accounts.ts";
import { createChainAuditor } from "./harness/marketAuditor.ts";
import type { ExecutedBlock } from "./harness/marketBlocks.ts";
import { consume, work } from "./harness/marketCapacityScript.ts";
import { type MarketNet, startMarketNet } from "./harness/marketNet.ts";
import { provide } from "./harness/marketProviderScript.ts";
import * as sealed from "./harness/marketSealedScript.ts";
import { AI, hmmMessage, type Scene } from "./harness/marketSteps.ts";
import { connectTrader, LoadOver, ok, type SentStep, type Trader } from "./harness/marketTrader.ts";
import { trade } from "./harness/marketTraderScript.ts";
import { appHead } from "./harness/rpc.ts";
import { devAccounts } from "./harness/wallet.ts";

const SEED = Number(process.env["MARKET_SEED"] ?? 20_261_124);
const VALIDATORS = 4;
const BLOCK_MS = 150;
/** Blocks under load: at least these, and until all that it must show has happened, but not beyond the second number. */
const BLOCKS = 50;
const MOST_BLOCKS = 400;
/** Blocks after it, in which waiting orders and short commitments end. */
const LAST_BLOCKS = 12;
const COMMIT_BLOCKS = 5;
const REVEAL_BLOCKS = 5;
/** The market's clocks, shorter than usual, so that everything ends within the run. */
const PARAMS = { liquidity_lock_blocks: "4", order_blocks: "6", commit_blocks: `${COMMIT_BLOCKS}`, reveal_blocks: `${REVEAL_BLOCKS}` };

/** What a run must have seen happen. */
const HAPPENED: readonly string[] = [
  ...[
    "CreditMinted",
    "CreditRedeemed",
    "Trade",
    "OrderPlaced",
    "OrderFilled",
    "OrderClosed",
    "BatchCleared",
    "OrderCommitted",
    "OrderRevealed",
  ],
  ...[
    "DepositForfeited",
    "LiquidityAdded",
    "LiquidityRemoved",
    "FeesCollected",
    "CapacityCommitted",
    "CapacityDelivered",
    "CapacityReleased",
  ],
  ...["CapacityExpired", "CapacitySettled", "BundleRouted", "RouterAllowed"],
].map((name) => `hanzo.hmm.v1.Event${name}`);
const CLOSED: readonly string[] = ["filled", "cancelled", "expired"];
/** What must have been refused in a block, with these codes. */
const REFUSED: readonly string[] = [
  ...["hmm/3", "hmm/5", "hmm/6", "hmm/7", "hmm/12", "hmm/13", "hmm/19", "hmm/20", "hmm/21", "hmm/22", "hmm/23", "hmm/24", "hmm/28"],
  ...["hmm/33", "hmm/34", "sdk/5", "bank/5"],
];
/** What must have succeeded by message of its own. */
const SUCCEEDED: readonly string[] = [
  ...[
    "mint",
    "redeem",
    "swap",
    "buy exact out",
    "sell",
    "sell exact out",
    "order that waits",
    "order that fills",
    "order that expires",
    "cancel",
  ],
  ...["commit", "reveal", "add liquidity", "add single-sided credit", "add single-sided resource", "add basket", "remove liquidity"],
  ...["remove basket", "collect fees", "capacity", "capacity for sale", "offer", "release", "deliver", "bundle", "bundle for another"],
];

/** What each account does, by its number. The third trader pays the customer's bundles, too. */
const PAYER = 3;
const CUSTOMER = 9;
const scriptOf = (index: number, addresses: readonly string[]): ((trader: Trader, scene: Scene) => Promise<void>) => {
  if (index < 4) return trade;
  if (index < 6) return provide;
  if (index < 8) return sealed.trade;
  return index === CUSTOMER ? (trader, scene) => consume(trader, scene, addresses[PAYER] ?? "") : work;
};

/** One run: what was sent, and every block of it. */
interface Run {
  readonly sent: readonly SentStep[];
  readonly blocks: readonly ExecutedBlock[];
}

async function runLoad(net: MarketNet): Promise<Run> {
  const accounts = await devAccounts();
  const addresses = accounts.map(({ address }) => address);
  const sent: SentStep[] = [];
  const state = { head: 0, over: false, trading: accounts.length };
  const scene: Scene = {
    chainId: net.chainId,
    commitBlocks: COMMIT_BLOCKS,
    revealBlocks: REVEAL_BLOCKS,
    addresses,
    isOver: () => state.over,
    commitments: [],
  };
  const load = { seed: SEED, sent, isOver: scene.isOver };
  const traders = await Promise.all(
    accounts.map((account, index) => connectTrader(index, account, net.rpcs[index % VALIDATORS] ?? "", load)),
  );
  try {
    const payer = traders[PAYER] ?? assert.fail("a payer");
    const terms = { sender: payer.address, router: addresses[CUSTOMER] ?? "", credit: `${10_000n * AI}`, expiresHeight: 0n };
    await payer.send({ name: "allow router", messages: [hmmMessage("AllowRouter", terms)], allowed: ok });
    const first = (await appHead(net.rpcs[0] ?? "")).height;
    const modules = ["hmm", "treasury", "fee_collector", "distribution", "bonded_tokens_pool"];
    const auditor = createChainAuditor(net, [
      ...new Set([...addresses, ...net.owners, ...modules.map((name) => moduleAccount(name, CHAIN.bech32Prefix))]),
    ]);
    const auditing = (async (): Promise<void> => {
      let last = Number.POSITIVE_INFINITY;
      const isCovered = (head: number): boolean => head >= first + MOST_BLOCKS || missingOf({ sent, blocks: auditor.blocks }).length === 0;
      // What was sent last may be in a later block than the last ones that are meant.
      const lastSent = (): number => Math.max(...sent.map(({ height }) => height));
      while (state.trading > 0 || auditor.height < Math.max(last, lastSent())) {
        state.head = (await appHead(net.rpcs[0] ?? "")).height;
        state.over ||= state.head >= first + BLOCKS && isCovered(state.head);
        if (state.over) last = Math.min(last, state.head + LAST_BLOCKS);
        if (state.head > auditor.height) await auditor.auditNext();
        else await sleep(20);
      }
    })();
    const trading = traders.map(async (trader) => {
      const script = scriptOf(trader.index, addresses);
      try {
        while (!state.over) await script(trader, scene);
      } catch (cause) {
        if (!(cause instanceof LoadOver)) throw cause;
      } finally {
        state.trading--;
      }
    });
    try {
      await Promise.all([auditing, ...trading]);
    } finally {
      state.over = true;
      await Promise.allSettled([auditing, ...trading]);
    }
    return { sent, blocks: auditor.blocks };
  } finally {
    for (const { client } of traders) client.disconnect();
  }
}

/** Every transaction is in one block, with the verdict that its sender allowed; nothing else is. */
function assertVerdicts({ sent, blocks }: Run): void {
  const byHash = new Map(sent.map((step) => [step.hash, step]));
  assert.equal(byHash.size, sent.length, "every transaction once");
  const seen = new Set<string>();
  for (const { height, txs } of blocks) {
    for (const { hash, verdict, log } of txs) {
      const step = byHash.get(hash) ?? assert.fail(`height ${height}: a transaction that nobody sent, ${hash}`);
      const what = `seed ${SEED}, height ${height}, "${step.name}" of account ${step.trader}, ${hash}`;
      assert.equal(step.height, height, what);
      assert.ok(!seen.has(hash), `${what}: in two blocks`);
      seen.add(hash);
      assert.ok(step.allowed.includes(verdict), `${what}: expected ${step.allowed.join(" or ")}, got ${verdict} ${log}`);
    }
  }
  assert.equal(seen.size, sent.length, "every transaction is in a block of the run");
}

/** What the load is for and has not happened. */
function missingOf({ sent, blocks }: Run): string[] {
  const events = blocks.flatMap(({ txs, events: own }) => [...txs.flatMap((tx) => tx.events), ...own]);
  const types = new Set(events.map(({ type }) => type));
  const reasons = events
    .filter(({ type }) => type === "hanzo.hmm.v1.EventOrderClosed")
    .map(({ attributes }) => attributes.find(({ key }) => key === "reason")?.value.replaceAll('"', "") ?? "");
  const verdicts = new Set(blocks.flatMap(({ txs }) => txs.map(({ verdict }) => verdict)));
  const succeeded = new Set(sent.filter(({ code }) => code === 0).map(({ name }) => name));
  return [
    ...HAPPENED.filter((type) => !types.has(type)),
    ...CLOSED.filter((reason) => !reasons.includes(reason)).map((reason) => `an order closed as ${reason}`),
    ...REFUSED.filter((verdict) => !verdicts.has(verdict)),
    ...SUCCEEDED.filter((name) => !succeeded.has(name)),
  ];
}

describe("four validators under a load of mixed orders", () => {
  it("agree at every height, the identities of the ledger hold at every height, and every transaction ends as it must", async (t) => {
    const net = await startMarketNet({ validators: VALIDATORS, blockMs: BLOCK_MS, params: PARAMS });
    let code: number | null;
    try {
      const run = await runLoad(net).catch((cause: unknown) => {
        throw new Error(`seed ${SEED}, ${cause instanceof Error ? cause.message : cause}`, { cause });
      });
      t.diagnostic(`seed ${SEED}: ${run.sent.length} transactions in ${run.blocks.length} blocks`);
      assertVerdicts(run);
      assert.deepEqual(missingOf(run), [], `seed ${SEED}: did not happen`);
      assert.ok(run.blocks.filter(({ txs }) => txs.length > 0).length >= 40, "40 blocks with transactions");
      assert.doesNotMatch(net.command.stdout, /DIFFERENT/);
    } finally {
      code = await net.stop();
    }
    assert.equal(code, 0, net.command.stderr);
  });
});
