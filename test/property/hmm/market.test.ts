import assert from "node:assert/strict";
import { test } from "node:test";
import { ModuleError } from "#sdk";
import { h2 } from "../../../modules/hmm/curve/math.ts";
import { type PoolState, poolFromProto } from "../../../modules/hmm/records.ts";
import { fc } from "../../harness/fastCheck.ts";
import { accountOf, CHAIN, type MemoryMarket, openMarket, testClass } from "../../unit/hmm/memoryMarket.ts";
import { ppm } from "./pools.ts";

const alice = accountOf("alice");
const NATIVE = 10n ** 15n;
const classes = [testClass(10n ** 12n, 3n * 10n ** 12n)];
/** A market where liquidity is never locked, so that every sequence of operations is possible in one block. */
const open = (): MemoryMarket =>
  openMarket({
    native: NATIVE,
    genesis: { classes },
    change: (g) => ({ ...g, params: { ...(g.params ?? assert.fail()), liquidityLockBlocks: 0n } }),
  });

type Step = readonly [kind: "swap" | "buy" | "sell" | "add" | "remove" | "collect" | "redeem" | "block", millionths: bigint];
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.tuple(fc.constantFrom("swap", "buy", "sell", "add", "remove", "collect", "redeem", "block"), ppm),
  { minLength: 1, maxLength: 14 },
);

function poolOf(m: MemoryMarket): PoolState {
  const [pool] = m.exportGenesis().pools;
  return poolFromProto(pool ?? assert.fail());
}

const sharesOf = (m: MemoryMarket): bigint => BigInt(m.exportGenesis().positions.find(({ owner }) => owner === alice)?.shares ?? "0");

/** Sends a message; refusals are allowed, and leave no trace. */
function attempt(m: MemoryMarket, name: string, request: object): void {
  try {
    m.send(name, { sender: alice, poolId: "gpu", ...request });
  } catch (cause) {
    if (!(cause instanceof ModuleError)) throw cause;
  }
}

function take(m: MemoryMarket, [kind, millionths]: Step): void {
  const pool = poolOf(m);
  const of = (amount: bigint): string => ((amount * millionths) / 1_000_000n).toString();
  const all = (2n ** 120n).toString();
  if (kind === "swap") attempt(m, "Swap", { creditIn: of(pool.theta) });
  else if (kind === "buy") attempt(m, "BuyExactOut", { amountOut: of(pool.psi), maxCredit: all });
  else if (kind === "sell") attempt(m, "Sell", { amountIn: of(pool.psi) });
  else if (kind === "add") attempt(m, "AddLiquidity", { maxResource: of(pool.psi), maxCredit: all });
  else if (kind === "remove") attempt(m, "RemoveLiquidity", { shares: of(sharesOf(m) * 3n) });
  else if (kind === "collect") attempt(m, "CollectFees", {});
  else if (kind === "redeem") attempt(m, "RedeemCredit", { amount: "1000" });
  else m.endBlock();
}

test("over any sequence of operations the ledgers agree and no share loses invariant", () => {
  fc.assert(
    fc.property(steps, (sequence) => {
      const m = open();
      m.send("MintCredit", { sender: alice, amount: (NATIVE / 2n).toString() });
      for (const step of sequence) {
        const before = poolOf(m);
        take(m, step);
        m.requireInvariants();
        const after = poolOf(m);
        // √H per share never falls: H'·N² ≥ H·N'².
        assert.ok(h2(after) * before.shares ** 2n >= h2(before) * after.shares ** 2n, step[0]);
        if (before.shares === after.shares) assert.ok(h2(after) >= h2(before), step[0]);
      }
    }),
    { seed: 7, numRuns: 60 },
  );
});

test("an account that ends with its first resource and no shares has not gained", () => {
  fc.assert(
    fc.property(steps, (sequence) => {
      const m = open();
      m.send("MintCredit", { sender: alice, amount: (NATIVE / 2n).toString() });
      for (const step of sequence) take(m, step);
      const shares = sharesOf(m);
      if (shares > 0n) m.send("RemoveLiquidity", { sender: alice, poolId: "gpu", shares: shares.toString() });
      attempt(m, "CollectFees", {});
      // What is left is sold in the largest pieces that the market takes; dust that cannot be sold is worth nothing here.
      for (let i = 0; i < 20 && m.balance(alice, "ngpu") > 0n; i++) {
        const most = (poolOf(m).psi * 3n) / 10n;
        const have = m.balance(alice, "ngpu");
        attempt(m, "Sell", { amountIn: (have < most ? have : most).toString() });
      }
      const total = m.balance(alice, CHAIN.baseDenom) + m.balance(alice, "credit");
      assert.ok(total <= NATIVE, `gained ${total - NATIVE}`);
    }),
    { seed: 8, numRuns: 60 },
  );
});
