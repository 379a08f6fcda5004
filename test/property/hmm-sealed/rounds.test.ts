import assert from "node:assert/strict";
import { test } from "node:test";
import { PoolStatus, Side } from "#proto/hanzo/hmm/v1/types";
import { ModuleError } from "#sdk";
import { splitDeposit } from "../../../modules/hmm/sealed/forfeit.ts";
import { fc } from "../../harness/fastCheck.ts";
import { accountOf, CHAIN_ID, CREDIT, E18, hashOf, openSealedMarket, type SealedMarket, type Terms, TIER, USERS } from "./sealedMarket.ts";
import { type Placed, SealedModel, type Verdict } from "./sealedModel.ts";

/** Enough for the smaller tiers, and for one sale of the largest size. */
const WEALTH = 500_000_000_000n;

type Step =
  | {
      readonly kind: "commit";
      readonly terms: Terms;
      readonly by: string;
      readonly shown: string;
      readonly late: bigint;
      readonly chainId: string;
      readonly deposit: bigint;
    }
  | { readonly kind: "reveal"; readonly terms: Terms }
  | { readonly kind: "blocks"; readonly count: number }
  | { readonly kind: "psi"; readonly pool: "gpu" | "ram"; readonly psi: bigint }
  | { readonly kind: "pause"; readonly pool: "gpu" | "ram"; readonly paused: boolean }
  | {
      readonly kind: "params";
      readonly commitBlocks: bigint;
      readonly revealBlocks: bigint;
      readonly forfeitBps: number;
      readonly maxSealed: number;
      readonly orderBlocks: bigint;
    };

/** Few values of each field, so that sequences meet the same order again: doubles, copies, foreign and replayed reveals. */
const user = fc.constantFrom(...USERS.slice(0, 3).map(accountOf));
const poolId = fc.constantFrom("gpu", "gpu", "gpu", "ram");
const pool = fc.constantFrom("gpu" as const, "ram" as const);
const terms: fc.Arbitrary<Terms> = fc.record({
  sender: user,
  poolId,
  side: fc.constantFrom(Side.SIDE_BUY, Side.SIDE_SELL),
  resource: fc.constantFrom(1000n, TIER - 4n, TIER - 3n, 10n ** 12n, WEALTH + 1n),
  limitE18: fc.constantFrom(E18, E18 + 1n),
  salt: fc.constantFrom(new Uint8Array(32).fill(1), new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)),
});
/** Nearly always the order's own sender, pool, round and chain. */
const mostly = <T>(usual: T, other: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 7, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other });
const commit: fc.Arbitrary<Step> = terms.chain((order) =>
  fc.record({
    kind: fc.constant("commit" as const),
    terms: fc.constant(order),
    by: mostly(order.sender, user),
    shown: mostly(order.poolId, fc.constantFrom("gpu", "ram", "tpu")),
    late: mostly(0n, fc.constantFrom(-1n, 1n)),
    chainId: mostly(CHAIN_ID, fc.constant("sealed-2")),
    deposit: fc.oneof(
      fc.integer({ min: 0, max: 7 }).map((power) => TIER * 10n ** BigInt(power)),
      fc.constantFrom(TIER * 10n ** 9n, TIER * 10n ** 12n, TIER + 1n),
    ),
  }),
);
const steps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: commit },
    { weight: 3, arbitrary: terms.map((order): Step => ({ kind: "reveal", terms: order })) },
    { weight: 5, arbitrary: fc.integer({ min: 1, max: 4 }).map((count): Step => ({ kind: "blocks", count })) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("psi" as const), pool, psi: fc.constantFrom(0n, 7n, 10n ** 9n, 10n ** 12n) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("pause" as const), pool, paused: fc.boolean() }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("params" as const),
        commitBlocks: fc.constantFrom(2n, 3n, 4n),
        revealBlocks: fc.constantFrom(2n, 3n),
        forfeitBps: fc.constantFrom(0, 1, 99, 100, 10_000),
        maxSealed: fc.integer({ min: 1, max: 8 }),
        orderBlocks: fc.constantFrom(1n, 10n, 10_000n),
      }),
    },
  ),
  { minLength: 5, maxLength: 40 },
);

function verdictOf(run: () => unknown): Verdict {
  try {
    run();
    return "";
  } catch (cause) {
    if (!(cause instanceof ModuleError)) throw cause;
    return `${cause.codespace}/${cause.code}` as Verdict;
  }
}

/** Market and model side by side. */
class Pair {
  readonly market: SealedMarket = openSealedMarket({}, WEALTH);
  readonly model = new SealedModel({ commitBlocks: 3n, revealBlocks: 2n, forfeitBps: 100n, maxSealed: 8, orderBlocks: 10n }, WEALTH);
  readonly supply = this.market.supply(CREDIT);
  /** Verdicts by kind, to see that the sequences reach everything. */
  readonly seen = new Set<string>();
  /** Orders committed in this sequence: reveals are drawn from these, too. */
  readonly committed: Terms[] = [];

  take(step: Step): void {
    const { market, model } = this;
    if (step.kind === "commit") this.commit(step);
    else if (step.kind === "reveal") this.reveal(step.terms);
    else if (step.kind === "blocks") this.blocks(step.count);
    else if (step.kind === "psi") {
      market.setPool(step.pool, { psi: step.psi });
      Object.assign(model.pools[step.pool] ?? {}, { psi: step.psi });
    } else if (step.kind === "pause") {
      market.setPool(step.pool, { status: step.paused ? PoolStatus.POOL_STATUS_PAUSED : PoolStatus.POOL_STATUS_ACTIVE });
      Object.assign(model.pools[step.pool] ?? {}, { paused: step.paused });
    } else {
      const { commitBlocks, revealBlocks, forfeitBps, maxSealed, orderBlocks } = step;
      market.setParams({ commitBlocks, revealBlocks, forfeitBps, maxSealedOrders: maxSealed, orderBlocks });
      Object.assign(model.params, { commitBlocks, revealBlocks, forfeitBps: BigInt(forfeitBps), maxSealed, orderBlocks });
    }
  }

  private commit({ terms: order, by, shown, late, chainId, deposit }: Step & { readonly kind: "commit" }): void {
    const round = this.model.round.id + late;
    const hash = hashOf(order, round, chainId);
    const expected = this.model.commit({ terms: order, round, chainId, sender: by, poolId: shown, deposit });
    const got = verdictOf(() => this.market.commit({ ...order, sender: by }, { hash, poolId: shown, deposit }));
    this.seen.add(`commit ${got}`);
    assert.equal(got, expected, "commit");
    if (got === "") this.committed.push(order);
  }

  private reveal(order: Terms): void {
    const expected = this.model.reveal(order);
    const got = verdictOf(() => this.market.reveal(order));
    this.seen.add(`reveal ${got}`);
    assert.equal(got, expected, "reveal");
  }

  /** In every block half of what was ever committed is tried, so most orders are revealed early, in time, twice and too late. */
  private blocks(count: number): void {
    for (let i = 0; i < count; i++) {
      this.market.nextBlock();
      this.model.nextBlock();
      for (const [at, order] of this.committed.entries()) if ((at + i) % 2 === 0) this.reveal(order);
    }
  }

  /** Both agree on every coin, order and round. */
  compare(): void {
    const { market, model } = this;
    for (const [at, amount] of model.coins) {
      const [owner = "", denom = ""] = at.split(" ");
      assert.equal(market.balance(owner, denom), amount, at);
    }
    assert.equal(market.supply(CREDIT), this.supply - model.burned, "burned");
    for (const [id, { fees }] of Object.entries(model.pools))
      assert.equal(market.market.state.pools.get(market.ctx, id).feesHeld, fees, id);
    const { id, startHeight, sealed } = market.market.state.round.get(market.ctx);
    assert.deepEqual([id, startHeight, sealed], [model.round.id, model.round.start, model.sealed.size]);
    const placed = Array.from(market.market.state.orders.entries(market.ctx), ([, order]) => order);
    const text = ({ owner, poolId, side, resource, escrow, expiresHeight }: Placed): string =>
      [owner, poolId, side, resource, escrow, expiresHeight].join(" ");
    assert.deepEqual(placed.map(text).toSorted(), model.placed.map(text).toSorted());
    this.requireCoins();
  }

  /** The account holds exactly what the ledger says; the reserves that the test changed are not its concern. */
  private requireCoins(): void {
    const { market } = this;
    const psi = Object.keys(this.model.pools).map((id) => [id, market.market.state.pools.get(market.ctx, id).psi] as const);
    for (const [id] of psi) market.setPool(id, { psi: 10n ** 12n });
    market.requireLedger();
    for (const [id, before] of psi) market.setPool(id, { psi: before });
  }
}

test("rounds of sealed orders do what the model says, to the unit, whatever is sent when", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(steps, (sequence) => {
      const pair = new Pair();
      for (const step of sequence) {
        pair.take(step);
        pair.compare();
      }
      for (const verdict of pair.seen) seen.add(verdict);
    }),
    { seed: 1604, numRuns: 300 },
  );
  const expected = ["commit ", "commit hmm/22", "commit hmm/24", "commit hmm/25", "commit hmm/3", "commit sdk/5"];
  const reveals = ["reveal ", "reveal hmm/22", "reveal hmm/23", "reveal hmm/24", "reveal sdk/5"];
  assert.deepEqual([...seen].toSorted(), [...expected, ...reveals].toSorted());
});

test("what is burned, what liquidity providers get and what comes back add up to the deposit, and the first two to at most its part", () => {
  const deposit = fc.bigInt({ min: 1n, max: 2n ** 128n - 1n });
  fc.assert(
    fc.property(deposit, fc.integer({ min: 0, max: 10_000 }), fc.boolean(), (held, bps, hasProviders) => {
      const { burned, lp, returned } = splitDeposit(held, bps, hasProviders);
      assert.equal(burned + lp + returned, held);
      const lost = burned + lp;
      assert.ok(lost * 10_000n <= held * BigInt(bps) && held * BigInt(bps) < (lost + 1n) * 10_000n);
      assert.ok(hasProviders ? lp - burned === lost % 2n : lp === 0n);
    }),
    { seed: 17, numRuns: 500 },
  );
});
