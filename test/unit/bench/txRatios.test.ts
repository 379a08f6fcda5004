import assert from "node:assert/strict";
import { test } from "node:test";
import { type Measured, ratioTable } from "../../bench/txRatios.ts";
import { rowsOfPass, selectRows, TX_ROWS, type TxRow } from "../../bench/txRows.ts";

const rowNamed = (name: string): TxRow => TX_ROWS.find((row) => row.name === name) ?? assert.fail(name);
const sent = (name: string, txPerSecond: number): Measured => ({ row: rowNamed(name), figures: { txPerSecond } });
const lineOf = (measured: readonly Measured[], what: string, judged = true): string =>
  ratioTable(measured, judged).find((line) => line.startsWith(`| ${what}`)) ?? assert.fail(what);

test("a ratio is taken to the reference's best pace, each pace being the median of its passes", () => {
  const measured = [
    ...[100, 900, 200].map((rate) => sent("10k-send-reference-tuned-unpaced", rate)),
    ...[300, 300, 300].map((rate) => sent("10k-send-reference-tuned-300ms", rate)),
    sent("10k-send-reference-default-unpaced", 5000),
    sent("10k-send-stock-unpaced", 9000),
    sent("10k-send-stock-300ms", 1200),
    sent("10k-send-hanzo-unpaced", 1499),
    sent("10k-null-hanzo-300ms", 3000),
  ];
  assert.equal(
    lineOf(measured, "transfers, 10k"),
    "| transfers, 10k accounts | 300 tx/s | 1,200 tx/s = 4.00× (≥ 4×: met) | 1,499 tx/s = 5.00× (≥ 5×: missed) |",
  );
  assert.equal(lineOf(measured, "part of the ceiling"), "| part of the ceiling, 10k accounts | | | 0.50 (≥ 0.7) |");
});

test("where less is better an aim is met from below, and a run in small judges nothing", () => {
  const killed = (name: string, secondsToNewBlock: number): Measured => ({ row: rowNamed(name), figures: { secondsToNewBlock } });
  const measured = [
    killed("100k-kill-reference-tuned-1000ms", 2),
    killed("100k-kill-stock-1000ms", 1.4),
    killed("100k-kill-hanzo-1000ms", 1.5),
  ];
  assert.match(lineOf(measured, "kill -9"), /0\.70× \(≤ 0\.7×: met\).*0\.75× \(≤ 0\.7×: missed\)/);
  assert.doesNotMatch(lineOf(measured, "kill -9", false), /met|missed/);
  assert.match(lineOf([], "kill -9"), /– \| – \(≤ 0\.7×\)/);
});

test("rows of the reference chain run only when asked for, and a name that fits none is told", () => {
  assert.ok(selectRows(undefined, false).every(({ build }) => build === "stock" || build === "hanzo"));
  assert.ok(selectRows(["10k-send"], true).some(({ build }) => build === "reference-tuned"));
  assert.throws(() => selectRows(["10k-send-reference"], false), /"10k-send-reference" fits none of/);
});

test("every other pass runs backwards", () => {
  const rows = selectRows(["10k-null"], false);
  assert.deepEqual(rowsOfPass(rows, 1), [...rowsOfPass(rows, 0)].reverse());
});
