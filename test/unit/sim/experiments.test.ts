import assert from "node:assert/strict";
import { test } from "node:test";
import { runLargeStep } from "../../../cmd/hanzod/sim/experiment/largeStep.ts";
import { runLoss } from "../../../cmd/hanzod/sim/experiment/loss.ts";
import { runRelaxation } from "../../../cmd/hanzod/sim/experiment/relaxation.ts";
import { runSandwich, WINDOW } from "../../../cmd/hanzod/sim/experiment/sandwich.ts";
import type { Setting } from "../../../cmd/hanzod/sim/experiment/setting.ts";
import { runShock, type ShockName } from "../../../cmd/hanzod/sim/experiment/shock.ts";
import { runVolatility } from "../../../cmd/hanzod/sim/experiment/volatility.ts";

const E18 = 10n ** 18n;
const SETTING: Setting = { lambdasE18: [0n, E18 / 20n, E18 / 5n], blocks: 3600, seed: 1 };

function near(actual: number | undefined, expected: number, part: number, what: string): void {
  assert.ok(actual !== undefined && Math.abs(actual / expected - 1) <= part, `${what}: expected ${expected} within ${part}, got ${actual}`);
}

/** Figures of an independent simulation of the same shocks; undefined where its price never arrived. */
const PUBLISHED: readonly (readonly [ShockName, number, number, number, number | undefined])[] = [
  ["demand10", 0, 2.32, 9.996, 517],
  ["demand10", 1, 2.14, 9.93, 681],
  ["demand10", 2, 1.76, 5 * 0.95, undefined],
  ["supply50", 0, 1.05, 1.46, 2974],
  ["supply50", 1, 1.045, 1.42, 3317],
  ["supply50", 2, 1.03, 1.32, 4661],
  ["inelastic", 0, 2.67, 100, 551],
  ["inelastic", 1, 2.39, 20 * 0.95, undefined],
];

test("shocks move prices as an independent simulation says, and as the continuous theory does", () => {
  // Half of the supply is missed for longest; the others are at rest, or at their cap, long before block 1200.
  const lengths = { demand10: 1200, supply50: 4700, inelastic: 1200 } as const;
  const results = new Map(
    (["demand10", "supply50", "inelastic"] as const).map((name) => [name, runShock(name, { ...SETTING, blocks: lengths[name] })]),
  );
  for (const [name, index, after100, after1000, reach] of PUBLISHED) {
    const run = results.get(name as "demand10")?.runs[index];
    const what = `${name}, λ ${run?.lambda}`;
    near(run?.simulated.after100, after100, 0.005, `${what} after 100`);
    near(run?.simulated.after1000, after1000, 0.005, `${what} after 1000`);
    near(run?.simulated.after1000, run?.theory.after1000 ?? 0, 0.001, `${what} after 1000 by theory`);
    if (reach === undefined) assert.equal(run?.simulated.reach, undefined, what);
    else near(run?.simulated.reach, reach, 0.011, `${what} to 5 %`);
    assert.equal(run?.simulated.reach, run?.theory.reach, `${what} to 5 % by theory`);
  }
});

test("after a passing wave the price is back in as many blocks as an independent simulation says", () => {
  const { runs, shock } = runShock("pulse", { ...SETTING, blocks: 6000, lambdasE18: SETTING.lambdasE18.slice(0, 2) });
  assert.equal(shock.from, 2000);
  near(runs[0]?.simulated.reach, 2919, 0.01, "λ 0");
  near(runs[1]?.simulated.reach, 3295, 0.01, "λ 0.05");
});

test("large steps settle at one price and swing with one order after the other", () => {
  const { runs, rest } = runLargeStep(SETTING);
  const run = (rule: string) => runs.find((one) => one.rule === rule && one.lambda === 0);
  const prices = (rule: string): string =>
    (run(rule)?.prices ?? [])
      .slice(1, 4)
      .map((price) => price.toFixed(2))
      .join(" ");
  near(rest, 2, 1e-9, "rest");
  assert.equal(prices("batch"), "2.29 1.93 2.02");
  assert.equal(prices("halfway"), "1.69 1.92 1.98");
  assert.ok(Math.max(...(run("sequential")?.prices ?? [])) > 90);
  for (const { rule, lambda, rises } of runs) {
    if (rule === "sequential") assert.ok(rises > 0, `λ ${lambda}`);
    else assert.equal(rises, 0, `${rule}, λ ${lambda}`);
  }
});

test("small disturbances relax within 5 % of the theoretical time", () => {
  for (const { lambda, simulated, theory } of runRelaxation(SETTING)) near(simulated, theory, 0.05, `λ ${lambda}`);
});

test("under the same random orders volatility falls with λ as the theory says", () => {
  const runs = runVolatility([...SETTING.lambdasE18, E18 / 2n], SETTING);
  assert.equal(runs.length, 4);
  for (const { lambda, simulated, theory, ratio, theoryRatio } of runs) {
    near(simulated, theory, 0.04, `λ ${lambda}`);
    near(ratio, theoryRatio, 0.015, `λ ${lambda} relative`);
  }
});

test("a sandwich pays only above the threshold, never inside the window, and never in a batch", () => {
  for (const { lambda, points, simulated, theory } of runSandwich(SETTING)) {
    near(simulated, theory, 0.005, `λ ${lambda}`);
    for (const { victim, immediate, batch } of points) {
      const what = `λ ${lambda}, victim ${victim}`;
      assert.equal(immediate > 0, victim > simulated, what);
      if (victim <= WINDOW) assert.ok(immediate < 0, what);
      assert.ok(batch < -0.0059 && batch > -0.0061, `${what}: ${batch}`);
    }
    assert.ok(
      points.some(({ immediate }) => immediate > 0),
      "some sandwiches pay",
    );
  }
});

test("losses of providers are the closed formula, and depth and LVR grow as it says", () => {
  const runs = runLoss([...SETTING.lambdasE18, E18 / 2n], SETTING);
  const inBand = runs.filter(({ lambda }) => lambda < 0.5);
  for (const { lambda, double, depth, rebalancing, theoryFactor } of runs) {
    near(depth, theoryFactor, 0.001, `λ ${lambda}: depth`);
    near(rebalancing, theoryFactor, 0.001, `λ ${lambda}: LVR`);
    // The chain stops at 95 % of the band, a little before all resource is sold.
    near(double.simulated, double.theory, inBand.some((run) => run.lambda === lambda) ? 1e-6 : 0.01, `λ ${lambda}: loss`);
  }
  assert.deepEqual(
    inBand.map(({ double }) => (double.simulated * 100).toFixed(2)),
    ["-5.72", "-6.34", "-8.71"],
  );
});
