// Our figures over those of the tuned reference chain, against what the project aims at.

import { medianOf } from "./latencies.ts";
import type { LoadFigures } from "./loadFigures.ts";
import type { RowKind, RowSize, TxRow } from "./txRows.ts";

/** What was measured in one row. */
export type RowFigures = Partial<LoadFigures> & {
  /** From the start after a kill, the median of some. */
  readonly secondsToNewBlock?: number;
  /** What the processes had used by then. */
  readonly cpuSecondsToNewBlock?: number;
  /** Transactions that failed in the blocks looked at, by `codespace/code`. */
  readonly failed?: Readonly<Record<string, number>>;
};

/** One row of one pass. */
export interface Measured {
  readonly row: TxRow;
  readonly figures: RowFigures;
}

/** A line of the table. */
interface Aim {
  readonly what: string;
  readonly size: RowSize;
  readonly kind: RowKind;
  readonly unit: string;
  readonly of: (figures: RowFigures) => number | undefined;
  /** Whether more is better. */
  readonly more: boolean;
  /** Ours over the reference: at least so much where more is better, else at most. */
  readonly stock: number;
  readonly ours: number;
}

const rate = (figures: RowFigures): number | undefined => figures.txPerSecond;
const cpu = ({ cpuSecondsPer1000Tx: all }: RowFigures): number | undefined => all && all.app + all.cometbft;
const memory = ({ rssMiB: all }: RowFigures): number | undefined => all && all.app + all.cometbft;
const p99 = ({ latencyMs }: RowFigures): number | undefined => latencyMs?.p99;

const AIMS: readonly Aim[] = [
  { what: "transfers, 10k accounts", size: "10k", kind: "send", unit: "tx/s", of: rate, more: true, stock: 4, ours: 5 },
  { what: "transfers, 100k accounts", size: "100k", kind: "send", unit: "tx/s", of: rate, more: true, stock: 5, ours: 7 },
  { what: "CPU of 1,000 tx, all, 10k", size: "10k", kind: "send", unit: "s", of: cpu, more: false, stock: 0.35, ours: 0.25 },
  { what: "CPU of 1,000 tx, all, 100k", size: "100k", kind: "send", unit: "s", of: cpu, more: false, stock: 0.35, ours: 0.25 },
  { what: "memory under load, all, 100k", size: "100k", kind: "send", unit: "MiB", of: memory, more: false, stock: 0.2, ours: 0.2 },
  { what: "p99 at 200 tx/s, 1 s blocks", size: "10k", kind: "rate", unit: "ms", of: p99, more: false, stock: 1, ours: 1 },
  {
    what: "kill -9 to a new block, 100k",
    size: "100k",
    kind: "kill",
    unit: "s",
    of: (f) => f.secondsToNewBlock,
    more: false,
    stock: 0.7,
    ours: 0.7,
  },
];
/** Of what CometBFT and the socket allow, the part that the chain on our build should reach at 10k accounts. */
const CEILING_PART = 0.7;

/**
 * The best of several paces, each the median of its passes; undefined when none was measured. The reference chain is so given its best pace too.
 *
 * @param paceMs only rows of this pace.
 */
function bestOf(
  measured: readonly Measured[],
  aim: Pick<Aim, "size" | "kind" | "of" | "more">,
  build: TxRow["build"],
  paceMs?: number,
): number | undefined {
  const byRow = new Map<string, number[]>();
  for (const { row, figures } of measured) {
    const value = aim.of(figures);
    if (value === undefined || row.size !== aim.size || row.kind !== aim.kind || row.build !== build) continue;
    if (paceMs !== undefined && row.paceMs !== paceMs) continue;
    byRow.set(row.name, [...(byRow.get(row.name) ?? []), value]);
  }
  const medians = [...byRow.values()].map(medianOf);
  if (medians.length === 0) return undefined;
  return aim.more ? Math.max(...medians) : Math.min(...medians);
}

const shown = (value: number | undefined, unit: string): string =>
  value === undefined ? "–" : `${value.toLocaleString("en", { maximumSignificantDigits: 4 })} ${unit}`;

function ratioCell(value: number | undefined, reference: number | undefined, aim: Aim, wanted: number, judged: boolean): string {
  const target = `${aim.more ? "≥" : "≤"} ${wanted}×`;
  if (value === undefined) return `– (${target})`;
  if (reference === undefined) return `${shown(value, aim.unit)} (${target})`;
  const ratio = value / reference;
  const met = aim.more ? ratio >= wanted : ratio <= wanted;
  return `${shown(value, aim.unit)} = ${ratio.toFixed(2)}× (${target}${judged ? `: ${met ? "met" : "missed"}` : ""})`;
}

/**
 * The table in Markdown: the tuned reference, our chain on the stock CometBFT with blocks paced at 300 ms, and on our build at its best pace.
 *
 * @param judged whether to say that an aim is met or missed: a run in small ends before compilers and collectors have settled.
 */
export function ratioTable(measured: readonly Measured[], judged: boolean): readonly string[] {
  const lines = AIMS.map((aim) => {
    const reference = bestOf(measured, aim, "reference-tuned");
    const stock = bestOf(measured, aim, "stock", aim.kind === "send" ? 300 : undefined);
    const ours = bestOf(measured, aim, "hanzo");
    return `| ${aim.what} | ${shown(reference, aim.unit)} | ${ratioCell(stock, reference, aim, aim.stock, judged)} | ${ratioCell(ours, reference, aim, aim.ours, judged)} |`;
  });
  const [send, ceiling] = (["send", "null"] as const).map((kind) => bestOf(measured, { size: "10k", kind, of: rate, more: true }, "hanzo"));
  const part = send === undefined || ceiling === undefined ? "–" : `${(send / ceiling).toFixed(2)} (≥ ${CEILING_PART})`;
  return [
    "| | reference, tuned | stock CometBFT, 300 ms | our CometBFT build |",
    "|---|---|---|---|",
    ...lines,
    `| part of the ceiling, 10k accounts | | | ${part} |`,
  ];
}
