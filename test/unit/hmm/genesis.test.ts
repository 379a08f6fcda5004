import assert from "node:assert/strict";
import { test } from "node:test";
import type { GenesisState } from "#proto/hanzo/hmm/v1/genesis";
import type { QueryPoolsResponse } from "#proto/hanzo/hmm/v1/query";
import type { Params, Pool } from "#proto/hanzo/hmm/v1/types";
import { hmmError } from "../../../modules/hmm/errors.ts";
import { DEFAULT_PARAMS, validateParams } from "../../../modules/hmm/params.ts";
import { ACCOUNT, accountOf, CHAIN, openMarket, refusal, TREASURY } from "./memoryMarket.ts";

test("the local market opens two pools per class at their centre prices", () => {
  const m = openMarket();
  const { pools } = m.query<QueryPoolsResponse>("Pools", {});
  assert.deepEqual(
    pools.map((p) => [p.pool?.id, p.pool?.denom, p.priceE18]),
    [
      ["disk", "ndisk", (5n * 10n ** 22n).toString()],
      ["disk-eu", "ndisk.eu", (525n * 10n ** 20n).toString()],
      ["gpu", "ngpu", (5n * 10n ** 23n).toString()],
      ["gpu-eu", "ngpu.eu", (525n * 10n ** 21n).toString()],
      ["net", "nnet", (10n ** 25n).toString()],
      ["net-eu", "nnet.eu", (105n * 10n ** 23n).toString()],
      ["ram", "nram", (10n ** 21n).toString()],
      ["ram-eu", "nram.eu", (105n * 10n ** 19n).toString()],
      ["vram", "nvram", (10n ** 22n).toString()],
      ["vram-eu", "nvram.eu", (105n * 10n ** 20n).toString()],
    ],
  );
  m.requireInvariants();
});

test("an exported market opens again as it was, and goes on alike", () => {
  const m = openMarket();
  const alice = accountOf("alice");
  m.send("MintCredit", { sender: alice, amount: (10n ** 20n).toString() });
  m.send("Swap", { sender: alice, poolId: "gpu", creditIn: (10n ** 19n).toString() });
  m.send("AddLiquidity", { sender: alice, poolId: "gpu", maxResource: (10n ** 12n).toString(), maxCredit: (10n ** 19n).toString() });
  m.send("Swap", { sender: alice, poolId: "gpu", creditIn: (10n ** 18n).toString() });
  m.endBlock();
  const exported = m.exportGenesis();
  assert.notEqual(exported.pools.find(({ id }) => id === "gpu")?.feeGrowthQ128, "0");
  const owners = [alice, accountOf("bob"), ACCOUNT, TREASURY];
  const denoms = [CHAIN.baseDenom, "credit", ...exported.pools.map(({ denom }) => denom)];
  const coins = owners
    .flatMap((owner) => denoms.map((denom) => [owner, denom, m.balance(owner, denom)] as const))
    .filter(([, , amount]) => amount > 0n);
  const again = openMarket({ coins, change: () => exported, height: m.ctx.height });
  assert.deepEqual(again.exportGenesis(), exported);
  again.requireInvariants();
  for (const market of [m, again]) {
    market.endBlock();
    market.send("Swap", { sender: alice, poolId: "gpu", creditIn: (10n ** 18n).toString() });
    market.endBlock();
    market.send("CollectFees", { sender: alice, poolId: "gpu" });
  }
  assert.deepEqual(again.exportGenesis(), m.exportGenesis());
});

/** Genesis with one field of the gpu pool changed. */
const gpu =
  (fields: Partial<Pool>) =>
  (g: GenesisState): GenesisState => ({ ...g, pools: g.pools.map((p) => (p.id === "gpu" ? { ...p, ...fields } : p)) });
const E18 = 10n ** 18n;

/** What is wrong, how it comes about, and the refusal. */
const WRONG: readonly [string, (g: GenesisState) => GenesisState, number, RegExp][] = [
  ["no params", (g) => ({ ...g, params: undefined }), 16, /params/],
  ["no vault", (g) => ({ ...g, vault: undefined }), 16, /vault/],
  ["vault too small", (g) => ({ ...g, vault: { creditDenom: "credit", locked: "1" } }), 16, /expected a supply of 1credit/],
  ["credit is the native coin", (g) => ({ ...g, vault: { creditDenom: "atest", locked: "0" } }), 16, /credit_denom/],
  ["vault no number", (g) => ({ ...g, vault: { creditDenom: "credit", locked: "1e3" } }), 16, /vault.locked/],
  ["psi not backed", gpu({ psi: (10n ** 16n + 1n).toString() }), 16, /expected at least 10000000000000001ngpu/],
  ["theta not backed", gpu({ theta: (5000n * E18 + 1n).toString() }), 16, /credit on the market's account/],
  ["fees not backed", gpu({ feesHeld: "1" }), 16, /credit on the market's account/],
  ["padded number", gpu({ psi: "010" }), 16, /pools.gpu.psi: expected a decimal/],
  ["reserve too wide", gpu({ psi: (1n << 112n).toString() }), 16, /pools.gpu.psi: expected 0 to/],
  ["lambda above w/2", gpu({ lambdaE18: (E18 / 2n + 1n).toString() }), 17, /lambda_e18: expected at most half/],
  ["no weight", gpu({ wE18: "0" }), 17, /w_e18/],
  ["weight too large", gpu({ wE18: (101n * E18).toString() }), 17, /w_e18/],
  ["no centre", gpu({ centreE18: "0" }), 17, /centre_e18/],
  ["market fee above 5 %", gpu({ marketFeeE18: (E18 / 20n + 1n).toString() }), 17, /market_fee_e18/],
  ["risk of a third", gpu({ riskE18: (E18 / 3n + 1n).toString() }), 17, /risk_e18/],
  ["no reference", gpu({ psiRef: "0" }), 17, /psi_ref/],
  ["few shares", gpu({ shares: "999" }), 17, /shares: expected 0, or at least 1000/],
  ["shares not owned", gpu({ shares: (5000n * E18 + 1n).toString() }), 16, /positions of 5000000000000000000001 shares/],
  ["carry of a whole unit", gpu({ feeCarryQ128: (1n << 128n).toString() }), 17, /fee_carry_q128/],
  ["no status", gpu({ status: 0 }), 17, /status/],
  ["bad id", gpu({ id: "Gpu" }), 17, /id: expected a letter/],
  ["bad denom", gpu({ denom: "x" }), 17, /denom/],
  ["denom twice", gpu({ denom: "ndisk" }), 16, /denom/],
  ["denom is the credit", gpu({ denom: "credit" }), 16, /denom/],
  ["out of the band", gpu({ centreE18: (5n * 10n ** 26n).toString() }), 9, /379 times/],
  ["reserve below the minimum", gpu({ theta: "999" }), 9, /theta: expected 1000/],
  ["unsorted pools", (g) => ({ ...g, pools: [...g.pools].reverse() }), 16, /rising order/],
  ["pool twice", (g) => ({ ...g, pools: [...g.pools.slice(0, 1), ...g.pools] }), 16, /rising order/],
  ["position twice", (g) => ({ ...g, positions: [...g.positions, ...g.positions.slice(0, 1)] }), 16, /expected one position/],
  [
    "position of no pool",
    (g) => ({ ...g, positions: g.positions.map((p, i) => (i === 0 ? { ...p, poolId: "tpu" } : p)) }),
    16,
    /expected a pool "tpu"/,
  ],
  [
    "position ahead of its pool",
    (g) => ({ ...g, positions: g.positions.map((p, i) => (i === 0 ? { ...p, feeGrowthQ128: "1" } : p)) }),
    16,
    /fee_growth_q128/,
  ],
  [
    "empty position",
    (g) => ({
      ...g,
      positions: [
        ...g.positions,
        { owner: accountOf("bob"), poolId: "gpu", shares: "0", feeGrowthQ128: "0", feesOwed: "0", unlockHeight: 0n, freshShares: "" },
      ],
    }),
    16,
    /neither/,
  ],
  [
    "owed fees not held",
    (g) => ({ ...g, positions: g.positions.map((p, i) => (i === 0 ? { ...p, feesOwed: "1" } : p)) }),
    16,
    /collectable fees/,
  ],
  ["locked shares missing", (g) => ({ ...g, positions: g.positions.filter((p) => p.shares !== "1000") }), 16, /at least 1000 shares/],
  [
    "params out of range",
    (g) => ({ ...g, params: { ...(g.params ?? assert.fail()), burnBps: 10_001 } }),
    15,
    /burn_bps: expected 0 to 10000, got 10001/,
  ],
];

test("a wrong genesis is refused with the field that is wrong", () => {
  for (const [label, change, code, text] of WRONG) assert.throws(() => openMarket({ change }), refusal("hmm", code, text), label);
});

test("a market does not open on a chain where users may send credit to each other", () => {
  assert.throws(() => openMarket({ creditIsSendable: true }), refusal("hmm", 16, /send_enabled/));
});

test("parameters out of range are refused by name", () => {
  const rows: readonly [Partial<Params>, RegExp][] = [
    [{ treasuryModule: "x".repeat(65) }, /treasury_module/],
    [{ treasuryBps: 10_001 }, /treasury_bps/],
    [{ maxOrderBps: 0 }, /max_order_bps/],
    [{ minReserve: "999" }, /min_reserve: expected at least 1000/],
    [{ minReserve: "" }, /min_reserve/],
    [{ referenceBlocks: 0n }, /reference_blocks/],
    [{ liquidityLockBlocks: 1n << 63n }, /liquidity_lock_blocks/],
  ];
  for (const [change, text] of rows)
    assert.throws(() => validateParams({ ...DEFAULT_PARAMS, ...change }), refusal("hmm", hmmError.invalidParams().code, text));
  validateParams(DEFAULT_PARAMS);
});
