// The robustness table in short: what the long form (`make bench-robust`) must keep saying.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Kernels, openBackend } from "#kernels";
import { robustChart } from "../../bench/robust/chart.ts";
import { replaceMarked } from "../../bench/robust/document.ts";
import { measureRobustness, type RobustFigures, type RobustPlan, type RobustRow } from "../../bench/robust/measure.ts";
import { robustMarkdown, robustTable } from "../../bench/robust/table.ts";

const PLAN: RobustPlan = {
  sizes: [16, 64],
  percents: [0, 30],
  shape: { rows: 12, cols: 384 },
  seeds: [7, 8],
  search: { draws: 4, changes: 2 },
  only: ["sign flip ×10", "identical inverse", "sybil copies", "LIE", "single row", "white-box search (blind)"],
};

describe("robustness of aggregates", () => {
  let kernels: Kernels;
  let figures: RobustFigures;
  before(async () => {
    kernels = await openBackend("wasm");
    figures = await measureRobustness(kernels, PLAN);
  });
  after(() => kernels.close());
  const row = (attack: string, n: number, percent: number): RobustRow =>
    figures.rows.find((found) => found.attack === attack && found.n === n && found.percent === percent) ??
    assert.fail(`${attack} expected`);

  it("keeps 0.9 of the clean cosine where 30 % send one identical inverse, and the plain rules do not", () => {
    for (const n of PLAN.sizes) {
      const { kept } = row("identical inverse", n, 30);
      assert.ok(kept.ours >= 0.9, `n = ${n}: ours keeps ${kept.ours}`);
      assert.ok(kept.mean < 0 && kept.median < 0.8 && kept.vote < 0.8, JSON.stringify(kept));
    }
  });

  it("keeps as much under flips, copies, LIE and in a single attacked row", () => {
    for (const attack of ["sign flip ×10", "sybil copies", "LIE", "single row", "white-box search (blind)"])
      for (const n of PLAN.sizes) assert.ok(row(attack, n, 30).kept.ours >= 0.9, `${attack}, n = ${n}: ${row(attack, n, 30).kept.ours}`);
  });

  it("is what it is without attackers: every rule keeps exactly all", () => {
    for (const { percent, byz, kept } of figures.rows)
      if (percent === 0) assert.deepEqual([byz, kept], [0, { mean: 1, median: 1, vote: 1, ours: 1 }]);
  });

  it("is the same in every run", async () => {
    assert.deepEqual(await measureRobustness(kernels, PLAN), figures);
  });

  it("is shown as a table, a part of a document and a picture with all figures", () => {
    assert.equal(robustTable(figures).split("\n").length, 1 + figures.rows.length);
    const text = robustMarkdown(figures, PLAN);
    assert.equal(text.match(/^\| /gm)?.length, 2 * (2 + PLAN.only!.length));
    const svg = robustChart(figures, PLAN, 64);
    assert.equal(svg.match(/<g /g)?.length, PLAN.only!.length);
    assert.doesNotMatch(svg, /NaN|undefined/);
    assert.equal(replaceMarked("a\n<!-- x -->\nold\n<!-- /x -->\nb", "x", "new"), "a\n<!-- x -->\n\nnew\n\n<!-- /x -->\nb");
    assert.throws(() => replaceMarked("a", "x", "new"), /expected/);
  });
});
