// The compute market's figures: quotes, swaps against transfers, batches, routes. Nothing is asserted: a run ends with a table and the same as JSON.
// usage: node dist/test/bench/hmm.js [--quick] [--json] [--only quotes,swaps,batches,routes] [--senders 2000] [--each 10] [--passes 2] [--timeout-commit 300]

import { parseArgs } from "node:util";
import { type BatchFigures, measureBatches } from "./batchClearing.ts";
import { calibrate, machine } from "./loadDriver.ts";
import { measureQuotes, type QuoteFigures } from "./quoteLatency.ts";
import { measureRoutes, type RouteFigures } from "./routeTimes.ts";
import { measureSwapLoad, type SwapLoadFigures } from "./swapLoad.ts";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    only: { type: "string", default: "quotes,swaps,batches,routes" },
    senders: { type: "string" },
    each: { type: "string" },
    passes: { type: "string", default: "2" },
    "timeout-commit": { type: "string", default: "300" },
  },
});
const { quick } = values;
const SENDERS = Number(values.senders ?? (quick ? 200 : 2000));
const PARTS = ["quotes", "swaps", "batches", "routes"] as const;
type Part = (typeof PARTS)[number];

/** What a run measured; parts that were left out are missing. */
interface Figures {
  quotes?: QuoteFigures;
  swaps?: SwapLoadFigures;
  batches?: BatchFigures;
  routes?: RouteFigures;
}

const MEASURES: { readonly [P in Part]: () => Promise<Required<Figures>[P]> } = {
  quotes: () => measureQuotes(quick ? { pure: 2000, query: 500, rest: 200 } : { pure: 20_000, query: 10_000, rest: 2000 }),
  swaps: () =>
    measureSwapLoad({
      accounts: SENDERS,
      senders: SENDERS,
      each: Number(values.each ?? (quick ? 4 : 10)),
      passes: Number(values.passes),
      timeoutCommitMs: Number(values["timeout-commit"]),
    }),
  batches: () =>
    measureBatches(quick ? { pureOrders: 512, blockOrders: 1000, repeats: 1 } : { pureOrders: 4096, blockOrders: 10_000, repeats: 5 }),
  routes: () => measureRoutes(quick ? ["--pools", "100", "--json"] : ["--pools", "1000", "--json"]),
};

type Row = readonly [what: string, figure: string, target: string];

const ms = (value: number): string => `${value < 1 ? value.toFixed(3) : value.toFixed(1)} ms`;
const count = (value: number): string => value.toLocaleString("en");

function quoteRows({ pure, query, rest, restInFlight }: QuoteFigures): readonly Row[] {
  return [
    ["quote, pure function: p50 / p99", `${ms(pure.p50Ms)} / ${ms(pure.p99Ms)}`, ""],
    ["quote, App.query: p50 / p99", `${ms(query.p50Ms)} / ${ms(query.p99Ms)}`, "p99 < 1 ms"],
    ["quote, REST, one by one: p50 / p99", `${ms(rest.p50Ms)} / ${ms(rest.p99Ms)}`, "p99 < 10 ms"],
    ["quote, REST, 8 in flight: p50 / p99", `${ms(restInFlight.p50Ms)} / ${ms(restInFlight.p99Ms)}`, ""],
    ["quote, REST, 8 in flight", `${count(restInFlight.requestsPerSecond)}/s`, ""],
  ];
}

function swapRows({ send, swap, ratio }: SwapLoadFigures): readonly Row[] {
  const failed = Object.entries(swap.failed).map(([code, times]) => `${code} ${times} times`);
  return [
    ["MsgSend through CometBFT", `${count(send.txPerSecond)} tx/s`, ""],
    ["swaps through CometBFT", `${count(swap.txPerSecond)} tx/s`, ""],
    ["swap / send", ratio.toFixed(2), "≥ 0.9"],
    ["swaps executed at once / queued / failed", `${swap.executedAtOnce} / ${swap.queued} / ${failed.join(", ") || 0}`, ""],
    ["node CPU per 1,000 tx: send / swap", `${send.cpuSecondsPer1000Tx.app} s / ${swap.cpuSecondsPer1000Tx.app} s`, ""],
  ];
}

function batchRows({ pure, block }: BatchFigures): readonly Row[] {
  return [
    [`clearing ${count(pure.orders)} orders`, `${count(pure.ordersPerSecondPerCore)} orders/s/core`, ""],
    [`block of ${count(block.orders)} orders, ${block.pools} pools`, `${count(block.ordersPerSecondPerCore)} orders/s/core`, "≥ 10,000/s"],
    ["its FinalizeBlock / Commit / without orders", `${ms(block.medianMs)} / ${ms(block.medianCommitMs)} / ${ms(block.emptyMs)}`, ""],
    ["its fills / closed orders", `${count(block.fills)} / ${count(block.closed)}`, ""],
  ];
}

function routeRows(routes: RouteFigures): readonly Row[] {
  if ("missing" in routes) return [["routes", String(routes["missing"]), ""]];
  return Object.entries(routes).map(([name, value]) => [
    `route: ${name}${isSpread(value) ? ": p50 / p99" : ""}`,
    shown(value),
    ROUTE_TARGETS[name] ?? "",
  ]);
}

const ROUTE_TARGETS: Readonly<Record<string, string>> = {
  solveMs: "p99 ≤ 25 ms",
  checkMs: "p99 ≤ 40 ms",
  checkNewPoolsMs: "p99 ≤ 40 ms",
  worstGapPpm: "≤ 1",
};

const isSpread = (value: unknown): value is { readonly p50: number; readonly p99: number } =>
  typeof value === "object" && value !== null && "p50" in value && "p99" in value;
const shown = (value: unknown): string => (isSpread(value) ? `${ms(value.p50)} / ${ms(value.p99)}` : JSON.stringify(value));

function printTable(rows: readonly Row[]): void {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const [what, figure, target] of rows)
    console.log(`  ${what.padEnd(widths[0] ?? 0)}  ${figure.padStart(widths[1] ?? 0)}  ${target}`.trimEnd());
}

const wanted = values.only.split(",");
const unknown = wanted.filter((name) => !PARTS.some((part) => part === name));
if (unknown.length > 0) throw new Error(`--only: expected some of ${PARTS.join(", ")}, got ${unknown.join(", ")}`);

const calibrationBefore = calibrate();
const figures: Figures = {};
const measure = async <P extends Part>(part: P): Promise<void> => {
  if (!wanted.includes(part)) return;
  if (!values.json) console.log(`measuring ${part}`);
  figures[part] = (await MEASURES[part]()) as Figures[P];
};
for (const part of PARTS) await measure(part);
const { quotes, swaps, batches, routes } = figures;
if (!values.json)
  printTable([
    ...(quotes === undefined ? [] : quoteRows(quotes)),
    ...(swaps === undefined ? [] : swapRows(swaps)),
    ...(batches === undefined ? [] : batchRows(batches)),
    ...(routes === undefined ? [] : routeRows(routes)),
  ]);
const calibrationVerifiesPerSecond = [calibrationBefore, calibrate()];
console.log(JSON.stringify({ quick, ...figures, calibrationVerifiesPerSecond, ...machine() }, null, 2));
