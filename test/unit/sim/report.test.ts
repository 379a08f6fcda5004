import assert from "node:assert/strict";
import { test } from "node:test";
import { drawChart } from "../../../cmd/hanzod/sim/report/chart.ts";
import { formatDifference, formatMeasured, formatNumber, formatPercent } from "../../../cmd/hanzod/sim/report/numbers.ts";
import { commandOf, reportPage } from "../../../cmd/hanzod/sim/report/page.ts";
import { scaleOf, ticksOf } from "../../../cmd/hanzod/sim/report/scale.ts";
import { roundUp } from "../../../cmd/hanzod/sim/report/section.ts";
import { sectionsOf } from "../../../cmd/hanzod/sim/report/sections.ts";
import { textReport } from "../../../cmd/hanzod/sim/report/textReport.ts";
import { type MarketResult, runMarket, SHOCK_CHOICES } from "../../../cmd/hanzod/sim/runMarket.ts";

const SETTING = { lambdasE18: [0n, 5n * 10n ** 16n], blocks: 400, seed: 7 };
const quiet = (): void => undefined;
const all: MarketResult = runMarket(SETTING, "all", quiet);
const page = reportPage(all);

test("the same seed gives the same report, byte for byte; another seed another one", () => {
  assert.equal(reportPage(runMarket(SETTING, "all", quiet)), page);
  assert.notEqual(reportPage(runMarket({ ...SETTING, seed: 8 }, "all", quiet)), page);
});

test("the report needs nothing from elsewhere and runs no script", () => {
  assert.doesNotMatch(page, /<script|<link|<img|<iframe|@import|url\(|https?:|src=|\son[a-z]+=/i);
  assert.match(page, /^<!doctype html>\n<html lang="en">/);
  assert.match(page, /prefers-color-scheme:dark/);
});

test("no figure of the report is missing or endless", () => {
  assert.doesNotMatch(page, /NaN|undefined|Infinity|\[object/);
  assert.doesNotMatch(textReport(all), /NaN|undefined|Infinity/);
});

test("every section has a sentence, a chart in two sizes, a legend and a table of figures", () => {
  const sections = sectionsOf(all);
  assert.equal(sections.length, 10);
  assert.equal(new Set(sections.map(({ id }) => id)).size, 10);
  for (const { id, sentence, chart, table } of sections) {
    const html = page.slice(page.indexOf(`<section id="${id}">`)).split("</section>")[0] ?? "";
    assert.match(sentence, /^[A-Z].*\.$/, id);
    for (const size of ["wide", "narrow"])
      assert.match(html, new RegExp(`<svg class="${size}" viewBox="0 0 \\d+ \\d+" role="img" aria-label="[^"]+">`), id);
    assert.equal(html.match(/<ul class="legend">/g)?.length, 1, id);
    assert.ok(chart.x.label !== "" && chart.y.label !== "", id);
    for (const row of table.rows) assert.equal(row.length, table.head.length, id);
    assert.equal(html.match(/<tr>/g)?.length, table.rows.length + 1, id);
  }
});

test("the report names its parameters, its seed and the command that repeats it", () => {
  assert.equal(commandOf(all), "hanzod sim market --lambda 0,0.05 --blocks 400 --seed 7 --shock all");
  assert.ok(page.includes(commandOf(all)));
  for (const name of ["market fee f_m", "risk fee ρ", "φ", "seed"]) assert.ok(page.includes(`<dt>${name}</dt>`), name);
});

test("one experiment alone makes a report of its own", () => {
  for (const choice of SHOCK_CHOICES.filter((name) => name !== "all")) {
    const result = runMarket({ ...SETTING, blocks: 120 }, choice, quiet);
    assert.equal(sectionsOf(result).length, choice === "large" ? 2 : 1, choice);
    assert.doesNotMatch(reportPage(result), /NaN|undefined|Infinity/, choice);
  }
});

test("what is drawn lies inside the drawing", () => {
  for (const { id, chart } of sectionsOf(all)) {
    const svg = drawChart(chart, { width: 340, height: 290 }, "narrow");
    for (const [, x, y] of svg.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)) {
      assert.ok(Number(x) >= 0 && Number(x) <= 340 && Number(y) >= 0 && Number(y) <= 290, `${id}: ${x} ${y}`);
    }
  }
});

test("ticks are round, inside the axis and few", () => {
  const values = (kind: "linear" | "log", min: number, max: number): number[] =>
    ticksOf({ label: "", kind, min, max }, 6).map(({ value }) => Number(value.toPrecision(6)));
  assert.deepEqual(values("linear", 0, 1000), [0, 200, 400, 600, 800, 1000]);
  assert.deepEqual(values("linear", -57, 0), [-50, -40, -30, -20, -10, 0]);
  assert.deepEqual(values("log", 0.93, 11), [1, 2, 3, 5, 10]);
  assert.deepEqual(values("log", 0.93, 112), [1, 2, 5, 10, 20, 50, 100]);
  assert.deepEqual(values("log", 0.93, 2.2), [1, 1.25, 1.5, 1.75, 2]);
  assert.deepEqual(values("log", 1e-12, 20), [1e-12, 1e-10, 1e-8, 1e-6, 1e-4, 0.01, 1]);
  assert.equal(ticksOf({ label: "", kind: "log", min: 1e-12, max: 20 }, 6)[0]?.text, "10⁻¹²");
});

test("a ratio scale puts equal ratios at equal distances", () => {
  const x = scaleOf({ label: "", kind: "log", min: 1, max: 100 }, 0, 200);
  assert.deepEqual([x(1), x(10), x(100)], [0, 100, 200]);
});

test("numbers are written for people", () => {
  assert.deepEqual(
    [0, 1234.567, 0.1, -2.5, 1e-7, 12_345_678, undefined].map((value) => formatNumber(value)),
    ["0", "1,235", "0.1", "−2.5", "1·10⁻⁷", "1.235·10⁷", "–"],
  );
  assert.deepEqual(
    [2, 100, -0.5].map((value) => formatMeasured(value)),
    ["2.000", "100.0", "−0.5000"],
  );
  assert.equal(formatPercent(-0.0634), "−6.34 %");
  assert.deepEqual([formatDifference(1.02, 1), formatDifference(1, 1.0000001), formatDifference(undefined, 1)], ["+2.00 %", "0.00 %", "–"]);
  assert.deepEqual([7, 71, 2982].map(roundUp), [7, 100, 3000]);
});
