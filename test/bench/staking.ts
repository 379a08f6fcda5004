// What a block of 100 validators costs the processor beside how many delegators there are: it must not depend on it. One delegator in ten has
// locked coins, is withdrawing stake, has granted an authorization and an allowance, so that none of these may cost blocks anything either.
// usage: node dist/test/bench/staking.js [--quick] [--json] [--delegators 1000,3000] [--blocks 300]

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createRandom } from "../e2e/harness/random.ts";
import { summarize } from "./latencies.ts";
import { calibrate, machine } from "./loadDriver.ts";
import { beginStakedChain } from "./stakedChain.ts";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    delegators: { type: "string" },
    blocks: { type: "string" },
    /** One size, in a process of its own. */
    one: { type: "string" },
  },
});
const BLOCKS = Number(values.blocks ?? (values.quick ? 60 : 300));
const SIZES = (values.delegators ?? (values.quick ? "1000,3000" : "1000,3000,10000,30000,100000")).split(",").map(Number);
/** Transactions of a block under load, of each kind. */
const LOAD = 10;
const SEED = 20_261_129;
const BAR = 50;

/** CPU milliseconds of a block. */
interface Cost {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

interface Row {
  readonly delegators: number;
  readonly empty: Cost;
  readonly loaded: Cost;
}

async function measure(delegators: number): Promise<Row> {
  const chain = await beginStakedChain(delegators);
  const random = createRandom(SEED);
  const load = (): Uint8Array[] =>
    (["delegate", "withdraw"] as const).flatMap((kind) => Array.from({ length: LOAD }, () => chain.tx(random.below(delegators), kind)));
  const costs: { readonly empty: number[]; readonly loaded: number[] } = { empty: [], loaded: [] };
  // In turns, so that whatever else the machine does falls on both.
  for (let block = 0; block < 2 * BLOCKS; block++) {
    const empty = await chain.block([]);
    const loaded = await chain.block(load());
    // The first half is for the compiler.
    if (block < BLOCKS) continue;
    costs.empty.push(empty);
    costs.loaded.push(loaded);
  }
  return { delegators, empty: summarize(costs.empty), loaded: summarize(costs.loaded) };
}

/** Sizes do not share a process: what one leaves to collect would be the next one's. */
function measureApart(delegators: number): Row {
  const flags = ["--max-semi-space-size=64", fileURLToPath(import.meta.url), "--one", String(delegators), "--blocks", String(BLOCKS)];
  const { status, stdout, stderr } = spawnSync(process.execPath, flags, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${delegators} delegators: ${stderr}`);
  return JSON.parse(stdout) as Row;
}

function text(rows: readonly Row[]): string {
  const pad = (value: number | string, width = 10): string => String(value).padStart(width);
  const most = Math.max(...rows.map(({ loaded }) => loaded.p50Ms));
  const bar = ({ p50Ms }: Cost, sign: string): string => sign.repeat(Math.max(1, Math.round((BAR * p50Ms) / most)));
  const growth = (of: (row: Row) => Cost): string => {
    const [first, last] = [rows[0], rows.at(-1)];
    return first && last ? (of(last).p50Ms / of(first).p50Ms).toFixed(2) : "";
  };
  return [
    "CPU milliseconds per block, 100 validators",
    `${pad("")}  ${pad("no transactions", 20)}  ${pad(`${2 * LOAD} transactions`, 20)}`,
    `${pad("delegators")}  ${pad("median")}${pad("p99")}  ${pad("median")}${pad("p99")}`,
    ...rows.map(
      ({ delegators, empty, loaded }) =>
        `${pad(delegators)}  ${pad(empty.p50Ms.toFixed(2))}${pad(empty.p99Ms.toFixed(2))}  ${pad(loaded.p50Ms.toFixed(2))}${pad(loaded.p99Ms.toFixed(2))}`,
    ),
    "",
    ...rows.flatMap(({ delegators, empty, loaded }) => [
      `${pad(delegators)}  ${bar(empty, "-")} ${empty.p50Ms.toFixed(2)}`,
      `${pad("")}  ${bar(loaded, "#")} ${loaded.p50Ms.toFixed(2)}`,
    ]),
    `${pad("")}  - no transactions   # ${LOAD} delegations and ${LOAD} withdrawals of rewards`,
    "",
    `medians of the largest beside those of the smallest: ${growth(({ empty }) => empty)} without transactions, ${growth(({ loaded }) => loaded)} with`,
  ].join("\n");
}

if (values.one !== undefined) {
  console.log(JSON.stringify(await measure(Number(values.one))));
} else {
  const before = calibrate();
  const rows = SIZES.map((size) => {
    process.stderr.write(`${size} delegators\n`);
    return measureApart(size);
  });
  const run = { ...machine(), calibration: [before, calibrate()] };
  console.log(
    values.json
      ? JSON.stringify({ ...run, blocks: BLOCKS, load: 2 * LOAD, rows }, undefined, 2)
      : `${text(rows)}\n\n${JSON.stringify(run)}`,
  );
}
