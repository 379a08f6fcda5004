import assert from "node:assert/strict";
import { it } from "node:test";
import { E18, formatDecimal, parseCoins } from "#sdk";
import { annualProvisions, blockProvision, type InflationRule, nextInflation } from "../../../modules/mint/math.ts";
import { atomicsOf, attributeOf, readSdkVectors } from "../../harness/sdkVectors.ts";

const { mint, bank } = readSdkVectors("genesis").genesis.app_state as unknown as {
  readonly mint: { readonly minter: { readonly inflation: string }; readonly params: Readonly<Record<string, string>> };
  readonly bank: { readonly balances: readonly { readonly coins: readonly { readonly denom: string; readonly amount: string }[] }[] };
};
const decimal = (name: string): bigint => atomicsOf(mint.params[name] ?? "");
const rule: InflationRule = {
  rateChangeE18: decimal("inflation_rate_change"),
  maxE18: decimal("inflation_max"),
  minE18: decimal("inflation_min"),
  goalBondedE18: decimal("goal_bonded"),
  blocksPerYear: BigInt(mint.params["blocks_per_year"] ?? ""),
};
const stakeOf = (supply: string): bigint => parseCoins(supply).find(({ denom }) => denom === "stake")?.amount ?? 0n;

it("the arithmetic of x/mint gives the recorded chain's inflation, provisions and coins at all of its heights", () => {
  const bonded = readSdkVectors("staking").heights.map((row) => BigInt(row.bonded));
  const rows = readSdkVectors("distribution").heights;
  // Before the first block there is no row: what genesis bonds is what block 1 leaves bonded.
  let before = { bonded: bonded[0] ?? 0n, supply: genesisSupply() };
  let inflation = atomicsOf(mint.minter.inflation);
  for (const [i, { height, events }] of readSdkVectors("blocks").blocks.entries()) {
    const event = events.find(([type]) => type === "mint");
    assert.ok(event, `block ${height} mints`);
    const ratio = (before.bonded * E18) / before.supply;
    inflation = nextInflation(inflation, rule, ratio);
    const annual = annualProvisions(inflation, before.supply);
    const made = blockProvision(annual, rule.blocksPerYear);
    const shown = ["bonded_ratio", "inflation", "annual_provisions", "amount"].map((key) => attributeOf(event, key));
    assert.deepEqual([formatDecimal(ratio), formatDecimal(inflation), formatDecimal(annual), made.toString()], shown, `block ${height}`);
    const row = rows[i];
    assert.deepEqual([row?.inflation, row?.annual_provisions], [shown[1], shown[2]], `state after block ${height}`);
    before = { bonded: bonded[i] ?? 0n, supply: stakeOf(row?.supply ?? "") };
  }
  assert.equal(rows.length, 176);
});

function genesisSupply(): bigint {
  let sum = 0n;
  for (const { coins } of bank.balances) for (const { denom, amount } of coins) if (denom === "stake") sum += BigInt(amount);
  return sum;
}
