import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { auth } from "../../../modules/auth/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import { consensus } from "../../../modules/consensus/index.ts";
import { mint } from "../../../modules/mint/index.ts";
import { DEFAULT_PARAMS } from "../../../modules/mint/params.ts";
import { staking } from "../../../modules/staking/index.ts";
import { EMPTY_BLOCK } from "../../harness/emptyBlock.ts";
import { type Bench, createBench, eventLines } from "../../harness/moduleBench.ts";
import { refused } from "../../harness/refused.ts";
import { COLLECTOR, GOV, moduleAccount } from "../../harness/rewardsBench.ts";
import { createStakingBench, UNIT } from "../../harness/stakingBench.ts";

/** A chain whose validator bonds 5 of 10^9 units. */
function begin(more: object = {}, minter: object = {}): Bench {
  const { bench } = createStakingBench({ validators: { ann: 5n * UNIT }, listeners: [mint] });
  bench.init("mint", { params: { ...DEFAULT_PARAMS, mintDenom: "atest", blocksPerYear: 100n, ...more }, ...minter });
  bench.takeEvents();
  return bench;
}

describe("a block of x/mint", () => {
  it("moves the inflation, mints its part and hands it to the fee collector", () => {
    const bench = begin();
    const before = bench.facet(bank, "view").balance(bench.ctx, COLLECTOR, "atest");
    bench.module("mint").beginBlock?.(bench.ctx, EMPTY_BLOCK);
    const lines = eventLines(bench.takeEvents());
    assert.deepEqual(
      lines.map((line) => line.split("(")[0]),
      ["coin_received", "coinbase", "coin_spent", "coin_received", "transfer", "message", "mint"],
    );
    const made = bench.facet(bank, "view").balance(bench.ctx, COLLECTOR, "atest") - before;
    assert.equal(lines[1], `coinbase(minter=${moduleAccount("mint")}, amount=1312999999902atest)`);
    assert.equal(
      lines[6],
      "mint(bonded_ratio=0.000000005000000000, inflation=0.131299999990298507, annual_provisions=131299999990298.507000000000000000, amount=1312999999902)",
    );
    assert.equal(made, 1_312_999_999_902n);
    assert.deepEqual(bench.broken(), []);
  });
});

describe("a block without inflation", () => {
  it("mints nothing, and tells of handing nothing on, as in the SDK", () => {
    const bench = begin({ inflationMax: "0", inflationMin: "0" }, { minter: { inflation: "0", annualProvisions: "0" } });
    bench.module("mint").beginBlock?.(bench.ctx, EMPTY_BLOCK);
    const lines = eventLines(bench.takeEvents());
    assert.deepEqual(lines.slice(0, 2), [
      `coin_spent(spender=${moduleAccount("mint")}, amount=)`,
      `coin_received(receiver=${COLLECTOR}, amount=)`,
    ]);
    assert.match(lines.at(-1) ?? "", /^mint\(.*, amount=0\)$/);
  });
});

describe("parameters of x/mint", () => {
  for (const [name, change, reason] of [
    ["no denomination", { mintDenom: " " }, /mint denom cannot be blank/],
    ["a bad denomination", { mintDenom: "1x" }, /invalid denom: 1x/],
    ["a negative change", { inflationRateChange: "-1" }, /inflation rate change cannot be negative/],
    ["too much inflation", { inflationMax: "1000000000000000001" }, /max inflation too large/],
    ["bounds in the wrong order", { inflationMin: "900000000000000000" }, /must be greater than or equal to min inflation/],
    ["no goal", { goalBonded: "0" }, /goal bonded must be positive/],
    ["an empty year", { blocksPerYear: 0n }, /blocks per year must be positive: 0/],
    ["an endless year", { blocksPerYear: 1n << 63n }, /blocks per year too large/],
  ] as readonly (readonly [string, object, RegExp])[]) {
    it(`are refused with ${name}`, () => {
      const update = { authority: GOV, params: { ...DEFAULT_PARAMS, mintDenom: "atest", ...change } };
      refused(() => begin().send("/cosmos.mint.v1beta1.MsgUpdateParams", update), "undefined/1", reason);
    });
  }
  it("are the authority's to change", () => {
    const bench = begin();
    refused(() => bench.send("/cosmos.mint.v1beta1.MsgUpdateParams", { authority: COLLECTOR, params: DEFAULT_PARAMS }), "gov/13");
    bench.send("/cosmos.mint.v1beta1.MsgUpdateParams", { authority: GOV, params: DEFAULT_PARAMS });
  });
});

describe("genesis of x/mint", () => {
  it("comes back to the same state, under the SDK's keys", () => {
    const bench = begin();
    bench.module("mint").beginBlock?.(bench.ctx, EMPTY_BLOCK);
    const other = createBench({ modules: [auth, bank, consensus, staking, mint] });
    other.init("auth");
    other.init("mint", bench.exportGenesis("mint") as object);
    assert.deepEqual(other.store("mint").dump(), bench.store("mint").dump());
    assert.deepEqual(
      bench
        .store("mint")
        .dump()
        .map(([key]) => key),
      ["00", "01"],
    );
  });
  it("is refused below zero", () => {
    refused(
      () => begin().init("mint", { minter: { inflation: "-1", annualProvisions: "0" } }),
      "undefined/1",
      /Inflation should be positive/,
    );
  });
});
